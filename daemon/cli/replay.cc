#include "daemon/cli/replay.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <unistd.h>
#include <utility>

#include "capture/link/link_layer.h"
#include "capture/source/bpf_filter.h"
#include "capture/source/embedded_keys.h"
#include "capture/source/open_capture.h"
#include "daemon/cli/configuration.h"
#include "daemon/cli/followed_keys.h"
#include "daemon/cli/key_files.h"
#include "daemon/cli/messages.h"
#include "daemon/cli/progress.h"
#include "daemon/cli/replay_stats.h"
#include "daemon/cli/shipping.h"
#include "daemon/cli/store_writer.h"
#include "daemon/emit/emitter.h"
#include "daemon/emit/event_orderer.h"
#include "daemon/event/kind.h"
#include "daemon/outputs/event_writer.h"
#include "daemon/pipeline/engine.h"
#include "daemon/publish/publisher.h"
#include "dissect/families.h"

namespace remora::cli {
namespace {

using capture::ReadStatus;

/// Frames looked at together: enough to share the cost of handing them over, and to wait for memory
/// for many flows at once; not so many that they leave the cache meanwhile.
constexpr std::size_t kBatchFrames = 256;

pipeline::EngineSettings settings_of(const ReplayOptions& options) {
  pipeline::EngineSettings settings{.checksums = options.checksums,
                                    .threads = options.threads,
                                    .batch_frames = kBatchFrames,
                                    .context = &options.context};
  settings.limits.memory_bytes = options.memory_mib << 20U;
  return settings;
}

emit::Health health_of(const pipeline::Engine& engine, ReadStatus end) {
  return {.start = engine.counts().first,
          .end = engine.counts().last,
          .frames = engine.counts().frames,
          .wire_bytes = engine.counts().wire_bytes,
          .drops = engine.drops(),
          .flows = engine.flows_opened(),
          .open_flows = engine.open_flows(),
          .open_sessions = engine.tracker().open_sessions(),
          .truncated = end == ReadStatus::kTruncated};
}

/// One run over all files: the output they share, and what is counted.
class Replay {
 public:
  /// `options` and `followed` outlive this.
  Replay(const ReplayOptions& options, FollowedKeys& followed, outputs::ByteSink sink,
         std::unique_ptr<StoreWriter> store)
      : options_{&options},
        followed_{&followed},
        sink_{std::move(sink)},
        store_{std::move(store)},
        writer_{wants_writer(options) ? outputs::make_writer(format(options), sink_) : nullptr},
        progress_{options.progress} {}

  /// False when what the configuration says cannot be done; the reason was told.
  [[nodiscard]] bool configure();

  /// False when the capture could not be read, or not to its end.
  [[nodiscard]] bool read(const std::string& file);
  /// False when the output could not be written. `anything_read`: some capture was.
  [[nodiscard]] bool finish(bool anything_read);

  [[nodiscard]] const ReplayStats& stats() const { return stats_; }
  [[nodiscard]] bool output_failed() const {
    return !failure().empty() || (shipping_ != nullptr && shipping_->failed());
  }

 private:
  [[nodiscard]] static outputs::Format format(const ReplayOptions& options) {
    if (options.format.has_value()) { return *options.format; }
    const bool to_terminal = options.output.empty() && isatty(STDOUT_FILENO) != 0;
    return to_terminal ? outputs::Format::kTable : outputs::Format::kJsonLines;
  }
  [[nodiscard]] const std::string& failure() const {
    return store_ == nullptr || store_->failure().empty() ? sink_.failure() : store_->failure();
  }
  /// Who sends events elsewhere wants them here only when they say so.
  [[nodiscard]] static bool wants_writer(const ReplayOptions& options) {
    return options.config.empty() || options.format.has_value() || !options.output.empty();
  }
  [[nodiscard]] std::unique_ptr<capture::FrameSource> open(const std::string& file) const;
  [[nodiscard]] bool judge_end(const std::string& file, const capture::FrameSource& source,
                               ReadStatus status);
  [[nodiscard]] static bool judge_links(const std::string& file, const pipeline::Engine& engine,
                                        LinkType unsupported);
  void take(session::Events& events, const emit::Emitter& emitter);
  void add(Instant at, std::unique_ptr<v1::Event> event);
  void write_out(bool flush);
  void count(const pipeline::Engine& engine);

  const ReplayOptions* options_;
  FollowedKeys* followed_;
  outputs::ByteSink sink_;
  std::unique_ptr<StoreWriter> store_;            ///< null unless one is wanted
  std::unique_ptr<outputs::EventWriter> writer_;  ///< null where none is wanted
  std::string sensor_name_{"remora"};
  // Null without a configuration.
  std::unique_ptr<publish::Publisher> publisher_;
  std::unique_ptr<Shipping> shipping_;
  emit::EventOrderer orderer_;
  ReplayStats stats_;
  Progress progress_;
};

bool Replay::configure() {
  if (options_->config.empty()) { return true; }
  // Reading files can wait for outputs.
  auto configuration = read_configuration(options_->config, spool::Overflow::kWait);
  if (!configuration.has_value()) { return false; }
  auto wishes = configuration->wishes();
  if (!wishes.has_value()) {
    tell_error(wishes.error());
    return false;
  }
  sensor_name_ = std::move(configuration->sensor_name);
  publisher_ = std::make_unique<publish::Publisher>(std::move(*wishes));
  shipping_ = Shipping::start(std::move(configuration->routes));
  return shipping_ != nullptr;
}

std::unique_ptr<capture::FrameSource> Replay::open(const std::string& file) const {
  auto source = capture::open_capture(file);
  if (!source.has_value()) {
    tell_error(source.error().to_text());
    return nullptr;
  }
  if (options_->bpf.empty()) { return std::move(*source); }
  auto filtered = capture::BpfFilter::wrap(std::move(*source), options_->bpf);
  if (!filtered.has_value()) {
    tell_error("--bpf: " + filtered.error() + "; see pcap-filter(7)");
    return nullptr;
  }
  return std::move(*filtered);
}

bool Replay::read(const std::string& file) {
  const auto source = open(file);
  if (source == nullptr) { return false; }
  const emit::Emitter emitter{{.name = sensor_name_,
                               .version = REMORA_VERSION,
                               .source = std::filesystem::path{file}.filename().string()}};
  auto settings = settings_of(*options_);
  if (settings.threads > 1) { settings.before_packets = source->share_reading(); }
  pipeline::Engine engine{all_families(), settings};
  session::Events events;
  Frame frame;
  LinkType unsupported{};
  auto status = source->next(frame);
  for (; status == ReadStatus::kFrame && !output_failed(); status = source->next(frame)) {
    followed_->look(engine, events);
    engine.on_frame(frame, events);
    if (!capture::is_supported(frame.link)) { unsupported = frame.link; }
    if (!events.empty()) { take(events, emitter); }
    progress_.on_frame(frame);
  }
  followed_->look_for_the_last_time(engine, events);
  engine.finish(events);
  take(events, emitter);
  if (engine.counts().frames > 0) {
    add({.time = engine.counts().last, .frame = FrameNumber{engine.counts().frames}},
        emitter.to_event(health_of(engine, status)));
  }
  count(engine);
  const bool ended_well = judge_end(file, *source, status);
  return judge_links(file, engine, unsupported) && ended_well;
}

bool Replay::judge_end(const std::string& file, const capture::FrameSource& source,
                       ReadStatus status) {
  if (source.odd_records() > 0) {
    tell_warning(file + ": " + std::to_string(source.odd_records()) +
                 " records contradict themselves; what they hold was read");
  }
  if (status == ReadStatus::kTruncated) {
    stats_.truncated = true;
    tell_warning(file + ": " + source.error().to_text() + "; everything before it was processed");
  } else if (status == ReadStatus::kFailed) {
    tell_error(file + ": " + source.error().to_text() + "; everything before it was processed");
    return false;
  }
  return true;
}

bool Replay::judge_links(const std::string& file, const pipeline::Engine& engine,
                         LinkType unsupported) {
  const auto skipped = engine.decapsulator().count(capture::Unwrapped::kUnsupportedLink);
  if (skipped == 0) { return true; }
  const auto text = file + ": " + std::to_string(skipped) + " frames have " +
                    capture::link_type_name(unsupported) +
                    ", which cannot be read; capture on an Ethernet, raw IP, Linux cooked, "
                    "loopback or PPP interface, or convert the file";
  if (skipped == engine.counts().frames) {
    tell_error(text);
    return false;
  }
  tell_warning(text);
  return true;
}

void Replay::take(session::Events& events, const emit::Emitter& emitter) {
  for (const auto& event : events) { add(session::time_of(event), emitter.to_event(event)); }
  events.clear();
  write_out(false);
}

void Replay::add(Instant at, std::unique_ptr<v1::Event> event) {
  orderer_.add(at, std::move(event));
}

void Replay::write_out(bool flush) {
  while (auto event = orderer_.next(flush)) {
    if (publisher_ != nullptr && !publisher_->publish(*event)) { continue; }
    ++stats_.events_by_kind[kind_name(*event)];
    if (writer_ != nullptr) { writer_->write(*event); }
    if (shipping_ != nullptr) { shipping_->add(*event); }
    if (store_ != nullptr) { store_->take(std::move(event)); }
  }
}

void Replay::count(const pipeline::Engine& engine) {
  stats_.packets += engine.counts().frames;
  stats_.bytes += engine.counts().wire_bytes;
  stats_.flows += engine.flows_opened();
  for (const auto& [reason, number] : engine.drops()) { stats_.drops[reason] += number; }
}

bool Replay::finish(bool anything_read) {
  write_out(true);
  // A table that says "no sessions found" of a file that was not read would mislead.
  if (anything_read && writer_ != nullptr) { writer_->finish(); }
  if (store_ != nullptr) { store_->finish(); }
  progress_.finish();
  if (!failure().empty()) { tell_error(failure()); }
  const bool shipped = shipping_ == nullptr || shipping_->finish();
  if (shipping_ != nullptr) {
    stats_.outputs = shipping_->counts();
    stats_.given_up = shipping_->given_up();
    stats_.left_out = publisher_->left_out();
  }
  return shipped && !output_failed();
}

[[nodiscard]] bool write_stats(const std::string& path, const ReplayStats& stats) {
  auto sink = outputs::ByteSink::open(path);
  if (!sink.has_value()) {
    tell_error(sink.error());
    return false;
  }
  sink->write(stats.to_json());
  sink->flush();
  if (!sink->failure().empty()) { tell_error(sink->failure()); }
  return sink->failure().empty();
}

bool follows_key_logs(const ReplayOptions& options) {
  const auto reads_input = std::ranges::find(options.files, "-") != options.files.end();
  return options.follow_key_logs == FollowKeyLogs::kAlways ||
         (options.follow_key_logs == FollowKeyLogs::kAuto && reads_input);
}

/// Reads the operator's keys, and those that the captures bring.
bool gather_keys(ReplayOptions& options, FollowedKeys& followed) {
  auto& ring = options.context.keys;
  const bool follows = follows_key_logs(options);
  for (const auto& file : options.key_logs) {
    if (follows ? !followed.follow(file) : !add_key_log(file, ring)) { return false; }
  }
  if (!add_rsa_keys(options.rsa_keys, options.rsa_passphrase_file, ring)) { return false; }
  const bool any = !options.key_logs.empty() || !options.rsa_keys.empty();
  if (any && !options.memory_locked) {
    tell_warning(
        "keys could not be locked into memory and may be swapped out; raise the limit of "
        "locked memory (ulimit -l)");
  }
  if (options.ignore_embedded_keys) { return true; }
  for (const auto& file : options.files) {
    capture::find_embedded_keys(
        file, [&ring](ByteView log) { (void)ring.tls().add_key_log(as_text(log)); });
  }
  return true;
}

}  // namespace

int replay(ReplayOptions& options) {
  FollowedKeys followed{options.context.keys};
  if (!gather_keys(options, followed)) { return 1; }
  const auto start = std::chrono::steady_clock::now();
  std::unique_ptr<StoreWriter> store;
  if (!options.store.empty()) {
    auto opened = StoreWriter::open(options.store);
    if (!opened.has_value()) {
      tell_error(opened.error());
      return 1;
    }
    store = std::move(*opened);
  }
  auto sink = outputs::ByteSink::open(options.output);
  if (!sink.has_value()) {
    tell_error(sink.error());
    return 1;
  }
  Replay run{options, followed, std::move(*sink), std::move(store)};
  if (!run.configure()) { return 1; }
  bool good = true;
  for (const auto& file : options.files) {
    good = run.read(file) && good;
    if (run.output_failed()) { break; }
  }
  good = run.finish(good || run.stats().packets > 0) && good;
  if (!options.stats.empty()) {
    auto stats = run.stats();
    stats.elapsed = std::chrono::steady_clock::now() - start;
    good = write_stats(options.stats, stats) && good;
  }
  return good ? 0 : 1;
}

}  // namespace remora::cli
