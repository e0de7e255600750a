#include "dissect/ticket/stream_scan.h"

#include <utility>
#include <variant>

#include "dissect/encoding/base64.h"

namespace remora::ticket {

Base64Tail::Step Base64Tail::on_character(std::byte character, std::byte& byte) {
  const auto c = static_cast<char>(to_u8(character));
  if (c == '\r' || c == '\n' || c == ' ' || c == '\t') { return Step::kNothing; }
  const auto digit = encoding::base64_digit(c);
  if (!digit.has_value()) { return Step::kEnd; }
  auto added = 6U;
  if (to_check_ > 0) {
    // The first bits belong to what was found; they must be those.
    if (*digit >> (6U - to_check_) != expected_) { return Step::kEnd; }
    added -= std::exchange(to_check_, 0);
  }
  bits_ = (bits_ << added) | (*digit & ((1U << added) - 1U));
  held_ += added;
  if (held_ < 8) { return Step::kNothing; }
  held_ -= 8;
  byte = static_cast<std::byte>((bits_ >> held_) & 0xffU);
  return Step::kByte;
}

StreamScan::StreamScan(const Context& context, observation::Carriage carriage)
    : context_{&context}, carriage_{std::move(carriage)} {}

std::size_t StreamScan::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& side = sides_.at(index_of(from));
  const auto size = bytes.size();
  while (!bytes.empty() && side.candidates <= kMaxDocuments) {
    if (side.candidate.has_value()) {
      const auto told_before = out.found().size();
      bytes = side.base64.has_value() ? follow_base64(side, from, bytes, at, out)
                                      : follow(side, from, bytes, at, out);
      remark(side, told_before, out);
    } else if (const auto* mark = side.search.next(bytes)) {
      begin(side, *mark, from, at, out);
    }
  }
  return size;
}

/// Whoever reads the stream may know what came of the whole invitation.
void StreamScan::remark(const OneSide& side, std::size_t told_before, Findings& out) {
  if (!side.of_invitation) { return; }
  for (auto at = told_before; at < out.found().size(); ++at) {
    if (auto* seen = std::get_if<observation::TicketSeen>(&out.found()[at].what)) {
      seen->ticket.remarks.emplace_back(observation::Ticket::kPartOfInvitation);
    }
  }
}

void StreamScan::begin(OneSide& side, const Mark& mark, Side from, Instant at, Findings& out) {
  if (++side.candidates > kMaxDocuments) { return; }
  side.candidate.emplace(carriage_, *context_, Look::kStream);
  side.of_invitation = mark.of_invitation;
  side.base64.reset();
  if (mark.base64) { side.base64.emplace(mark.known_bits, mark.known_value); }
  side.candidate->on_bytes(from, as_bytes(mark.document), at, out);
}

ByteView StreamScan::follow(OneSide& side, Side from, ByteView bytes, Instant at, Findings& out) {
  const auto rest = side.candidate->follow(from, bytes, at, out);
  if (!side.candidate->following()) { side.candidate.reset(); }
  return rest;
}

/// Character by character, so that it ends at the same one however the stream is cut.
ByteView StreamScan::follow_base64(OneSide& side, Side from, ByteView bytes, Instant at,
                                   Findings& out) {
  while (!bytes.empty()) {
    std::byte byte{};
    const auto step = side.base64->on_character(bytes.front(), byte);
    if (step == Base64Tail::Step::kEnd) {
      end_candidate(side, from, at, out);
      return bytes;
    }
    bytes = bytes.subspan(1);
    if (step == Base64Tail::Step::kNothing) { continue; }
    (void)side.candidate->follow(from, {&byte, 1}, at, out);
    if (!side.candidate->following()) {
      side.candidate.reset();
      return bytes;
    }
  }
  return bytes;
}

void StreamScan::end_candidate(OneSide& side, Side from, Instant at, Findings& out) {
  if (side.candidate.has_value()) { side.candidate->on_end(from, at, out); }
  side.candidate.reset();
  side.search.restart();
}

void StreamScan::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  auto& side = sides_.at(index_of(from));
  side.candidate.reset();
  side.search.restart();
}

void StreamScan::on_end(Side from, Instant at, Findings& out) {
  auto& side = sides_.at(index_of(from));
  const auto told_before = out.found().size();
  end_candidate(side, from, at, out);
  remark(side, told_before, out);
}

void scan_message(const observation::Carriage& carriage, const Context& context, Side from,
                  ByteView message, Instant at, Findings& out) {
  StreamScan scan{context, carriage};
  (void)scan.on_bytes(from, message, at, out);
  scan.on_end(from, at, out);
}

}  // namespace remora::ticket
