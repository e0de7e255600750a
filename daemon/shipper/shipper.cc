#include "daemon/shipper/shipper.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/configuration/configuration.h"
#include "daemon/event/kind.h"
#include "daemon/event/size_limit.h"
#include "daemon/log/log.h"
#include "daemon/processes/channel.h"
#include "daemon/processes/resident_memory.h"
#include "daemon/publish/publisher.h"
#include "daemon/shipper/board.h"
#include "daemon/shipper/intake.h"
#include "daemon/shipper/outputs.h"
#include "daemon/shipper/rights.h"
#include "daemon/spool/spool.h"
#include "daemon/watch/admin_server.h"
#include "daemon/watch/metrics.h"
#include "remora/internal/v1/processes.pb.h"

namespace remora::shipper {
namespace {

using configuration::Configuration;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Done = tl::expected<void, std::string>;

/// Events that share the cost of one write to the disk, and how long the first of them waits.
constexpr std::size_t kAtOnce = 500;
constexpr milliseconds kSettle{100};
constexpr std::chrono::seconds kPulse{1};
/// Beyond its `drain` an earlier run may be about to end.
constexpr std::chrono::seconds kWaitForSpool{20};
constexpr milliseconds kLook{200};
/// Where a process died: capturing is to begin anew, and what is left goes out then.
constexpr std::chrono::seconds kAfterDeath{2};

class Shipper {
 public:
  Shipper(processes::Descriptor control, processes::Descriptor reports)
      : supervisor_{io_, std::move(control)}, sensor_{io_, std::move(reports)} {}

  [[nodiscard]] int run();

 private:
  void on_supervisor(std::string_view message);
  void begin(const internal::v1::ShipperSettings& settings);
  [[nodiscard]] Done start();
  [[nodiscard]] Done open_spool();
  [[nodiscard]] Done start_admin();
  void on_report(std::string_view message);
  void on_event(const std::string& bytes);
  void on_sensor_end(const std::string& problem);
  void settle();
  void settle_soon();
  void pulse();
  void tell_outputs();
  void reload(const internal::v1::Configuration& told);
  void refuse(const std::string& reason);
  void reloaded(const std::string& problem);
  void fail(const std::string& problem);
  void finish();
  void say(const internal::v1::FromShipper& message) {
    supervisor_.send(message.SerializeAsString());
  }
  [[nodiscard]] std::string metrics();
  [[nodiscard]] bool begun() const { return outputs_ != nullptr; }

  boost::asio::io_context io_;
  processes::Channel supervisor_;
  processes::Channel sensor_;
  boost::asio::steady_timer pulse_timer_{io_};
  boost::asio::steady_timer settle_timer_{io_};
  const processes::ResidentMemory memory_;  ///< made while files can be opened
  Board board_{REMORA_VERSION};
  Configuration configuration_;
  std::optional<Rights> rights_;  ///< that it was confined to
  std::optional<publish::Publisher> publisher_;
  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<Outputs> outputs_;
  std::optional<watch::AdminServer> admin_;
  std::optional<Configuration> next_;           ///< taken over once its outputs run
  std::optional<publish::Wishes> next_wishes_;  ///< likewise
  bool settling_{false};
  bool spool_refuses_{false};  ///< it did not take all when it was asked last
  bool stopping_{false};
  bool sensor_finished_{false};
  bool died_{false};  ///< the supervisor or the sensor
  int exit_code_{0};
};

int Shipper::run() {
  supervisor_.listen([this](std::string_view message, auto&) { on_supervisor(message); },
                     [this](const std::string&) {
                       died_ = true;
                       // The sensor hears of it too, and ends.
                       if (!begun()) { io_.stop(); }
                     });
  io_.run();
  return exit_code_;
}

void Shipper::on_supervisor(std::string_view message) {
  internal::v1::ToShipper told;
  if (!told.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    return fail("the supervisor says what this version does not understand");
  }
  if (told.has_settings() && !begun()) { return begin(told.settings()); }
  if (!begun()) { return; }
  if (told.has_reload()) { reload(told.reload()); }
  if (told.has_reopen()) { outputs_->reopen(); }
  if (told.has_reload_refused()) { board_.count_reload(false); }
  if (told.has_supervisor_memory_bytes()) {
    board_.figures().memory_bytes["supervisor"] = told.supervisor_memory_bytes();
  }
  if (told.has_stop()) {
    stopping_ = true;
    // What it holds back is to be known.
    sensor_.resume();
  }
}

void Shipper::begin(const internal::v1::ShipperSettings& settings) {
  const auto& source = settings.configuration();
  auto read = configuration::read_text(source.text(), source.name(), spool::Overflow::kGiveUpLeast);
  if (!read.has_value()) { return fail(read.error().front()); }
  configuration_ = std::move(*read);
  log::start("shipper", static_cast<log::Reader>(settings.log_reader()), configuration_.log);
  if (settings.confined()) {
    rights_ = Rights::wanted_by(configuration_);
    if (const auto folder = rights_->reaches_keys_of(configuration_); !folder.empty()) {
      log::warning(
          "the process that sends events may read this folder of keys; give keys a folder "
          "of their own",
          {{"folder", folder}});
    }
    if (auto given_up = rights_->give_up_the_rest(); !given_up.has_value()) {
      return fail(given_up.error());
    }
  }
  if (auto started = start(); !started.has_value()) { fail(started.error()); }
}

Done Shipper::start() {
  auto wishes = configuration_.wishes();
  if (!wishes.has_value()) { return tl::unexpected{std::move(wishes.error())}; }
  publisher_.emplace(std::move(*wishes));
  if (auto opened = open_spool(); !opened.has_value()) { return opened; }
  intake_ = std::make_unique<Intake>(*spool_);
  const auto closed = intake_->close_what_was_left(*publisher_);
  if (!closed.has_value()) { return tl::unexpected{closed.error()}; }
  if (*closed > 0) {
    log::warning("closed sessions that an earlier run left open", {{"sessions", *closed}});
  }
  settle();
  settle_soon();
  auto outputs = Outputs::start(std::move(configuration_.routes.destinations), *spool_);
  if (!outputs.has_value()) { return tl::unexpected{std::move(outputs.error())}; }
  outputs_ = std::move(*outputs);
  if (auto started = start_admin(); !started.has_value()) { return started; }
  sensor_.listen([this](std::string_view message, auto&) { on_report(message); },
                 [this](const std::string& problem) { on_sensor_end(problem); });
  internal::v1::FromShipper ready;
  (void)ready.mutable_ready();
  say(ready);
  pulse();
  return {};
}

Done Shipper::open_spool() {
  const auto end = Clock::now() + configuration_.routes.drain + kWaitForSpool;
  while (true) {
    std::string notice;
    auto spool = spool::Spool::open(configuration_.routes.spool, notice);
    if (!notice.empty()) { log::warning("the spool was damaged", {{"reason", notice}}); }
    if (spool.has_value()) {
      spool_ = std::move(*spool);
      return {};
    }
    // Whatever else is wrong with it will be so then.
    if (!spool::is_in_use(configuration_.routes.spool.path) || Clock::now() >= end) {
      return tl::unexpected{std::move(spool.error())};
    }
    log::info("waits for an earlier run to leave the spool");
    std::this_thread::sleep_for(kLook);
  }
}

Done Shipper::start_admin() {
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

/// It cannot go on; the service manager starts all anew.
void Shipper::fail(const std::string& problem) {
  log::error("cannot go on", {{"reason", problem}});
  exit_code_ = 1;
  io_.stop();
}

/// What the sensor sends is taken for what a stranger sends: he may have found a fault in it.
void Shipper::on_report(std::string_view message) {
  internal::v1::SensorReport report;
  if (!report.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    log::error("a report of the sensor makes no sense, and is left out");
    return;
  }
  if (report.has_counters()) {
    board_.take(report.counters(), configuration_.capture.interfaces, Clock::now());
  }
  if (report.has_finished()) { sensor_finished_ = true; }
  if (report.what_case() == internal::v1::SensorReport::kEvent) { on_event(report.event()); }
}

void Shipper::on_event(const std::string& bytes) {
  v1::Event event;
  if (bytes.size() > kMaxEventBytes || !event.ParseFromString(bytes)) {
    log::error("an event of the sensor is too large, or none, and is left out");
    return;
  }
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
  // Who heard of a session hears of its end.
  if (!publisher_->publish(event, intake_->open_sessions().knows(event.session_id()))) { return; }
  board_.count_event(kind_name(event));
  intake_->add(event);
  if (intake_->held() >= kAtOnce && !spool_refuses_) { settle(); }
  if (intake_->is_full() && !stopping_) {
    sensor_.pause();
    board_.sensor_waits(true);
  }
  settle_soon();
}

void Shipper::settle() {
  auto problem = intake_->settle();
  spool_refuses_ = !problem.empty();
  if (spool_refuses_) {
    log::error("events cannot be spooled, or not all of them", {{"reason", problem}});
  }
  board_.spool_problem(std::move(problem));
  if (intake_->is_full()) { return; }
  board_.sensor_waits(false);
  sensor_.resume();
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
  return watch::to_prometheus(figures);
}

void Shipper::reload(const internal::v1::Configuration& told) {
  if (outputs_->changing()) { return refuse("an earlier reload is not through"); }
  auto read = configuration::read_text(told.text(), told.name(), spool::Overflow::kGiveUpLeast);
  if (!read.has_value()) { return refuse(read.error().front()); }
  if (rights_.has_value()) {
    if (const auto folder = rights_->missing_for(*read); !folder.empty()) {
      return refuse(folder + ": was not granted when the daemon started; restart it");
    }
  }
  auto wishes = read->wishes();
  if (!wishes.has_value()) { return refuse(wishes.error()); }
  next_.emplace(std::move(*read));
  next_wishes_.emplace(std::move(*wishes));
  // Where this file lies is settled when the process begins.
  next_->routes.spool.path = configuration_.routes.spool.path;
  next_->capture = configuration_.capture;
  outputs_->replace(std::move(next_->routes.destinations), [this](const std::string& problem) {
    boost::asio::post(io_, [this, problem] { reloaded(problem); });
  });
}

void Shipper::refuse(const std::string& reason) {
  log::error("the configuration is not taken", {{"reason", reason}});
  board_.count_reload(false);
  internal::v1::FromShipper message;
  message.mutable_reloaded()->set_taken(false);
  say(message);
}

void Shipper::reloaded(const std::string& problem) {
  // Without outputs nothing would ever go out; what is spooled does after a new start.
  if (!problem.empty() || !next_.has_value()) { return fail("the outputs cannot run: " + problem); }
  configuration_ = std::move(*next_);
  publisher_->use(std::move(*next_wishes_));
  log::set(configuration_.log);
  next_.reset();
  next_wishes_.reset();
  board_.count_reload(true);
  internal::v1::FromShipper message;
  message.mutable_reloaded()->set_taken(true);
  say(message);
}

/// What the sensor said before it ended has been read.
void Shipper::on_sensor_end(const std::string& problem) {
  stopping_ = true;
  settle();
  if (!sensor_finished_) {
    exit_code_ = 1;
    died_ = true;
    const auto closed = intake_->close_what_was_left(*publisher_);
    log::error("the sensor process died",
               {{"sessions_closed", closed.value_or(0)}, {"channel", problem}});
    settle();
  }
  finish();
}

void Shipper::finish() {
  const auto patience = died_ ? std::min<milliseconds>(configuration_.routes.drain, kAfterDeath)
                              : configuration_.routes.drain;
  const auto end = Clock::now() + patience;
  while (intake_->held() > 0 && Clock::now() < end) {
    spool_->wait_for_room(kLook);
    settle();
  }
  if (intake_->held() > 0) {
    log::error("events had no room in the spool and are lost", {{"events", intake_->held()}});
    exit_code_ = 1;
  }
  const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
  const bool all = !outputs_->changing() && outputs_->drain(std::max(left, milliseconds{0}));
  tell_outputs();
  if (all) { return io_.stop(); }
  for (const auto& output : configuration_.routes.spool.outputs) {
    const auto waiting = spool_->waiting(output);
    if (waiting == 0) { continue; }
    log::warning("events wait in the spool for the next run",
                 {{"output", output}, {"events", waiting}});
  }
  // An output may be waiting for its receiver, for as long as it is set to: nobody waits for it.
  // What it has on its way stands in the spool.
  std::_Exit(exit_code_);
}

}  // namespace

int run(processes::Descriptor control, processes::Descriptor reports) {
  return Shipper{std::move(control), std::move(reports)}.run();
}

}  // namespace remora::shipper
