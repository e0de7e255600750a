#include "daemon/shipper/shipper.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/event/kind.h"
#include "daemon/log/log.h"
#include "daemon/processes/channel.h"
#include "daemon/processes/resident_memory.h"
#include "daemon/publish/publisher.h"
#include "daemon/shipper/board.h"
#include "daemon/shipper/intake.h"
#include "daemon/shipper/outputs.h"
#include "daemon/spool/spool.h"
#include "daemon/watch/admin_server.h"
#include "daemon/watch/metrics.h"
#include "remora/internal/v1/processes.pb.h"

namespace remora::shipper {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// Events that share the cost of one write to the disk, and how long the first of them waits.
constexpr std::size_t kAtOnce = 500;
constexpr milliseconds kSettle{100};
/// LIMIT: events held while the spool takes none; beyond it the sensor has to wait.
constexpr std::size_t kMostHeld = 20'000;
constexpr std::chrono::seconds kPulse{1};
/// An earlier run may be about to end.
constexpr std::chrono::seconds kWaitForSpool{15};
constexpr milliseconds kLook{200};

class Shipper {
 public:
  explicit Shipper(Beginning beginning);

  /// Fails with why it cannot begin.
  [[nodiscard]] tl::expected<void, std::string> start();
  [[nodiscard]] int run();
  void tell_failure(const std::string& problem);

 private:
  [[nodiscard]] tl::expected<void, std::string> open_spool();
  [[nodiscard]] tl::expected<void, std::string> start_admin();
  void on_supervisor(std::string_view message);
  void on_report(std::string_view message);
  void on_event(const std::string& bytes);
  void on_sensor_end();
  void settle();
  void settle_soon();
  void pulse();
  void tell_outputs();
  void reload();
  void reloaded(const std::string& problem);
  void finish();
  void say(const internal::v1::FromShipper& message) {
    supervisor_.send(message.SerializeAsString());
  }
  [[nodiscard]] std::string metrics();

  boost::asio::io_context io_;
  configuration::Configuration configuration_;
  decltype(Beginning::read_again) read_again_;
  processes::Channel supervisor_;
  processes::Channel sensor_;
  boost::asio::steady_timer pulse_timer_{io_};
  boost::asio::steady_timer settle_timer_{io_};
  const processes::ResidentMemory& memory_;
  const processes::ResidentMemory& supervisor_memory_;
  Board board_;
  std::optional<publish::Publisher> publisher_;
  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<Outputs> outputs_;
  std::optional<watch::AdminServer> admin_;
  std::optional<configuration::Configuration> next_;  ///< taken over once its outputs run
  std::optional<publish::Wishes> next_wishes_;        ///< likewise
  bool settling_{false};
  bool sensor_finished_{false};
  int exit_code_{0};
};

Shipper::Shipper(Beginning beginning)
    : configuration_{std::move(beginning.configuration)},
      read_again_{std::move(beginning.read_again)},
      supervisor_{io_, std::move(beginning.supervisor)},
      sensor_{io_, std::move(beginning.sensor)},
      memory_{*beginning.memory},
      supervisor_memory_{*beginning.supervisor_memory},
      board_{beginning.version} {}

tl::expected<void, std::string> Shipper::start() {
  auto wishes = configuration_.wishes();
  if (!wishes.has_value()) { return tl::unexpected{std::move(wishes.error())}; }
  publisher_.emplace(std::move(*wishes));
  if (auto opened = open_spool(); !opened.has_value()) { return opened; }
  intake_ = std::make_unique<Intake>(*spool_);
  const auto closed = intake_->close_what_was_left();
  if (!closed.has_value()) { return tl::unexpected{closed.error()}; }
  if (*closed > 0) {
    log::warning("closed sessions that an earlier run left open", {{"sessions", *closed}});
  }
  settle();
  auto outputs = Outputs::start(std::move(configuration_.routes.destinations), *spool_);
  if (!outputs.has_value()) { return tl::unexpected{std::move(outputs.error())}; }
  outputs_ = std::move(*outputs);
  if (auto started = start_admin(); !started.has_value()) { return started; }
  supervisor_.listen([this](std::string_view message, auto&) { on_supervisor(message); },
                     [](const std::string&) { /* the sensor hears of it too, and ends */ });
  sensor_.listen([this](std::string_view message, auto&) { on_report(message); },
                 [this](const std::string&) { on_sensor_end(); });
  internal::v1::FromShipper ready;
  (void)ready.mutable_ready();
  say(ready);
  pulse();
  return {};
}

tl::expected<void, std::string> Shipper::open_spool() {
  const auto end = Clock::now() + kWaitForSpool;
  while (true) {
    std::string notice;
    auto spool = spool::Spool::open(configuration_.routes.spool, notice);
    if (!notice.empty()) { log::warning("the spool was damaged", {{"reason", notice}}); }
    if (spool.has_value()) {
      spool_ = std::move(*spool);
      return {};
    }
    if (Clock::now() >= end) { return tl::unexpected{std::move(spool.error())}; }
    std::this_thread::sleep_for(kLook);
  }
}

tl::expected<void, std::string> Shipper::start_admin() {
  if (!configuration_.admin.address.has_value()) { return {}; }
  auto admin = watch::AdminServer::listen(
      io_, *configuration_.admin.address,
      {.metrics = [this] { return metrics(); },
       .healthy = [this] { return board_.healthy(Clock::now()); },
       .ready = [this] { return board_.ready(Clock::now()); },
       .sessions = [this](std::size_t limit) { return intake_->open_sessions().to_json(limit); }});
  if (!admin.has_value()) { return tl::unexpected{std::move(admin.error())}; }
  admin_.emplace(std::move(*admin));
  return {};
}

int Shipper::run() {
  io_.run();
  return exit_code_;
}

void Shipper::tell_failure(const std::string& problem) {
  internal::v1::FromShipper message;
  message.set_failure(problem);
  (void)supervisor_.send_now(message.SerializeAsString(), {});
}

void Shipper::on_supervisor(std::string_view message) {
  internal::v1::ToShipper told;
  if (!told.ParseFromArray(message.data(), static_cast<int>(message.size()))) { return; }
  if (told.has_reload()) { reload(); }
  if (told.has_reopen()) { outputs_->reopen(); }
  if (told.has_reload_refused()) { board_.count_reload(false); }
}

void Shipper::on_report(std::string_view message) {
  internal::v1::SensorReport report;
  if (!report.ParseFromArray(message.data(), static_cast<int>(message.size()))) { return; }
  if (report.has_counters()) { board_.take(report.counters(), Clock::now()); }
  if (report.has_finished()) { sensor_finished_ = true; }
  if (report.what_case() == internal::v1::SensorReport::kEvent) { on_event(report.event()); }
}

void Shipper::on_event(const std::string& bytes) {
  v1::Event event;
  if (!event.ParseFromString(bytes)) { return; }
  if (event.has_sensor_health()) {
    std::uint64_t waiting = 0;
    for (const auto& output : configuration_.routes.spool.outputs) {
      waiting = std::max(waiting, spool_->waiting(output));
    }
    auto& health = *event.mutable_sensor_health();
    health.set_queue_depth(waiting);
    if (const auto lost = board_.lost_by_interfaces(); lost > 0) {
      auto& drop = *health.add_drops();
      drop.set_reason("frame_lost");
      drop.set_where("interface");
      drop.set_count(lost);
    }
  }
  if (!publisher_->publish(event)) { return; }
  board_.count_event(kind_name(event));
  intake_->add(event);
  if (intake_->held() >= kAtOnce) { settle(); }
  settle_soon();
}

void Shipper::settle() {
  auto problem = intake_->settle();
  if (!problem.empty()) {
    log::error("events cannot be spooled, or not all of them", {{"reason", problem}});
  }
  board_.spool_problem(std::move(problem));
  if (intake_->held() >= kMostHeld) {
    sensor_.pause();
  } else {
    sensor_.resume();
  }
}

void Shipper::settle_soon() {
  if (settling_ || intake_->held() == 0) { return; }
  settling_ = true;
  settle_timer_.expires_after(kSettle);
  settle_timer_.async_wait([this](const boost::system::error_code& error) {
    settling_ = false;
    if (error) { return; }
    settle();
    settle_soon();
  });
}

void Shipper::pulse() {
  internal::v1::FromShipper message;
  auto& pulse = *message.mutable_pulse();
  pulse.set_hears_sensor(board_.hears_sensor(Clock::now()));
  pulse.set_interfaces(board_.interfaces());
  pulse.set_capturing(board_.capturing());
  pulse.set_open_sessions(intake_->open_sessions().count());
  say(message);
  tell_outputs();
  log::tell_left_out();
  pulse_timer_.expires_after(kPulse);
  pulse_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) { this->pulse(); }
  });
}

/// Takes in what outputs did, and says what is new of it.
void Shipper::tell_outputs() {
  auto progress = outputs_->progress();
  if (outputs_->changing()) { return; }
  auto& figures = board_.figures().outputs;
  figures.clear();
  for (auto& [name, did] : progress) {
    if (!did.problem.empty()) {
      log::warning("an output has trouble", {{"output", name}, {"reason", did.problem}});
    }
    for (const auto& notice : did.notices) {
      log::warning("an output has a notice", {{"output", name}, {"notice", notice}});
    }
    figures.push_back({.name = name,
                       .queued = spool_->waiting(name),
                       .sent = did.sent,
                       .failed = did.failures,
                       .refused = did.refused,
                       .skipped = did.skipped});
  }
}

std::string Shipper::metrics() {
  tell_outputs();
  auto& figures = board_.figures();
  const auto& sessions = intake_->open_sessions();
  figures.sessions_accepted = sessions.accepted();
  figures.sessions_opened = sessions.count() - figures.sessions_accepted;
  figures.spool_bytes = spool_->used_bytes();
  figures.given_up = spool_->given_up();
  figures.memory_bytes["shipper"] = memory_.bytes();
  figures.memory_bytes["supervisor"] = supervisor_memory_.bytes();
  return watch::to_prometheus(figures);
}

void Shipper::reload() {
  if (outputs_->changing()) { return reloaded("an earlier reload is not through"); }
  auto read = read_again_();
  if (!read.has_value()) {
    for (const auto& problem : read.error()) {
      log::error("the configuration is wrong", {{"reason", problem}});
    }
    return reloaded("the configuration is wrong");
  }
  auto wishes = read->wishes();
  if (!wishes.has_value()) {
    log::error("the configuration is wrong", {{"reason", wishes.error()}});
    return reloaded("the configuration is wrong");
  }
  next_.emplace(std::move(*read));
  next_wishes_.emplace(std::move(*wishes));
  // Where these files lie is settled when the process begins.
  next_->routes.spool.path = configuration_.routes.spool.path;
  next_->admin = configuration_.admin;
  outputs_->replace(std::move(next_->routes.destinations), [this](const std::string& problem) {
    boost::asio::post(io_, [this, problem] { reloaded(problem); });
  });
}

void Shipper::reloaded(const std::string& problem) {
  const bool taken = problem.empty() && next_.has_value();
  if (taken) {
    configuration_ = std::move(*next_);
    publisher_->use(std::move(*next_wishes_));
    log::set(configuration_.log);
  } else {
    log::error("the reload did not succeed", {{"reason", problem}});
  }
  next_.reset();
  next_wishes_.reset();
  board_.count_reload(taken);
  internal::v1::FromShipper message;
  message.mutable_reloaded()->set_taken(taken);
  say(message);
}

/// What the sensor said before it ended has been read.
void Shipper::on_sensor_end() {
  settle();
  if (!sensor_finished_) {
    exit_code_ = 1;
    const auto closed = intake_->close_what_was_left();
    log::error("the sensor process died", {{"sessions_closed", closed.value_or(0)}});
    settle();
  }
  finish();
}

void Shipper::finish() {
  const auto end = Clock::now() + configuration_.routes.drain;
  while (intake_->held() > 0 && Clock::now() < end) {
    spool_->wait_for_room(kLook);
    settle();
  }
  if (intake_->held() > 0) {
    log::error("events had no room in the spool and are lost", {{"events", intake_->held()}});
    exit_code_ = 1;
  }
  const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
  if (!outputs_->drain(std::max(left, milliseconds{0}))) {
    for (const auto& output : configuration_.routes.spool.outputs) {
      const auto waiting = spool_->waiting(output);
      if (waiting == 0) { continue; }
      log::warning("events wait in the spool for the next run",
                   {{"output", output}, {"events", waiting}});
    }
  }
  tell_outputs();
  io_.stop();
}

}  // namespace

int run(Beginning beginning) {
  Shipper shipper{std::move(beginning)};
  if (auto started = shipper.start(); !started.has_value()) {
    log::error("cannot begin", {{"reason", started.error()}});
    shipper.tell_failure(started.error());
    return 1;
  }
  return shipper.run();
}

}  // namespace remora::shipper
