#include "daemon/outputs/stream/session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "remora/v1/event.pb.h"

namespace remora::outputs::stream {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kMaxFrame = std::size_t{64} << 10U;
constexpr std::size_t kMaxRejected = 100'000;
constexpr std::size_t kMaxText = 200;

/// A stranger's text, fit for a line of a log.
[[nodiscard]] std::string printable(std::string_view text) {
  std::string kept{text.substr(0, kMaxText)};
  std::ranges::replace_if(
      kept, [](char byte) { return byte < ' ' || byte > '~'; }, '?');
  return kept;
}

}  // namespace

void append_delivery(std::string& out, std::uint64_t number, std::string_view event) {
  v1::SensorFrame frame;
  frame.mutable_delivery()->set_number(number);
  frame.mutable_delivery()->set_event(event.data(), event.size());
  append_delimited(out, frame.SerializeAsString());
}

Session::Session(net::Connection connection)
    : connection_{std::move(connection)}, frames_{kMaxFrame} {}

std::string Session::wrong(std::string_view what) const {
  return connection_.peer() + ": " + std::string{what} + "; is it a collector of remora?";
}

tl::expected<Session, std::string> Session::open(const Config& config, const std::string& sensor) {
  const auto deadline = net::in(config.connect_timeout);
  auto connection = net::Connection::connect(config.address, config.tls, config.connect_timeout);
  if (!connection.has_value()) { return tl::unexpected{connection.error()}; }
  Session session{std::move(*connection)};
  auto problem = session.greet(sensor, deadline);
  if (!problem.empty()) { return tl::unexpected{std::move(problem)}; }
  return session;
}

std::string Session::greet(const std::string& sensor, net::Deadline deadline) {
  v1::SensorFrame hello;
  hello.mutable_hello()->set_version(kVersion);
  hello.mutable_hello()->set_sensor(sensor);
  std::string bytes;
  append_delimited(bytes, hello.SerializeAsString());
  if (const auto sent = send(bytes, 0, deadline); !sent.has_value()) { return sent.error(); }
  while (!welcome_) {
    const auto heard = listen(deadline);
    if (!heard.has_value()) { return heard.error(); }
    if (!*heard || std::chrono::steady_clock::now() > deadline) {
      return wrong("does not greet in time");
    }
  }
  return {};
}

tl::expected<void, std::string> Session::send(std::string_view frames, std::uint64_t last,
                                              net::Deadline deadline) {
  sent_ = last;
  auto written = connection_.write(frames, deadline);
  if (written.has_value()) { return {}; }
  // Where the collector said why it went, that is the better reason.
  while (true) {
    const auto heard = listen(net::Deadline{});
    if (!heard.has_value()) { return tl::unexpected{heard.error()}; }
    if (!*heard || std::chrono::steady_clock::now() > deadline) { return written; }
  }
}

tl::expected<bool, std::string> Session::listen(net::Deadline deadline) {
  std::array<char, 4096> buffer{};
  auto arrival = connection_.read_some(buffer, deadline);
  switch (arrival.what) {
    case net::Arrival::What::kBytes:
      break;
    case net::Arrival::What::kNothing:
      return false;
    case net::Arrival::What::kEnd:
      return tl::unexpected{connection_.peer() + ": the collector closed the connection"};
    case net::Arrival::What::kCut:
    case net::Arrival::What::kBroken:
      return tl::unexpected{std::move(arrival.problem)};
  }
  auto problem = on_bytes({buffer.data(), arrival.bytes});
  if (!problem.empty()) { return tl::unexpected{std::move(problem)}; }
  return true;
}

std::string Session::on_bytes(std::string_view bytes) {
  frames_.append(bytes);
  while (true) {
    const auto frame = frames_.next();
    if (!frame.has_value()) { return wrong(frame.error()); }
    if (!frame->has_value()) { return {}; }
    v1::CollectorFrame read;
    if (!read.ParseFromArray((*frame)->data(), static_cast<int>((*frame)->size()))) {
      return wrong("what it says cannot be read");
    }
    auto problem = on_frame(read);
    if (!problem.empty()) { return problem; }
  }
}

std::string Session::on_frame(const v1::CollectorFrame& frame) {
  if (frame.has_goodbye()) {
    const auto reason = v1::Goodbye::Reason_Name(frame.goodbye().reason());
    return connection_.peer() + ": the collector ended the connection (" + reason +
           "): " + printable(frame.goodbye().text());
  }
  if (frame.has_welcome() == welcome_) { return wrong("what it says is out of order"); }
  if (frame.has_welcome()) {
    welcome_ = true;
    const auto version = frame.welcome().version();
    if (version == kVersion) { return {}; }
    return wrong("answers with version " + std::to_string(version) + " of the protocol");
  }
  if (frame.has_rejection()) {
    const auto number = frame.rejection().number();
    if (number > sent_ || number <= last_rejected_ || number <= acknowledged_ ||
        rejected_.size() == kMaxRejected) {
      return wrong("rejects what was not sent");
    }
    last_rejected_ = number;
    if (rejected_.empty()) { rejection_ = printable(frame.rejection().reason()); }
    rejected_.push_back(number);
    return {};
  }
  if (!frame.has_acknowledgement()) { return {}; }  // of a later version
  const auto number = frame.acknowledgement().number();
  if (number > sent_ || number < acknowledged_) { return wrong("acknowledges what was not sent"); }
  acknowledged_ = number;
  return {};
}

std::vector<std::uint64_t> Session::take_rejected() {
  return std::exchange(rejected_, {});
}

}  // namespace remora::outputs::stream
