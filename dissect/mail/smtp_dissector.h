#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/mail/dot_stuffing.h"
#include "dissect/mime/message_watch.h"

namespace remora::mail {

/// SMTP and LMTP as far as they carry tickets (RFC 5321, RFC 2033, RFC 3030): every message of the
/// connection is looked through as it comes, whether or not the server takes it in the end.
///
///   commands ─► DATA ─► 354 ─► text up to the dot ─► commands
///            ─► BDAT ─► so many bytes ─► commands, up to BDAT … LAST
///            ─► STARTTLS ─► 220 ─► handed over to "tls"
///
/// State: the message that is coming. What the client sends behind DATA is text unless it reads as
/// a command and no 354 was seen.
class SmtpDissector final : public Dissector {
 public:
  /// LIMIT: lines in a row that are no commands: the rest of something else.
  static constexpr std::uint32_t kMaxStrangeLines = 200;

  /// `context` outlives the dissector.
  explicit SmtpDissector(const Context& context) : context_{&context} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  enum class Phase : std::uint8_t { kCommands, kDataAsked, kText, kMaybeEnded, kChunk };

  [[nodiscard]] std::size_t on_client(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_phase(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_server(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_command(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_data_asked(ByteView bytes);
  [[nodiscard]] std::size_t on_text(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_maybe_ended(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_chunk(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t pass_long_line(Side from, ByteView bytes);
  void on_chunk_command(std::string_view arguments);
  void begin_message();
  void begin_text();
  void end_message(Side from, Instant at, Findings& out);

  const Context* context_;
  std::optional<Side> client_;
  std::optional<mime::MessageWatch> message_;
  DotStuffedText dots_;
  std::uint64_t chunk_left_{0};
  std::uint32_t strange_lines_{0};
  std::array<bool, 2> in_long_line_{};  ///< by index_of(Side): its rest is passed over
  Phase phase_{Phase::kCommands};
  bool last_chunk_{false};
  bool granted_{false};    ///< 354 came behind DATA
  bool tls_asked_{false};  ///< STARTTLS, not yet answered
};

}  // namespace remora::mail
