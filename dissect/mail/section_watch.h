#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "dissect/mime/message_watch.h"

namespace remora::mail {

/// Looks for tickets in a section of a message that IMAP fetches, perhaps alone and in pieces.
/// Where nobody told how the section is encoded, its first bytes do.
///
/// State: LIMIT kMaxEarly bytes of pieces that came before those in front of them.
class SectionWatch {
 public:
  static constexpr std::size_t kMaxEarly = std::size_t{128} << 10U;

  /// A whole message. `context` outlives the watch.
  SectionWatch(observation::Carriage carriage, const Context& context);
  /// A body; `headers` where they are known.
  SectionWatch(observation::Carriage carriage, std::optional<mime::PartHeaders> headers,
               const Context& context);

  /// The next bytes.
  void on_bytes(Side from, ByteView bytes, Instant at, Findings& out);
  /// Bytes that stand at `offset` of the section.
  void on_bytes_at(std::uint64_t offset, Side from, ByteView bytes, Instant at, Findings& out);
  void on_gap(std::uint64_t size);
  void on_end(Side from, Instant at, Findings& out);

  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] std::vector<observation::Sha256> keys() const;

 private:
  [[nodiscard]] bool guess_encoding(bool last);
  void begin_guessed(Side from, Instant at, Findings& out);
  void keep_early(std::uint64_t offset, ByteView bytes);
  void take_early(Side from, Instant at, Findings& out);

  observation::Carriage carriage_;
  const Context* context_;
  std::optional<mime::MessageWatch> watch_;  ///< none while it is not known what the section is
  mime::PartHeaders guessed_;
  std::vector<std::byte> first_bytes_;
  std::map<std::uint64_t, std::vector<std::byte>> early_;
  std::size_t early_bytes_{0};
  std::uint64_t offset_{0};  ///< of what comes next
};

}  // namespace remora::mail
