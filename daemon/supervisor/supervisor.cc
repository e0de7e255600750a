#include "daemon/supervisor/supervisor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/confine/calls.h"
#include "daemon/confine/files.h"
#include "daemon/confine/packet_sockets.h"
#include "daemon/confine/process.h"
#include "daemon/confine/user.h"
#include "daemon/log/journal.h"
#include "daemon/log/log.h"
#include "daemon/net/address.h"
#include "daemon/processes/channel.h"
#include "daemon/processes/resident_memory.h"
#include "daemon/service/manager.h"
#include "daemon/service/watchdog.h"
#include "daemon/supervisor/children.h"
#include "daemon/supervisor/sensor_settings.h"

namespace remora::supervisor {
namespace {

using Clock = std::chrono::steady_clock;
using Done = tl::expected<void, std::string>;

/// Beyond `drain`: what the sensor's last frames and the shipper's last batches take.
constexpr std::chrono::seconds kBeyondDrain{20};
constexpr std::chrono::seconds kLook{1};
constexpr std::array kSignals{SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD};
/// A pulse is due each second; a disk may take its time.
constexpr std::chrono::seconds kSilence{20};

Done tell_rights(const tl::expected<confine::Landlocked, std::string>& confined) {
  if (!confined.has_value()) { return tl::unexpected{confined.error()}; }
  if (*confined == confine::Landlocked::kNotAvailable) {
    log::warning("this kernel has no Landlock; files are guarded by their owners alone");
  }
  return {};
}

/// Those that it listens to. Until it does they wait.
sigset_t heard_signals() {
  sigset_t signals;
  (void)sigemptyset(&signals);
  for (const auto number : kSignals) { (void)sigaddset(&signals, number); }
  return signals;
}

class Supervisor {
 public:
  explicit Supervisor(Beginning beginning)
      : beginning_{std::move(beginning)}, configuration_{beginning_.source.configuration} {}

  [[nodiscard]] Done start();
  [[nodiscard]] int run();

 private:
  [[nodiscard]] Done become_user() const;
  [[nodiscard]] Done start_children();
  [[nodiscard]] Done confine();
  [[nodiscard]] Done give_settings();
  void listen();
  void answer_sockets();
  void on_sensor(std::string_view message);
  void on_shipper(std::string_view message);
  void on_pulse(const internal::v1::Pulse& pulse);
  void on_signal(int number);
  void on_child(pid_t child, int status);
  void reap();
  void stop();
  [[nodiscard]] std::chrono::milliseconds longest_timeout() const;
  void kill_all();
  void reload();
  void refuse_reload();
  void reloaded(bool taken);
  void tell_what_needs_a_restart(const configuration::Configuration& next) const;
  void ready();
  void settled();
  void look();
  void tell_watchdog(Clock::time_point now);
  void tell_memory();
  void look_at_key_logs();
  static void tell(const service::Manager::Told& told);

  Beginning beginning_;
  processes::ResidentMemory memory_;
  configuration::Configuration& configuration_;  ///< the beginning's
  boost::asio::io_context io_;
  boost::asio::signal_set signals_{io_};
  boost::asio::steady_timer timer_{io_};
  std::optional<service::Manager> manager_;
  std::optional<std::chrono::microseconds> watchdog_;
  log::Reader reader_{log::Reader::kAnybody};
  std::unique_ptr<processes::Channel> sensor_channel_;
  std::unique_ptr<processes::Channel> shipper_channel_;
  processes::Descriptor sensor_end_;
  processes::Descriptor shipper_end_;
  std::optional<confine::PacketSockets> sockets_;
  std::optional<boost::asio::posix::stream_descriptor> asking_;
  std::optional<OpenKeys> keys_;               ///< to be given with the settings
  secrets::KeyLogWatch key_logs_;              ///< those that the sensor follows
  std::optional<configuration::Source> next_;  ///< while the shipper reloads
  pid_t sensor_{-1};                           ///< -1: has ended
  pid_t shipper_{-1};
  bool sensor_started_{false};
  bool shipper_ready_{false};
  bool is_ready_{false};
  bool reload_again_{false};  ///< was told so while it reloaded
  bool told_to_stop_{false};
  bool stopping_{false};
  bool hears_sensor_{true};  ///< as far as the shipper's last word goes
  bool hangs_{false};
  Clock::time_point kill_at_{Clock::time_point::max()};
  Clock::time_point pulse_at_{Clock::now()};
  int exit_code_{0};
};

Done Supervisor::start() {
  const auto signals = heard_signals();
  (void)sigprocmask(SIG_BLOCK, &signals, nullptr);
  reader_ = log::stderr_is_journal() ? log::Reader::kJournal : log::Reader::kAnybody;
  log::start("supervisor", reader_, configuration_.log);
  auto manager = service::Manager::from_environment();
  if (!manager.has_value()) { return tl::unexpected{manager.error()}; }
  manager_.emplace(std::move(*manager));
  auto watchdog = service::take_watchdog();
  if (!watchdog.has_value()) { return tl::unexpected{watchdog.error()}; }
  watchdog_ = *watchdog;
  return become_user()
      .and_then([&]() -> Done {
        auto keys = open_keys(configuration_.keys);
        if (!keys.has_value()) { return tl::unexpected{keys.error()}; }
        keys_.emplace(std::move(*keys));
        return {};
      })
      .and_then([&] { return start_children(); })
      .and_then([&] { return confine(); })
      .and_then([&] { return give_settings(); });
}

Done Supervisor::become_user() const {
  if (confine::is_root() && !beginning_.may_be_root) {
    if (!beginning_.confined) {
      return tl::unexpected{
          std::string{"--unconfined gives up nothing, root neither; start it as a user with "
                      "CAP_NET_RAW, or say --allow-root too"}};
    }
    return confine::become(configuration_.user, confine::Keep::kPacketSockets);
  }
  if (!beginning_.confined) { return {}; }
  return confine::drop_capabilities(confine::Keep::kPacketSockets);
}

Done Supervisor::start_children() {
  auto to_sensor = processes::make_pair();
  auto to_shipper = processes::make_pair();
  auto reports = processes::make_pair();
  for (const auto* pair : {&to_sensor, &to_shipper, &reports}) {
    if (!pair->has_value()) { return tl::unexpected{pair->error()}; }
  }
  std::vector<std::string> arguments{"sensor"};
  if (!beginning_.confined) { arguments.emplace_back("--unconfined"); }
  const auto sensor = start_anew(arguments, Environment::kNone, to_sensor->other, reports->one);
  if (!sensor.has_value()) { return tl::unexpected{sensor.error()}; }
  sensor_ = *sensor;
  sensor_end_ = std::move(to_sensor->one);
  // Its configuration may name variables.
  const auto shipper =
      start_anew({"shipper"}, Environment::kSame, to_shipper->other, reports->other);
  if (!shipper.has_value()) { return tl::unexpected{shipper.error()}; }
  shipper_ = *shipper;
  shipper_end_ = std::move(to_shipper->one);
  return {};
}

/// After the children are there: starting programs is among what goes.
Done Supervisor::confine() {
  if (!beginning_.confined) { return {}; }
  auto sockets = confine::PacketSockets::receive(sensor_end_.number());
  if (!sockets.has_value()) { return tl::unexpected{sockets.error()}; }
  sockets_.emplace(std::move(*sockets));
  auto rights = confine::FileRights{.read_below = confine::system_files(), .write_below = {}};
  rights.read_below.push_back(std::filesystem::path{beginning_.source.name}.parent_path().string());
  for (auto& folder : configuration_.key_files_below()) {
    rights.read_below.push_back(std::move(folder));
  }
  const std::array children{sensor_, shipper_};
  return confine::harden()
      .and_then([&] { return tell_rights(confine_files(confine::Role::kSupervisor, rights)); })
      .and_then([&] { return confine::confine_calls_of_supervisor(children); });
}

Done Supervisor::give_settings() {
  sensor_channel_ = std::make_unique<processes::Channel>(io_, std::move(sensor_end_));
  shipper_channel_ = std::make_unique<processes::Channel>(io_, std::move(shipper_end_));
  internal::v1::ToSensor told;
  *told.mutable_settings() = sensor_settings(configuration_, reader_);
  *told.mutable_settings()->mutable_keys() = keys_->told;
  const bool sent = sensor_channel_->send_now(told.SerializeAsString(), keys_->descriptors());
  key_logs_ = keys_->watch();
  keys_.reset();
  internal::v1::ToShipper shipping;
  auto& settings = *shipping.mutable_settings();
  settings.mutable_configuration()->set_name(beginning_.source.name);
  settings.mutable_configuration()->set_text(beginning_.source.text);
  settings.set_log_reader(static_cast<std::uint32_t>(reader_));
  settings.set_confined(beginning_.confined);
  if (!sent || !shipper_channel_->send_now(shipping.SerializeAsString(), {})) {
    return tl::unexpected{std::string{"the processes of the daemon cannot be reached"}};
  }
  return {};
}

int Supervisor::run() {
  listen();
  look();
  io_.run();
  return exit_code_;
}

void Supervisor::listen() {
  sensor_channel_->listen([this](std::string_view message, auto&) { on_sensor(message); },
                          [](const std::string&) { /* it ends, which SIGCHLD tells */ });
  shipper_channel_->listen([this](std::string_view message, auto&) { on_shipper(message); },
                           [](const std::string&) { /* likewise */ });
  for (const auto number : kSignals) { signals_.add(number); }
  const auto on_signal_next = [this](auto& self) -> void {
    signals_.async_wait([this, self](const boost::system::error_code& error, int number) {
      if (error) { return; }
      on_signal(number);
      self(self);
    });
  };
  on_signal_next(on_signal_next);
  const auto signals = heard_signals();
  (void)sigprocmask(SIG_UNBLOCK, &signals, nullptr);
  if (sockets_.has_value()) {
    asking_.emplace(io_, ::dup(sockets_->descriptor()));
    answer_sockets();
  }
  // One may have ended before signals were listened to.
  reap();
}

void Supervisor::answer_sockets() {
  asking_->async_wait(asking_->wait_read, [this](const boost::system::error_code& error) {
    if (error) { return; }
    if (sockets_->answer() == confine::PacketSockets::Answered::kSensorHasEnded) { return; }
    answer_sockets();
  });
}

void Supervisor::on_sensor(std::string_view message) {
  internal::v1::FromSensor told;
  if (!told.ParseFromArray(message.data(), static_cast<int>(message.size()))) { return; }
  if (told.has_started()) {
    sensor_started_ = true;
    ready();
  }
}

void Supervisor::on_shipper(std::string_view message) {
  internal::v1::FromShipper told;
  if (!told.ParseFromArray(message.data(), static_cast<int>(message.size()))) { return; }
  if (told.has_ready()) {
    shipper_ready_ = true;
    ready();
  }
  if (told.has_pulse()) { on_pulse(told.pulse()); }
  if (told.has_reloaded()) { reloaded(told.reloaded().taken()); }
}

void Supervisor::ready() {
  if (!sensor_started_ || !shipper_ready_ || std::exchange(is_ready_, true)) { return; }
  log::info("ready");
  settled();
}

void Supervisor::on_pulse(const internal::v1::Pulse& pulse) {
  hears_sensor_ = pulse.hears_sensor() || !is_ready_;
  if (!hears_sensor_) { return; }
  pulse_at_ = Clock::now();
  if (stopping_) { return; }
  tell(manager_->status(std::to_string(pulse.capturing()) + " of " +
                        std::to_string(pulse.interfaces()) + " interfaces captured, " +
                        std::to_string(pulse.open_sessions()) + " sessions open"));
}

void Supervisor::tell(const service::Manager::Told& told) {
  if (!told.has_value()) {
    log::warning("the service manager does not listen", {{"reason", told.error()}});
  }
}

void Supervisor::on_signal(int number) {
  switch (number) {
    case SIGCHLD:
      return reap();
    case SIGHUP:
      return reload();
    case SIGUSR1: {
      internal::v1::ToShipper told;
      (void)told.mutable_reopen();
      return shipper_channel_->send(told.SerializeAsString());
    }
    default:
      if (!std::exchange(told_to_stop_, true)) {
        log::info("stops");
        return stop();
      }
      log::warning("ends at once, as it is told a second time");
      exit_code_ = 1;
      kill_all();
      io_.stop();
  }
}

void Supervisor::reap() {
  for (const auto child : {sensor_, shipper_}) {
    int status = 0;
    if (child > 0 && waitpid(child, &status, WNOHANG) == child) { on_child(child, status); }
  }
}

void Supervisor::on_child(pid_t child, int status) {
  const bool is_sensor = child == sensor_;
  (is_sensor ? sensor_ : shipper_) = -1;
  const bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!well || !stopping_) {
    exit_code_ = 1;
    log::error("a process of the daemon ended",
               {{"name", is_sensor ? "sensor" : "shipper"}, {"how", how_it_ended(status)}});
    stop();
  }
  if (sensor_ < 0 && shipper_ < 0) { io_.stop(); }
}

/// The sensor ends first; the shipper sees its end, and follows when all is delivered.
void Supervisor::stop() {
  if (std::exchange(stopping_, true)) { return; }
  tell(manager_->stopping());
  kill_at_ = Clock::now() + configuration_.routes.drain + kBeyondDrain + longest_timeout();
  internal::v1::ToSensor told;
  (void)told.mutable_stop();
  sensor_channel_->send(told.SerializeAsString());
  internal::v1::ToShipper shipping;
  (void)shipping.mutable_stop();
  shipper_channel_->send(shipping.SerializeAsString());
}

/// What the last blocks of the rings may take (LiveSources::drain).
std::chrono::milliseconds Supervisor::longest_timeout() const {
  std::chrono::milliseconds longest{0};
  for (const auto& interface : configuration_.capture.interfaces) {
    longest = std::max(longest, 2 * interface.timeout);
  }
  return longest;
}

void Supervisor::kill_all() {
  for (const auto child : {sensor_, shipper_}) {
    if (child > 0) { (void)::kill(child, SIGKILL); }
  }
}

/// Each second: the watchdog, and whether stopping takes too long.
void Supervisor::look() {
  const auto now = Clock::now();
  if (now >= kill_at_) {
    log::error("stopping takes too long; what is left is ended");
    exit_code_ = 1;
    kill_all();
    return io_.stop();
  }
  tell_watchdog(now);
  tell_memory();
  look_at_key_logs();
  log::tell_left_out();
  auto pause = std::chrono::duration_cast<Clock::duration>(kLook);
  if (watchdog_.has_value()) { pause = std::min<Clock::duration>(pause, *watchdog_ / 2); }
  timer_.expires_after(pause);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) { look(); }
  });
}

/// That all three are alive, or, once, that one of them is not.
void Supervisor::tell_watchdog(Clock::time_point now) {
  if (!watchdog_.has_value()) { return; }
  if (now - pulse_at_ < kSilence || stopping_) { return tell(manager_->alive()); }
  if (std::exchange(hangs_, true)) { return; }
  log::error("a process of the daemon hangs", {{"name", hears_sensor_ ? "shipper" : "sensor"}});
  tell(manager_->hangs());
}

/// For the metrics.
void Supervisor::tell_memory() {
  internal::v1::ToShipper told;
  told.set_supervisor_memory_bytes(memory_.bytes());
  shipper_channel_->send(told.SerializeAsString());
}

/// The sensor has no right to open the file that took the place of a log which it follows.
void Supervisor::look_at_key_logs() {
  if (key_logs_.empty() || stopping_) { return; }
  std::vector<std::string> errors;
  for (const auto& file : key_logs_.replaced(errors)) {
    internal::v1::ToSensor told;
    told.mutable_key_log()->set_kind(internal::v1::KeyFiles::TLS_KEY_LOG);
    told.mutable_key_log()->set_name(file.name());
    const std::array descriptor{file.descriptor()};
    if (!sensor_channel_->send_now(told.SerializeAsString(), descriptor)) {
      log::warning("a key log did not reach the sensor yet", {{"name", file.name()}});
      key_logs_.look_again(file.name());
    }
  }
  for (const auto& error : errors) {
    log::warning("a key log has another file in its place", {{"reason", error}});
  }
}

void Supervisor::reload() {
  if (stopping_) { return; }
  // What changed since may not have been read.
  if (next_.has_value() || !is_ready_) {
    reload_again_ = true;
    return;
  }
  tell(manager_->reloading());
  auto next = beginning_.read_again();
  if (!next.has_value()) {
    for (const auto& problem : next.error()) {
      log::error("the configuration is wrong", {{"reason", problem}});
    }
    return refuse_reload();
  }
  auto keys = open_keys(next->configuration.keys);
  if (!keys.has_value()) {
    log::error("the configuration is wrong", {{"reason", keys.error()}});
    return refuse_reload();
  }
  keys_.emplace(std::move(*keys));
  next_.emplace(std::move(*next));
  internal::v1::ToShipper told;
  told.mutable_reload()->set_name(next_->name);
  told.mutable_reload()->set_text(next_->text);
  shipper_channel_->send(told.SerializeAsString());
}

void Supervisor::refuse_reload() {
  internal::v1::ToShipper told;
  (void)told.mutable_reload_refused();
  shipper_channel_->send(told.SerializeAsString());
  reloaded(false);
}

/// The shipper has taken its part, or has kept what it had: the rest follows it.
void Supervisor::reloaded(bool taken) {
  if (taken && next_.has_value() && keys_.has_value()) {
    const auto& next = next_->configuration;
    tell_what_needs_a_restart(next);
    internal::v1::ToSensor told;
    *told.mutable_changes() = changes(next, reader_);
    *told.mutable_changes()->mutable_keys() = keys_->told;
    if (!sensor_channel_->send_now(told.SerializeAsString(), keys_->descriptors())) {
      log::error("the changes did not reach the sensor, which goes on as it was");
    }
    key_logs_ = keys_->watch();
    log::set(next.log);
    configuration_.routes.drain = next.routes.drain;
    log::info("reloaded");
  } else {
    log::error("the configuration from before goes on");
  }
  next_.reset();
  keys_.reset();
  settled();
}

/// Nothing is being reloaded.
void Supervisor::settled() {
  tell(manager_->ready());
  if (std::exchange(reload_again_, false)) { reload(); }
}

void Supervisor::tell_what_needs_a_restart(const configuration::Configuration& next) const {
  const auto& now = configuration_;
  const auto tell_if = [](bool changed, const char* section) {
    if (changed) {
      log::warning("this section changed, and counts from the next start on",
                   {{"section", section}});
    }
  };
  tell_if(next.sensor_name != now.sensor_name, "sensor");
  tell_if(next.user != now.user, "user");
  tell_if(!(next.capture == now.capture), "capture");
  tell_if(next.analysis.memory != now.analysis.memory ||
              next.analysis.checksums != now.analysis.checksums,
          "analysis");
  tell_if(next.routes.spool.path != now.routes.spool.path ||
              next.routes.spool.max_bytes != now.routes.spool.max_bytes ||
              next.routes.spool.overflow != now.routes.spool.overflow,
          "spool");
  const auto address = [](const watch::Config& admin) {
    return admin.address.has_value() ? net::to_string(*admin.address) : std::string{};
  };
  tell_if(address(next.admin) != address(now.admin), "admin");
}

}  // namespace

int run(Beginning beginning) {
  Supervisor supervisor{std::move(beginning)};
  if (auto started = supervisor.start(); !started.has_value()) {
    log::error("cannot begin", {{"reason", started.error()}});
    return 1;
  }
  return supervisor.run();
}

}  // namespace remora::supervisor
