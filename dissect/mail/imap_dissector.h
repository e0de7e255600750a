#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/mail/imap_fetch.h"
#include "dissect/mail/imap_mailbox.h"
#include "dissect/mail/imap_tokens.h"
#include "dissect/mime/message_watch.h"

namespace remora::mail {

/// IMAP as far as it carries tickets (RFC 3501, RFC 9051): sections that are fetched, messages that
/// are appended, and copies that are expunged or moved away.
///
///   line ─► literal, which belongs to it ─► rest of the line ─► next line      (each side)
///   tagged OK to STARTTLS ─► handed over to "tls"; to COMPRESS ─► left
///
/// State: commands not yet answered, the selected mailbox, the response or command that is coming.
class ImapDissector final : public Dissector {
 public:
  /// LIMIT: of a line with a structure in it; longer ones are passed over.
  static constexpr std::size_t kMaxImapLine = std::size_t{64} << 10U;
  /// LIMIT: commands remembered until they are answered.
  static constexpr std::size_t kMaxPending = 64;
  /// LIMIT: lines in a row that are none of a server of IMAP.
  static constexpr std::uint32_t kMaxStrangeLines = 200;

  /// `context` outlives the dissector.
  explicit ImapDissector(const Context& context) : context_{&context}, fetch_{context} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  enum class Verb : std::uint8_t {
    kOther,
    kSelect,
    kAppend,
    kFetch,
    kStore,
    kExpunge,
    kClose,
    kTls,
    kCompress
  };
  struct Command {
    std::string tag{};
    std::string text{};  ///< behind the verb, as far as it is kept
    Verb verb{Verb::kOther};
    bool by_uid{false};
    std::vector<observation::Sha256> keys{};  ///< of what was appended
  };
  /// What a literal's bytes are.
  enum class Literal : std::uint8_t { kNone, kIgnored, kName, kMessage, kSection };
  struct Half {
    std::uint64_t left{0};  ///< of the literal
    Literal literal{Literal::kNone};
    bool waits{false};         ///< the literal may still be refused
    bool continues{false};     ///< the line goes on behind a literal
    bool in_long_line{false};  ///< its rest is passed over
  };

  [[nodiscard]] Half& half(Side side) { return halves_.at(index_of(side)); }
  [[nodiscard]] bool is_server_line(std::string_view line) const;
  [[nodiscard]] std::size_t on_line(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_literal(Side from, ByteView bytes, Instant at, Findings& out);
  void end_literal(Side from, Instant at, Findings& out);
  void begin_literal(Side from, Literal what, const ImapToken& token, Findings& out);
  [[nodiscard]] std::size_t pass_long_line(Side from, ByteView bytes);

  void on_client_line(std::string_view line, Findings& out);
  void begin_command(std::string_view line);
  void end_command();
  void act_on_command();
  void on_server_line(Side from, std::string_view line, Instant at, Findings& out);
  void on_untagged(Side from, std::string_view rest, Instant at, Findings& out);
  void on_fetch_text(Side from, std::string_view text, Instant at, Findings& out);
  void on_tagged(Side from, std::string_view tag, std::string_view rest, Instant at, Findings& out);
  void on_done(const Command& done, std::string_view text, Instant at, Findings& out);
  [[nodiscard]] std::optional<std::uint32_t> fetched_uid() const;

  const Context* context_;
  std::optional<Side> client_;
  std::array<Half, 2> halves_;  ///< by index_of(Side)
  Command command_;             ///< that the client is sending
  std::deque<Command> pending_;
  ImapMailbox mailbox_;
  ImapFetch fetch_;
  std::optional<mime::MessageWatch> appended_;
  std::uint32_t strange_lines_{0};
  bool in_fetch_{false};
};

}  // namespace remora::mail
