#include "daemon/outputs/stream/output.h"

#include <algorithm>
#include <utility>

#include "daemon/event/size_limit.h"

namespace remora::outputs::stream {
namespace {

using delivery::Outcome;
using delivery::Parcel;

/// Frames are written together up to here.
constexpr std::size_t kChunk = std::size_t{256} << 10U;

[[nodiscard]] bool too_large(const Parcel& parcel) {
  return parcel.bytes.size() > kMaxEventBytes;
}

}  // namespace

/// Uses the connection that there is, unless the collector has closed it meanwhile.
std::string Output::connect(const Parcel& first) {
  const auto deadline = net::in(config_.timeout);
  while (session_.has_value()) {
    const auto heard = session_->listen(net::Deadline{});
    if (heard.has_value() && !*heard) { return {}; }
    // Who talks without end is not listened to without end.
    if (!heard.has_value() || std::chrono::steady_clock::now() > deadline) { session_.reset(); }
  }
  auto opened = Session::open(config_, first.event.sensor().name());
  if (!opened.has_value()) { return std::move(opened.error()); }
  session_.emplace(std::move(*opened));
  return {};
}

/// Why not all of `batch` was acknowledged; empty: it was.
std::string Output::deliver(std::span<const Parcel> batch) {
  const auto deadline = net::in(config_.timeout);
  std::string frames;
  auto last = session_->sent();
  for (const auto& parcel : batch) {
    if (too_large(parcel)) { continue; }
    append_delivery(frames, ++last, parcel.bytes);
    if (frames.size() < kChunk) { continue; }
    if (const auto sent = session_->send(frames, last, deadline); !sent.has_value()) {
      return sent.error();
    }
    frames.clear();
    // A collector whose answers nobody reads would stop reading too.
    if (const auto heard = session_->listen(net::Deadline{}); !heard.has_value()) {
      return heard.error();
    }
  }
  if (const auto sent = session_->send(frames, last, deadline); !sent.has_value()) {
    return sent.error();
  }
  while (session_->acknowledged() < last) {
    const auto heard = session_->listen(deadline);
    if (!heard.has_value()) { return heard.error(); }
    if (!*heard || std::chrono::steady_clock::now() > deadline) {
      return net::to_string(config_.address) +
             ": not all was acknowledged in time; is the collector's disk slow, or timeout short?";
    }
  }
  return {};
}

/// The events of `batch` got the numbers behind `before`, but for those that were not sent.
void Output::count(std::span<const Parcel> batch, std::uint64_t before, Outcome& outcome) {
  const auto rejected = session_->take_rejected();
  std::size_t oversized = 0;
  std::size_t refused = 0;
  auto number = before;
  for (const auto& parcel : batch) {
    if (too_large(parcel)) {
      ++oversized;
    } else if (++number > session_->acknowledged()) {
      break;
    } else if (std::ranges::binary_search(rejected, number)) {
      ++refused;
    }
    ++outcome.taken;
  }
  outcome.refused = oversized + refused;
  if (!outcome.problem.empty()) { return; }
  if (refused > 0) {
    outcome.problem = net::to_string(config_.address) + ": the collector rejects " +
                      std::to_string(refused) + " events: " + session_->rejection();
  } else if (oversized > 0) {
    outcome.problem = net::to_string(config_.address) + ": takes no events of more than " +
                      std::to_string(kMaxEventBytes) + " bytes, as " + std::to_string(oversized) +
                      " are";
  }
}

Outcome Output::send(std::span<const Parcel> batch) {
  Outcome outcome;
  outcome.problem = connect(batch.front());
  if (!outcome.problem.empty()) { return outcome; }
  const auto before = session_->sent();
  outcome.problem = deliver(batch);
  const bool broken = !outcome.problem.empty();
  count(batch, before, outcome);
  if (broken) { session_.reset(); }
  return outcome;
}

}  // namespace remora::outputs::stream
