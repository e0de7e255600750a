#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/ticket/document_watch.h"
#include "dissect/ticket/mark_search.h"

namespace remora::ticket {

/// Base64 on its way, from the middle of a group on; line ends and blanks are passed over.
class Base64Tail {
 public:
  /// `known`: bits of the next character that are known already, the last of what was found.
  Base64Tail(unsigned known, std::uint8_t value) : to_check_{known}, expected_{value} {}

  enum class Step : std::uint8_t { kNothing, kByte, kEnd };
  /// Takes one character; kByte: `byte` is the next one that it completes.
  [[nodiscard]] Step on_character(std::byte character, std::byte& byte);

 private:
  unsigned to_check_;
  std::uint8_t expected_;
  std::uint32_t bits_{0};
  unsigned held_{0};
};

/// Looks for tickets in a TCP stream of whatever protocol: their marks in 8-bit code pages, in
/// UTF-16LE and in base64 of either, at each of its three alignments. Consumes all; hears only.
///
/// State: a few bytes a side, and what DocumentWatch keeps while something looks like a ticket.
/// LIMIT: kMaxDocuments candidates a side, against streams made of marks.
class StreamScan : public Dissector {
 public:
  static constexpr std::size_t kMaxDocuments = 10'000;

  /// `carriage` is what the copies that are found get.
  explicit StreamScan(const Context& context, observation::Carriage carriage = {.protocol = "TCP"});

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  struct OneSide {
    MarkSearch search{MarkTable::of_streams()};
    std::optional<DocumentWatch> candidate{};
    std::optional<Base64Tail> base64{};
    std::size_t candidates{0};
    bool of_invitation{false};  ///< Mark::of_invitation of the candidate's mark
  };

  static void remark(const OneSide& side, std::size_t told_before, Findings& out);
  void begin(OneSide& side, const Mark& mark, Side from, Instant at, Findings& out);
  [[nodiscard]] static ByteView follow(OneSide& side, Side from, ByteView bytes, Instant at,
                                       Findings& out);
  [[nodiscard]] static ByteView follow_base64(OneSide& side, Side from, ByteView bytes, Instant at,
                                              Findings& out);
  static void end_candidate(OneSide& side, Side from, Instant at, Findings& out);

  const Context* context_;
  observation::Carriage carriage_;
  std::array<OneSide, 2> sides_;
};

/// The same in one message that is all there, such as programs send each other: connection strings
/// stand in them in ways that nobody has written down.
void scan_message(const observation::Carriage& carriage, const Context& context, Side from,
                  ByteView message, Instant at, Findings& out);

}  // namespace remora::ticket
