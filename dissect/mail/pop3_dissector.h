#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/mail/dot_stuffing.h"
#include "dissect/mime/message_watch.h"

namespace remora::mail {

/// POP3 as far as it carries tickets (RFC 1939, RFC 2449, RFC 2595): every message that is
/// retrieved is looked through as it comes; what was deleted is told when the client quits, which
/// is when the server deletes it.
///
///   status ─► +OK to RETR or TOP ─► text up to the dot ─► status
///          ─► +OK to a list ─► lines up to the dot ─► status
///          ─► +OK to STLS ─► handed over to "tls"
///
/// State: commands not yet answered, the message that is coming, what was found in which message.
class Pop3Dissector final : public Dissector {
 public:
  /// LIMIT: commands sent before the first of them is answered; those beyond are not remembered.
  static constexpr std::size_t kMaxPending = 256;
  /// LIMIT: messages remembered: with tickets, marked for deletion, with a unique id (the latest).
  static constexpr std::size_t kMaxMessages = 256;
  /// LIMIT: lines in a row that are no status: something else.
  static constexpr std::uint32_t kMaxStrangeLines = 200;

  /// `context` outlives the dissector.
  explicit Pop3Dissector(const Context& context) : context_{&context} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  enum class Phase : std::uint8_t { kStatus, kAfterUnknown, kList, kMessage };
  enum class Command : std::uint8_t {
    kUnknown,  ///< not seen
    kOneLine,
    kList,
    kUniqueIds,
    kUniqueId,
    kRetrieve,
    kTop,
    kDelete,
    kReset,
    kQuit,
    kTls,
  };
  struct Pending {
    Command command{};
    std::uint32_t message{0};
  };
  struct Known {
    std::uint32_t message{0};
    std::vector<observation::Sha256> keys{};
  };

  [[nodiscard]] std::size_t on_client(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_server(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_status(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_list(Side from, ByteView bytes);
  [[nodiscard]] std::size_t on_message(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t pass_long_line(Side from, ByteView bytes);
  void on_command(std::string_view line);
  void on_done(const Pending& done, std::string_view text, Side from, Instant at, Findings& out);
  void begin_message(const Pending& asked);
  void end_message(Side from, Instant at, Findings& out);
  void learn_unique_id(std::string_view line);
  [[nodiscard]] std::string place_of(std::uint32_t message) const;
  void tell_deleted(Side from, Instant at, Findings& out);

  const Context* context_;
  std::optional<Side> client_;
  std::deque<Pending> pending_;
  std::optional<mime::MessageWatch> message_;
  DotStuffedText dots_;
  Pending answered_;  ///< what the lines that come now answer
  std::vector<Known> with_tickets_;
  std::vector<std::uint32_t> marked_;
  std::deque<std::pair<std::uint32_t, std::string>> unique_ids_;
  std::string user_;
  std::array<bool, 2> in_long_line_{};  ///< by index_of(Side): its rest is passed over
  std::uint32_t strange_lines_{0};
  Phase phase_{Phase::kStatus};
  bool in_login_{false};  ///< what the client sends answers the server's challenges
};

}  // namespace remora::mail
