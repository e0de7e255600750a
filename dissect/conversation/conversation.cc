#include "dissect/conversation/conversation.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dissect/conversation/recogniser.h"

namespace remora {
namespace {

void append_found(Findings& out, std::vector<Finding>& found) {
  found.insert(found.end(), std::make_move_iterator(out.found().begin()),
               std::make_move_iterator(out.found().end()));
}

}  // namespace

void Conversation::on_bytes(Side from, ByteView bytes, Instant at, std::vector<Finding>& found) {
  const auto told_before = found.size();
  converse(from, bytes, at, found);
  if (!listens()) { return; }
  listen(told_before, found, [&](Dissector& listener, Findings& heard) {
    for (auto rest = bytes; !rest.empty();) {
      const auto used = listener.on_bytes(from, rest, at, heard);
      if (used == 0) { break; }
      rest = rest.subspan(std::min(used, rest.size()));
    }
  });
}

/// Those who listen come after those who read, and say what these have not said.
template <typename Say>
void Conversation::listen(std::size_t told_before, std::vector<Finding>& found, Say say) {
  if (listeners_ == nullptr) { listeners_ = std::make_unique<Listeners>(families_, *context_); }
  for (auto at = told_before; at < found.size(); ++at) { listeners_->on_told(found[at]); }
  for (const auto& listener : listeners_->all()) {
    Findings heard{certainty_};
    say(*listener, heard);
    for (auto& finding : heard.found()) {
      if (listeners_->is_news(finding, recognition_ == Recognition::kRecognised)) {
        found.push_back(std::move(finding));
      }
    }
  }
}

void Conversation::converse(Side from, ByteView bytes, Instant at, std::vector<Finding>& found) {
  if (!wants_more()) { return; }
  if (held_ != nullptr) {
    held_->add(from, bytes, at);
    if (held_->is_too_much(at.time)) { stop_holding(found); }
    return;
  }
  auto& to_skip = to_skip_.at(index_of(from));
  const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(to_skip, bytes.size()));
  to_skip -= skipped;
  bytes = bytes.subspan(skipped);
  if (bytes.empty()) { return; }

  Findings out{certainty_};
  take_in(from, bytes, at, out);
  read_on(from, at, out);
  append_found(out, found);
}

/// What the other side sent before the hand-over was seen belongs to the new protocol too, and
/// comes before what follows here.
void Conversation::read_on(Side from, Instant at, Findings& out) {
  while (std::exchange(handed_over_, false)) {
    take_in(other(from), {}, at, out);
    take_in(from, {}, at, out);
  }
}

void Conversation::begin(Protocol protocol, Instant at, Side from, std::vector<Finding>& found) {
  if (dissector_ != nullptr || !wants_more()) { return; }
  Findings out{certainty_};
  become(protocol, at, from, out);
  handed_over_ = false;
  if (!finished_) { recognition_ = Recognition::kRecognised; }
  append_found(out, found);
}

/// Reads the side's tail and `bytes` behind it; what is not consumed becomes the tail.
void Conversation::take_in(Side from, ByteView bytes, Instant at, Findings& out) {
  if (held_ != nullptr) { return; }  // since the other side was read: the tail stays
  auto& tail = tails_.at(index_of(from));
  if (tail.empty()) {
    const auto used = drain(from, bytes, at, out);
    if (wants_more()) {
      const auto rest = bytes.subspan(used);
      tail.assign(rest.begin(), rest.end());
    }
  } else {
    tail.insert(tail.end(), bytes.begin(), bytes.end());
    const auto used = drain(from, tail, at, out);
    tail.erase(tail.begin(), tail.begin() + static_cast<std::ptrdiff_t>(used));
  }
  if (tail.size() > kMaxTail) {
    out.give_up(at, from, "conversation.tail_limit",
                {.field = "pdu", .offset = 0, .reason = "larger than any PDU may be"});
    finished_ = true;
  }
  if (!wants_more()) { tails_ = {}; }
}

void Conversation::on_gap(Side from, std::uint64_t size, Instant at, std::vector<Finding>& found) {
  const auto told_before = found.size();
  converse_gap(from, size, at, found);
  if (!listens()) { return; }
  listen(told_before, found,
         [&](Dissector& listener, Findings& heard) { listener.on_gap(from, size, at, heard); });
}

void Conversation::converse_gap(Side from, std::uint64_t size, Instant at,
                                std::vector<Finding>& found) {
  if (!wants_more()) { return; }
  if (held_ != nullptr) {
    held_->add_gap(from, size, at);
    if (held_->is_too_much(at.time)) { stop_holding(found); }
    return;
  }
  auto& to_skip = to_skip_.at(index_of(from));
  const auto harmless = std::min(to_skip, size);
  to_skip -= harmless;
  if (harmless == size) { return; }
  tails_.at(index_of(from)).clear();
  if (dissector_ == nullptr) { return; }
  Findings out{certainty_};
  dissector_->on_gap(from, size - harmless, at, out);
  follow(from, at, out);
  read_on(from, at, out);
  append_found(out, found);
}

void Conversation::lead_inner(std::unique_ptr<Conversation>& inner, Families families,
                              const Context& context, std::size_t depth, const Findings& out,
                              Instant at, std::vector<Finding>& found) {
  for (const auto& carried : out.passed_on()) {
    if (carried.stream != 0) { continue; }
    lead(inner, families, context, depth, carried, out.inner(), at, found);
  }
}

void Conversation::lead(std::unique_ptr<Conversation>& inner, Families families,
                        const Context& context, std::size_t depth, const Findings::Carried& carried,
                        std::optional<Protocol> protocol, Instant at, std::vector<Finding>& found) {
  if (inner == nullptr) {
    if (depth > kMaxDepth) { return; }
    inner = std::make_unique<Conversation>(families, context);
    inner->depth_ = depth;
    inner->certainty_ = carried.certainty;
    if (protocol.has_value()) { inner->begin(*protocol, at, carried.from, found); }
  }
  inner->certainty_ = carried.certainty;
  if (carried.missing > 0) {
    inner->on_gap(carried.from, carried.missing, at, found);
  } else {
    inner->on_bytes(carried.from, carried.bytes, at, found);
  }
}

void Conversation::lead_stream(const Findings::Carried& carried, std::optional<Protocol> protocol,
                               Instant at, std::vector<Finding>& found) {
  auto place =
      std::ranges::find(streams_, carried.stream, [](const auto& stream) { return stream.first; });
  if (place == streams_.end()) {
    if (streams_.size() == kMaxStreams) {
      if (auto& oldest = streams_.front().second; oldest != nullptr) {
        oldest->stop_waiting(found);
      }
      streams_.erase(streams_.begin());
    }
    place = streams_.emplace(streams_.end(), carried.stream, nullptr);
  }
  lead(place->second, families_, *context_, depth_ + 1, carried, protocol, at, found);
}

template <typename Visit>
void Conversation::for_each_inside(Visit visit) const {
  if (inner_ != nullptr) { visit(*inner_); }
  for (const auto& [number, stream] : streams_) {
    if (stream != nullptr) { visit(*stream); }
  }
}

std::size_t Conversation::tail_bytes() const {
  auto bytes = tails_[0].size() + tails_[1].size() + (held_ == nullptr ? 0 : held_->bytes());
  for_each_inside([&bytes](const Conversation& inside) { bytes += inside.tail_bytes(); });
  return bytes;
}

void Conversation::on_keys(std::vector<Finding>& found) {
  const auto told_before = found.size();
  if (held_ != nullptr) { read_held(found); }
  for_each_inside([&](Conversation& inside) { inside.on_keys(found); });
  tell_listeners(told_before, found);
}

void Conversation::on_time(Moment now, std::vector<Finding>& found) {
  const auto told_before = found.size();
  if (held_ != nullptr && held_->is_too_much(now)) { stop_holding(found); }
  for_each_inside([&](Conversation& inside) { inside.on_time(now, found); });
  tell_listeners(told_before, found);
}

void Conversation::stop_waiting(std::vector<Finding>& found) {
  const auto told_before = found.size();
  stop_holding(found);
  for_each_inside([&](Conversation& inside) { inside.stop_waiting(found); });
  tell_listeners(told_before, found);
}

Conversation::Held Conversation::held() const {
  Held held;
  const auto add = [&held](std::size_t bytes, HeldBack what) {
    held = {.bytes = held.bytes + bytes, .what = std::max(held.what, what), .waits = true};
  };
  for_each_inside([&](const Conversation& inside) {
    if (const auto more = inside.held(); more.waits) { add(more.bytes, more.what); }
  });
  if (held_ != nullptr) { add(held_->bytes(), held_->what()); }
  return held;
}

/// Each dissector that is asked for the bytes awaits a key for the last time.
void Conversation::stop_holding(std::vector<Finding>& found) {
  while (held_ != nullptr) {
    dissector_->stop_awaiting();
    read_held(found);
  }
}

/// What was not read when the first key was missed, then what came behind it. It may be missed
/// still, or another further on.
void Conversation::read_held(std::vector<Finding>& found) {
  auto held = std::move(held_);
  Findings out{certainty_};
  for (const auto side : {held->from(), other(held->from())}) {
    take_in(side, {}, held->since(), out);
  }
  read_on(held->from(), held->since(), out);
  append_found(out, found);
  if (held_ != nullptr) {
    held_->append(std::move(*held));
    return;
  }
  for (const auto& call : held->calls()) {
    if (call.missing > 0) {
      converse_gap(call.from, call.missing, call.at, found);
    } else {
      converse(call.from, call.bytes, call.at, found);
    }
  }
}

void Conversation::tell_listeners(std::size_t told_before, std::vector<Finding>& found) {
  if (!listens()) { return; }
  listen(told_before, found, [](Dissector&, Findings&) { /* it has heard the stream already */ });
}

void Conversation::on_end(Side from, Instant at, std::vector<Finding>& found) {
  const auto told_before = found.size();
  converse_end(from, at, found);
  if (!listens()) { return; }
  listen(told_before, found,
         [&](Dissector& listener, Findings& heard) { listener.on_end(from, at, heard); });
}

void Conversation::converse_end(Side from, Instant at, std::vector<Finding>& found) {
  stop_holding(found);
  for_each_inside([&](Conversation& inside) { inside.on_end(from, at, found); });
  if (dissector_ == nullptr || !wants_more()) { return; }
  Findings out{certainty_};
  dissector_->on_end(from, at, out);
  append_found(out, found);
  const auto unread = tails_.at(index_of(from)).size();
  if (unread == 0) { return; }
  found.push_back({.at = at,
                   .from = from,
                   .rule = "conversation.end",
                   .what = observation::Damage{.what = "the stream ended inside a PDU, after " +
                                                       std::to_string(unread) + " bytes of it"},
                   .certainty = certainty_});
}

/// Reads PDU after PDU, up to a hand-over; returns how many bytes were consumed.
std::size_t Conversation::drain(Side from, ByteView bytes, Instant at, Findings& out) {
  if (recognition_ == Recognition::kUndecided && !bytes.empty()) { recognise(bytes); }
  std::size_t used = 0;
  while (wants_more() && dissector_ != nullptr && used < bytes.size()) {
    const auto step = offer(from, bytes.subspan(used), at, out);
    used += step;
    // A dissector may hand over the very bytes that it was offered.
    if (step == 0 || handed_over_ || held_ != nullptr) { break; }
  }
  return used;
}

std::size_t Conversation::offer(Side from, ByteView bytes, Instant at, Findings& out) {
  out.clear_steering();
  auto used = std::min(dissector_->on_bytes(from, bytes, at, out), bytes.size());
  if (out.skipped() > 0) {
    const auto here = std::min<std::uint64_t>(out.skipped(), bytes.size() - used);
    used += static_cast<std::size_t>(here);
    to_skip_.at(index_of(from)) += out.skipped() - here;
  }
  if (out.awaiting().has_value()) {
    held_ = std::make_unique<HeldCalls>(*out.awaiting(), from, at);
  }
  follow(from, at, out);
  return used;
}

/// Takes the consequences of what the dissector said besides its findings.
void Conversation::follow(Side from, Instant at, Findings& out) {
  lead_inner(inner_, families_, *context_, depth_ + 1, out, at, out.found());
  for (const auto& carried : out.passed_on()) {
    if (carried.stream != 0) { lead_stream(carried, out.inner(), at, out.found()); }
  }
  for (const auto& piece : out.pieces()) { lead_channel(piece, 1, nullptr, at, out.found()); }
  finished_ = finished_ || out.finished();
  if (out.only_carries() && inner_ != nullptr && !inner_->wants_more() && !listens()) {
    finished_ = true;
    if (inner_->recognition() == Recognition::kNothing) { recognition_ = Recognition::kNothing; }
  }
  if (out.left()) { recognition_ = Recognition::kNothing; }
  if (const auto next = out.next()) {
    become(*next, at, from, out);
  } else if (out.anew()) {
    begin_anew();
  }
}

/// What the channel's reader says of the piece; a reader may carry channels of its own. It is not
/// called with what `carrier`, itself, is still reading: a channel may bear the carrier's name.
void Conversation::lead_channel(const ChannelPiece& piece, std::size_t depth,
                                const ChannelDissector* carrier, Instant at,
                                std::vector<Finding>& found) {
  if (depth > kMaxChannelDepth) { return; }
  auto* reader = reader_of(piece.channel);
  if (reader == nullptr || reader == carrier) { return; }
  Findings out{piece.certainty};
  reader->on_piece(piece, at, out);
  append_found(out, found);
  for (const auto& inner : out.pieces()) { lead_channel(inner, depth + 1, reader, at, found); }
}

/// Null where nobody reads channels of that name.
ChannelDissector* Conversation::reader_of(std::string_view channel) {
  for (const auto& family : families_) {
    if (family.reads_channel == nullptr || !family.reads_channel(channel)) { continue; }
    const auto made = std::ranges::find(channel_readers_, &family,
                                        [](const auto& reader) { return reader.first; });
    if (made != channel_readers_.end()) { return made->second.get(); }
    channel_readers_.emplace_back(&family, family.make_for_channels());
    return channel_readers_.back().second.get();
  }
  return nullptr;
}

void Conversation::recognise(ByteView bytes) {
  const auto answer = remora::recognise(families_, *context_, bytes);
  if (answer.verdict == Verdict::kNo) {
    recognition_ = Recognition::kNothing;
  } else if (answer.verdict == Verdict::kYes) {
    recognition_ = Recognition::kRecognised;
    family_ = answer.family;
    dissector_ = answer.family->make(*context_);
  }
}

void Conversation::begin_anew() {
  if (++depth_ > kMaxDepth) {
    finished_ = true;
    return;
  }
  family_ = nullptr;
  dissector_.reset();
  inner_.reset();
  streams_.clear();
  channel_readers_.clear();
  recognition_ = Recognition::kUndecided;
  handed_over_ = true;
}

/// INVARIANT: hand-overs name families of the list; a test walks every family's successors.
void Conversation::become(Protocol protocol, Instant at, Side from, Findings& out) {
  const auto family = std::ranges::find(families_, protocol, &Family::protocol);
  if (family == families_.end() || family->make == nullptr || ++depth_ > kMaxDepth) {
    out.give_up(at, from, "conversation.hand_over",
                {.field = std::string{protocol.word}, .offset = 0, .reason = "nothing reads it"});
    finished_ = true;
    return;
  }
  family_ = &*family;
  dissector_ = family->make(*context_);
  inner_.reset();
  streams_.clear();
  channel_readers_.clear();
  handed_over_ = true;
}

}  // namespace remora
