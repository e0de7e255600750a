#include "dissect/ticket/body_watch.h"

#include <algorithm>
#include <utility>

#include "dissect/ticket/document_start.h"
#include "dissect/ticket/first_bytes.h"

namespace remora::ticket {
namespace {

/// LIMIT: a body that has a NUL byte among its first ones is no text.
constexpr std::uint64_t kLookedAtForNul = 512;
/// Whether more is wanted is asked at multiples of this alone, so that the answer does not depend
/// on how the bytes are cut.
constexpr std::uint64_t kStep = 256;
/// The first bytes decide when there are so many at the latest.
constexpr std::size_t kMaxFirstBytes = kMaxPrologBytes;

}  // namespace

BodyWatch::BodyWatch(observation::Carriage carriage, std::uint64_t searched, const Context& context,
                     Look look)
    : document_{std::move(carriage), context, look}, limit_{searched} {
  if (is_ticket_name(document_.carriage().file_name)) {
    decided_ = true;
    begins_as_ticket_ = true;
    limit_ = kMaxRead;
  }
}

bool BodyWatch::wanted() const {
  if (document_.finished()) { return false; }
  return !decided_ || read_ < limit_ || read_ % kStep != 0 || document_.inside();
}

void BodyWatch::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (decided_) {
    read(from, bytes, at, out);
  } else {
    judge(from, bytes, at, out);
  }
}

void BodyWatch::judge(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto here = bytes.first(std::min(kMaxFirstBytes - first_.size(), bytes.size()));
  if (first_.empty() && judge_first_bytes(here) == Verdict::kNo) {  // most are: without a copy
    decide(false, from, at, out);
    read(from, bytes, at, out);
    return;
  }
  first_.insert(first_.end(), here.begin(), here.end());
  const auto verdict = judge_first_bytes(first_);
  if (verdict == Verdict::kMore && first_.size() < kMaxFirstBytes) { return; }
  decide(verdict == Verdict::kYes, from, at, out);
  read(from, bytes.subspan(here.size()), at, out);
}

void BodyWatch::decide(bool begins_as_ticket, Side from, Instant at, Findings& out) {
  decided_ = true;
  begins_as_ticket_ = begins_as_ticket;
  if (begins_as_ticket) { limit_ = kMaxRead; }
  const auto first = std::exchange(first_, {});
  read(from, first, at, out);
}

void BodyWatch::read(Side from, ByteView bytes, Instant at, Findings& out) {
  while (!bytes.empty() && wanted()) {
    const auto part = next_part(bytes);
    document_.on_bytes(from, part, at, out);
    read_ += part.size();
    bytes = bytes.subspan(part.size());
  }
}

/// Up to the limit; behind it, up to where it is asked again whether a ticket is still open.
ByteView BodyWatch::next_part(ByteView bytes) {
  if (!begins_as_ticket_ && read_ < kLookedAtForNul) {
    const auto looked_at = bytes.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(kLookedAtForNul - read_, bytes.size())));
    const auto nul = std::ranges::find(looked_at, std::byte{0});
    if (nul != looked_at.end()) {
      limit_ = std::min(limit_, read_ + static_cast<std::uint64_t>(nul - looked_at.begin()));
    }
  }
  const auto until = read_ < limit_ ? limit_ - read_ : kStep - read_ % kStep;
  return bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(until, bytes.size())));
}

void BodyWatch::on_gap() {
  decided_ = true;
  first_ = {};
  document_.on_gap();
}

void BodyWatch::on_end(Side from, Instant at, Findings& out) {
  if (!decided_) { decide(false, from, at, out); }
  document_.on_end(from, at, out);
}

}  // namespace remora::ticket
