#include "daemon/sensor/sensor.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <openssl/crypto.h>

#include "capture/live/live_sources.h"
#include "daemon/confine/calls.h"
#include "daemon/confine/capabilities.h"
#include "daemon/confine/files.h"
#include "daemon/confine/process.h"
#include "daemon/log/log.h"
#include "daemon/processes/channel.h"
#include "daemon/processes/resident_memory.h"
#include "daemon/sensor/analysis.h"
#include "daemon/sensor/capture_loop.h"
#include "daemon/sensor/context.h"
#include "remora/internal/v1/processes.pb.h"

namespace remora::sensor {
namespace {

using internal::v1::SensorSettings;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kTick{1};
/// Key logs are looked at so often, before the frames that came meanwhile are.
constexpr milliseconds kKeyLook{20};
/// LIMIT: bytes of reports that the shipper has not taken; beyond it frames are left to the kernel.
constexpr std::size_t kMostUnsent = std::size_t{16} << 20U;

Moment clock_now() {
  return std::chrono::time_point_cast<Nanoseconds>(std::chrono::system_clock::now());
}

std::vector<capture::LiveSettings> interfaces_of(const SensorSettings& settings) {
  std::vector<capture::LiveSettings> all;
  for (const auto& from : settings.interfaces()) {
    all.push_back({.interface = from.name(),
                   .ring_bytes = from.ring_bytes(),
                   .timeout = milliseconds{from.timeout_ms()},
                   .snap_bytes = static_cast<int>(from.snap_bytes()),
                   .promiscuous = from.promiscuous(),
                   .filter = from.filter(),
                   .only_ports = {settings.only_ports().begin(), settings.only_ports().end()}});
  }
  return all;
}

std::string names_of(const SensorSettings& settings) {
  std::string names;
  for (const auto& interface : settings.interfaces()) {
    names += (names.empty() ? "" : ",") + interface.name();
  }
  return names;
}

/// Every right: capabilities, files, and all calls but those that capturing takes. Sockets come
/// from the supervisor, at the other end of `control`.
tl::expected<void, std::string> give_up_rights(const processes::Descriptor& control) {
  using confine::Role;
  return confine::drop_capabilities(confine::Keep::kNothing)
      .and_then([] { return confine::harden(); })
      .and_then([] { return confine::confine_files(Role::kSensor, {}); })
      .and_then(
          [&](confine::Landlocked) { return confine::confine_calls_of_sensor(control.number()); });
}

log::Settings log_of(const internal::v1::LogSettings& settings) {
  return {.level = static_cast<log::Level>(settings.level()),
          .format = static_cast<log::Format>(settings.format())};
}

/// What captures and analyses, once the settings are there.
class Tap {
 public:
  /// `keys`: the files of the settings; `memory` outlives this, and so do `io` and `reports`.
  Tap(boost::asio::io_context& io, processes::Channel& reports,
      const processes::ResidentMemory& memory, const SensorSettings& settings,
      std::deque<processes::Descriptor>& keys);

  void start();
  void change(const internal::v1::Changes& changes, std::deque<processes::Descriptor>& keys);
  /// Another file has taken the name of a key log.
  void go_on_with(const internal::v1::KeyFiles::File& told,
                  std::deque<processes::Descriptor>& descriptors);
  /// The last frames are read, open sessions closed, everything reported.
  void finish();

 private:
  void on_frame(const Frame& frame);
  void after_read(bool more);
  void read_keys();
  void tick();
  void tell_events(Analysis::Which which);
  void report(const v1::Event& event);
  void report_counters();
  void report_health();

  processes::Channel& reports_;
  const processes::ResidentMemory& memory_;
  SensorSettings settings_;
  Given given_;
  Analysis analysis_;
  capture::LiveSources sources_;
  CaptureLoop loop_;
  boost::asio::steady_timer timer_;
  Nanoseconds lateness_;            ///< frames come so much after they were captured, at most
  Moment last_frame_;               ///< of this turn
  std::optional<Nanoseconds> lag_;  ///< the longest since the last tick
  bool caught_up_{false};           ///< the last turn found no more frames
  bool finished_{false};
  std::chrono::steady_clock::time_point next_health_;
  std::chrono::steady_clock::time_point next_key_look_;
};

Nanoseconds lateness_of(const SensorSettings& settings) {
  Nanoseconds longest = milliseconds{settings.hold_ms()};
  for (const auto& interface : settings.interfaces()) {
    longest = std::max<Nanoseconds>(longest, 2 * milliseconds{interface.timeout_ms()});
  }
  return longest + std::chrono::seconds{1};
}

Tap::Tap(boost::asio::io_context& io, processes::Channel& reports,
         const processes::ResidentMemory& memory, const SensorSettings& settings,
         std::deque<processes::Descriptor>& keys)
    : reports_{reports},
      memory_{memory},
      settings_{settings},
      given_{make_context(settings.keys(), keys, settings.scan_streams(),
                          settings.open_easy_connect())},
      analysis_{settings, names_of(settings), given_.context},
      sources_{interfaces_of(settings),
               {.hold = milliseconds{settings.hold_ms()}},
               [this](const Frame& frame) { on_frame(frame); }},
      loop_{io, sources_, [this](bool more) { after_read(more); }},
      timer_{io},
      lateness_{lateness_of(settings)} {}

void Tap::start() {
  next_health_ = std::chrono::steady_clock::now() + milliseconds{settings_.health_ms()};
  reports_.on_drained([this] { loop_.resume(); });
  tick();
  loop_.resume();
}

void Tap::change(const internal::v1::Changes& changes, std::deque<processes::Descriptor>& keys) {
  // Flows that are open keep what they were given; nobody reads on for them.
  analysis_.on_keys([&] { given_.context->keys.tls().expect_no_more(); });
  given_ = make_context(changes.keys(), keys, changes.scan_streams(), changes.open_easy_connect());
  analysis_.change(given_.context, milliseconds{changes.interim_ms()});
  settings_.set_health_ms(changes.health_ms());
}

void Tap::go_on_with(const internal::v1::KeyFiles::File& told,
                     std::deque<processes::Descriptor>& descriptors) {
  if (descriptors.empty()) { return; }
  auto next = secrets::SecretFile::adopt(descriptors.front().release(), told.name());
  descriptors.pop_front();
  std::vector<std::string> news;
  analysis_.on_keys(
      [&] { given_.logs.go_on_with(std::move(next), given_.context->keys.tls(), news); });
  for (const auto& one : news) { log::info("key log", {{"news", one}}); }
}

/// A key is written before what it opens is sent: it is there when the frame is looked at, where
/// the log is on this machine.
void Tap::read_keys() {
  const auto now = std::chrono::steady_clock::now();
  if (given_.logs.empty() || now < next_key_look_) { return; }
  next_key_look_ = now + kKeyLook;
  if (!given_.logs.have_news()) { return; }
  std::vector<std::string> news;
  analysis_.on_keys([&] { given_.logs.read(given_.context->keys.tls(), news); });
  for (const auto& one : news) { log::warning("key log", {{"news", one}}); }
}

void Tap::on_frame(const Frame& frame) {
  last_frame_ = frame.at.time;
  analysis_.on_frame(frame);
}

void Tap::after_read(bool more) {
  caught_up_ = !more;
  read_keys();
  if (!more) { analysis_.flush(); }
  // A flood of sessions makes more of them than memory has room for.
  tell_events(Analysis::Which::kTooMuch);
  if (last_frame_ != Moment{}) {
    lag_ = std::max(lag_.value_or(Nanoseconds{0}), Nanoseconds{clock_now() - last_frame_});
    last_frame_ = Moment{};
  }
  if (reports_.unsent_bytes() > kMostUnsent) {
    caught_up_ = false;
    loop_.pause();
  }
}

void Tap::tick() {
  if (finished_) { return; }
  loop_.tick();
  for (const auto& news : sources_.take_news()) { log::info("interface", {{"news", news}}); }
  read_keys();
  // While frames wait to be read only they know what time it is.
  if (caught_up_) {
    analysis_.on_time(clock_now() - lateness_);
  } else {
    analysis_.flush();
  }
  tell_events(Analysis::Which::kAll);
  report_counters();
  if (std::chrono::steady_clock::now() >= next_health_) { report_health(); }
  log::tell_left_out();
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) { tick(); }
  });
}

void Tap::tell_events(Analysis::Which which) {
  analysis_.tell(which, [this](const std::unique_ptr<v1::Event>& event) { report(*event); });
}

void Tap::report(const v1::Event& event) {
  internal::v1::SensorReport told;
  told.set_event(event.SerializeAsString());
  reports_.send(told.SerializeAsString());
}

void Tap::report_health() {
  next_health_ = std::chrono::steady_clock::now() + milliseconds{settings_.health_ms()};
  emit::Health lost;
  for (const auto& status : sources_.status()) {
    lost.dropped_by_kernel += status.counts.dropped_by_kernel;
  }
  lost.memory_bytes = memory_.bytes();
  report(*analysis_.health(lost, clock_now()));
}

void Tap::report_counters() {
  internal::v1::SensorReport told;
  auto& counters = *told.mutable_counters();
  for (const auto& status : sources_.status()) {
    auto& to = *counters.add_interfaces();
    to.set_name(status.interface);
    to.set_capturing(status.capturing);
    to.set_packets(status.delivered);
    to.set_bytes(status.delivered_bytes);
    to.set_dropped_by_kernel(status.counts.dropped_by_kernel);
  }
  analysis_.count(counters);
  counters.set_memory_bytes(memory_.bytes());
  if (lag_.has_value()) {
    counters.set_lag_seconds(std::max(std::chrono::duration<double>{*lag_}.count(), 0.0));
    lag_.reset();
  }
  reports_.send(told.SerializeAsString());
}

void Tap::finish() {
  finished_ = true;
  timer_.cancel();
  loop_.pause();
  reports_.on_drained({});
  sources_.drain(capture::LoopTime::clock::now());
  next_key_look_ = {};
  read_keys();
  analysis_.finish();
  tell_events(Analysis::Which::kAll);
  report_counters();
  report_health();
  internal::v1::SensorReport last;
  (void)last.mutable_finished();
  reports_.send(last.SerializeAsString());
}

/// The process: what comes from the supervisor.
class Sensor {
 public:
  Sensor(processes::Descriptor control, processes::Descriptor reports,
         const processes::ResidentMemory& memory)
      : memory_{memory}, control_{io_, std::move(control)}, reports_{io_, std::move(reports)} {}

  [[nodiscard]] int run();

 private:
  void on_message(std::string_view message, std::deque<processes::Descriptor>& descriptors);
  void begin(const SensorSettings& settings, std::deque<processes::Descriptor>& keys);
  void finish();

  boost::asio::io_context io_;
  const processes::ResidentMemory& memory_;
  processes::Channel control_;
  processes::Channel reports_;
  std::unique_ptr<Tap> tap_;
  bool finishing_{false};
};

int Sensor::run() {
  control_.listen(
      [this](std::string_view message, auto& descriptors) { on_message(message, descriptors); },
      [this](const std::string&) { finish(); });
  // The shipper has nothing to say; that it is gone shows here.
  reports_.listen([](std::string_view, auto&) {}, [this](const std::string&) { io_.stop(); });
  io_.run();
  return finishing_ && reports_.unsent_bytes() == 0 ? 0 : 1;
}

void Sensor::on_message(std::string_view message, std::deque<processes::Descriptor>& descriptors) {
  internal::v1::ToSensor told;
  if (!told.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    log::error("the supervisor says what this version does not understand");
    return finish();
  }
  if (told.has_settings() && tap_ == nullptr) { begin(told.settings(), descriptors); }
  if (told.has_changes() && tap_ != nullptr) {
    tap_->change(told.changes(), descriptors);
    log::set(log_of(told.changes().log()));
  }
  if (told.has_key_log() && tap_ != nullptr) { tap_->go_on_with(told.key_log(), descriptors); }
  if (told.has_stop()) { finish(); }
}

void Sensor::begin(const SensorSettings& settings, std::deque<processes::Descriptor>& keys) {
  log::start("sensor", static_cast<log::Reader>(settings.log().reader()), log_of(settings.log()));
  tap_ = std::make_unique<Tap>(io_, reports_, memory_, settings, keys);
  tap_->start();
  internal::v1::FromSensor started;
  (void)started.mutable_started();
  control_.send(started.SerializeAsString());
}

void Sensor::finish() {
  if (std::exchange(finishing_, true)) { return; }
  if (tap_ != nullptr) { tap_->finish(); }
  if (reports_.unsent_bytes() == 0) { return io_.stop(); }
  reports_.on_drained([this] { io_.stop(); });
}

}  // namespace

int run(processes::Descriptor control, processes::Descriptor reports, bool confined) {
  log::start("sensor", log::Reader::kAnybody, {});
  // What reads files, before none can be read.
  (void)OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_ADD_ALL_DIGESTS, nullptr);
  const processes::ResidentMemory memory;
  if (confined) {
    if (auto given_up = give_up_rights(control); !given_up.has_value()) {
      log::error("cannot give up rights", {{"reason", given_up.error()}});
      return 1;
    }
  }
  return Sensor{std::move(control), std::move(reports), memory}.run();
}

}  // namespace remora::sensor
