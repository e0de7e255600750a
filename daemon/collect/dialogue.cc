#include "daemon/collect/dialogue.h"

#include "daemon/event/size_limit.h"

namespace remora::collect {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kMaxHello = 1024;
/// Beside the event: two tags and lengths, the number.
constexpr std::size_t kBesideEvent = 64;

/// Why it is not stored; empty: it is. `remora decode` must be able to read what is.
[[nodiscard]] std::string fault_of(const std::string& bytes, v1::Event& event) {
  if (bytes.size() > kMaxEventBytes) { return "larger than an event may be"; }
  if (!event.ParseFromString(bytes)) { return "no remora.v1.Event"; }
  if (event.event_id().empty()) { return "has no event_id"; }
  return {};
}

}  // namespace

Dialogue::Dialogue(Store store) : store_{std::move(store)}, frames_{kMaxHello} {}

void Dialogue::on_bytes(std::string_view bytes) {
  if (finished_) { return; }
  frames_.append(bytes);
  while (!finished_) {
    const auto frame = frames_.next();
    if (!frame.has_value()) { return say_goodbye(v1::Goodbye::PROTOCOL_ERROR, frame.error()); }
    if (!frame->has_value()) { return; }
    ++frame_count_;
    on_frame(**frame);
  }
}

void Dialogue::on_frame(std::string_view bytes) {
  v1::SensorFrame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return say_goodbye(v1::Goodbye::PROTOCOL_ERROR, "a frame cannot be read");
  }
  if (frame.has_hello() == open_) {
    return say_goodbye(v1::Goodbye::PROTOCOL_ERROR, "hello is the first frame, and comes once");
  }
  if (frame.has_hello()) { return on_hello(frame.hello()); }
  if (frame.has_delivery()) { on_delivery(frame.delivery()); }
}

void Dialogue::on_hello(const v1::Hello& hello) {
  if (hello.version() < kVersion) {
    return say_goodbye(v1::Goodbye::UNSUPPORTED_VERSION,
                       "this collector speaks version 1, the sensor at most version " +
                           std::to_string(hello.version()) + "; update the sensor");
  }
  open_ = true;
  frames_.limit(kMaxEventBytes + kBesideEvent);
  v1::CollectorFrame frame;
  frame.mutable_welcome()->set_version(kVersion);
  say(frame);
}

void Dialogue::on_delivery(const v1::Delivery& delivery) {
  if (delivery.number() <= last_) {
    return say_goodbye(v1::Goodbye::PROTOCOL_ERROR, "the numbers of events do not grow");
  }
  last_ = delivery.number();
  v1::Event event;
  auto fault = fault_of(delivery.event(), event);
  if (fault.empty() && store_(event, delivery.event())) { return; }
  if (fault.empty()) { fault = "cannot be written in the format of the collector's file"; }
  v1::CollectorFrame frame;
  frame.mutable_rejection()->set_number(last_);
  frame.mutable_rejection()->set_reason(std::move(fault));
  say(frame);
}

void Dialogue::on_durable() {
  if (!awaits_durability()) { return; }
  durable_ = last_;
  v1::CollectorFrame frame;
  frame.mutable_acknowledgement()->set_number(durable_);
  say(frame);
}

void Dialogue::say_goodbye(v1::Goodbye::Reason reason, const std::string& text) {
  if (finished_) { return; }
  v1::CollectorFrame frame;
  frame.mutable_goodbye()->set_reason(reason);
  frame.mutable_goodbye()->set_text(text);
  say(frame);
  finished_ = true;
}

void Dialogue::say(const v1::CollectorFrame& frame) {
  append_delimited(output_, frame.SerializeAsString());
}

}  // namespace remora::collect
