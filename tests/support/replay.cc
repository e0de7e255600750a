#include "tests/support/replay.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <unordered_set>
#include <utility>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>

#include "daemon/emit/emitter.h"
#include "daemon/event/kind.h"
#include "daemon/outputs/json_lines.h"
#include "daemon/pipeline/engine.h"
#include "dissect/families.h"

namespace remora::testing {
namespace {

std::string in_fixed_order(const v1::Event& event) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream{&bytes};
  google::protobuf::io::CodedOutputStream out{&stream};
  out.SetSerializationDeterministic(true);
  event.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

void take(session::Events& events, std::size_t frames, std::vector<ToldEvent>& told) {
  static const emit::Emitter kEmitter{{.name = "remora", .version = "test", .source = "capture"}};
  for (const auto& event : events) {
    auto& added = told.emplace_back();
    added.frames = frames;
    added.event = std::move(*kEmitter.to_event(event));
    added.bytes = in_fixed_order(added.event);
  }
  events.clear();
}

/// Most events of a test were seen before; they are not judged again.
bool survives_json(const ToldEvent& told) {
  static std::unordered_set<std::string> survivors;
  if (survivors.contains(told.bytes)) { return true; }
  v1::Event back;
  const auto read =
      google::protobuf::util::JsonStringToMessage(outputs::to_json_line(told.event), &back);
  if (!read.ok() || in_fixed_order(back) != told.bytes) { return false; }
  survivors.insert(told.bytes);
  return true;
}

class StoryCheck {
 public:
  void follow(const ToldEvent& told) {
    const auto& event = told.event;
    if (!survives_json(told)) { complain(event, "is not the same after a journey through JSON"); }
    if (event.evidence().empty()) { complain(event, "has no evidence"); }
    if (event.has_ticket_created() || event.has_ticket_expired() || event.has_ticket_deleted() ||
        event.has_ticket_rejected()) {
      follow_ticket(event);
      return;
    }
    // Of what carries tickets, or comes before a session; none is concerned.
    if ((event.has_anomaly() || event.has_offer()) && event.session_id().empty()) { return; }
    if (event.has_session_opened()) {
      if (!closed_.try_emplace(event.session_id()).second) { complain(event, "comes twice"); }
      return;
    }
    const auto place = closed_.find(event.session_id());
    if (place == closed_.end()) {
      complain(event, "comes before its session opened");
    } else if (place->second) {
      complain(event, "comes after its session closed");
    } else if (event.has_session_closed()) {
      place->second = true;
    }
  }

  [[nodiscard]] std::string finish() {
    for (const auto& [id, closed] : closed_) {
      if (!closed) { fault_ += "session " + id + " is never closed; "; }
    }
    return fault_;
  }

 private:
  void follow_ticket(const v1::Event& event) {
    if (event.has_ticket_rejected()) { return; }
    if (event.has_ticket_created()) {
      if (!ended_tickets_.try_emplace(event.ticket_id()).second) { complain(event, "comes twice"); }
      return;
    }
    const auto place = ended_tickets_.find(event.ticket_id());
    if (place == ended_tickets_.end()) {
      complain(event, "comes before its ticket was created");
    } else if (std::exchange(place->second, true)) {
      complain(event, "comes after its ticket ended");
    }
  }

  void complain(const v1::Event& event, const std::string& what) {
    fault_ += kind_name(event) + " of session " + event.session_id() + ", ticket " +
              event.ticket_id() + ' ' + what + "; ";
  }

  std::map<std::string, bool> closed_;         ///< by session
  std::map<std::string, bool> ended_tickets_;  ///< by ticket
  std::string fault_;
};

}  // namespace

LoadedCapture load_capture(const std::string& path) {
  LoadedCapture loaded;
  const auto source = capture::open_capture(path);
  if (!source.has_value()) {
    loaded.refused = source.error();
    return loaded;
  }
  Frame frame;
  while ((loaded.end = (*source)->next(frame)) == capture::ReadStatus::kFrame) {
    loaded.frames.push_back({.frame = frame, .bytes = {frame.bytes.begin(), frame.bytes.end()}});
  }
  loaded.error = (*source)->error();
  return loaded;
}

std::vector<std::string> bundled_captures() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{REMORA_PCAPS}) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && extension != ".json" && extension != ".md") {
      paths.push_back(entry.path().string());
    }
  }
  std::ranges::sort(paths);
  return paths;
}

std::string bundled(const std::string& name) {
  return std::string{REMORA_PCAPS} + '/' + name;
}

std::string bundled_capture(const std::string& name) {
  return std::string{REMORA_PCAPS} + '/' + name;
}

std::vector<std::byte> file_bytes(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

Replayed replay(std::span<const OwnedFrame> frames) {
  Replayed replayed;
  pipeline::Engine engine{all_families(), {}};
  session::Events events;
  std::size_t count = 0;
  for (const auto& frame : frames) {
    engine.on_frame(frame.view(), events);
    take(events, ++count, replayed.at_frames);
  }
  engine.finish(events);
  take(events, count, replayed.at_end);
  return replayed;
}

std::string find_fault(const Replayed& replayed) {
  StoryCheck check;
  for (const auto& told : replayed.at_frames) { check.follow(told); }
  for (const auto& told : replayed.at_end) { check.follow(told); }
  return check.finish();
}

}  // namespace remora::testing
