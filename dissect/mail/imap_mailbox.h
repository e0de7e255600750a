#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dissect/conversation/findings.h"
#include "dissect/observation/ticket.h"

namespace remora::mail {

/// The mailbox that a connection has selected: which message has which unique id, which holds a
/// ticket, which is to be deleted (RFC 9051 2.3.1).
///
/// State: LIMIT kMaxMessages of each; the latest.
class ImapMailbox {
 public:
  static constexpr std::size_t kMaxMessages = 256;

  void set_account(std::string_view name);
  /// Another mailbox, or none.
  void select(std::string_view name);
  void set_validity(std::uint32_t validity) { validity_ = validity; }

  /// Message `number` has this unique id.
  void learn(std::uint32_t number, std::uint32_t uid);
  [[nodiscard]] std::optional<std::uint32_t> uid_of(std::uint32_t number) const;
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Where a message lies, for good; empty where the id is not known.
  [[nodiscard]] std::string place_of(std::optional<std::uint32_t> uid) const;

  /// Message `number`, 0 where unknown, holds these tickets.
  void remember(std::uint32_t number, std::optional<std::uint32_t> uid,
                const std::vector<observation::Sha256>& keys);

  /// Messages of the set bear the flag \Deleted, or do no more.
  void flag(std::string_view set, bool by_uid, bool deleted);
  void flag(std::uint32_t number, bool deleted);

  /// The server removed the message: what it was is told as asked for by `client`.
  void on_expunged(std::uint32_t number, Side client, Instant at, Findings& out);
  void on_vanished(std::string_view uids, Side client, Instant at, Findings& out);
  /// What is flagged is removed without a word (CLOSE).
  void on_closed(Side client, Instant at, Findings& out);

 private:
  struct Message {
    std::uint32_t number{0};  ///< changes when one before it is removed
    std::optional<std::uint32_t> uid{};
    std::vector<observation::Sha256> keys{};
    bool deleted{false};
  };

  [[nodiscard]] Message* find(std::uint32_t number);
  Message& message(std::uint32_t number, std::optional<std::uint32_t> uid);
  void tell(const Message& message, Side client, Instant at, Findings& out) const;

  std::string account_;
  std::string name_;
  std::uint32_t validity_{0};
  std::deque<Message> messages_;
};

}  // namespace remora::mail
