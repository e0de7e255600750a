// Any bytes as a capture file, through the whole street: source, engine, emitter.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "capture/source/open_capture.h"
#include "daemon/emit/emitter.h"
#include "daemon/pipeline/engine.h"
#include "dissect/families.h"
#include "tests/fuzz/demand.h"
#include "tests/support/memory_file.h"

namespace remora::fuzz {
namespace {

using capture::ReadStatus;

// LIMIT: a compressed file may unpack to very much; what comes later is like what came before.
constexpr std::uint64_t kMaxFrames = 2000;

ReadStatus read(capture::FrameSource& source, pipeline::Engine& engine, session::Events& events) {
  Frame frame;
  auto status = ReadStatus::kFrame;
  while (engine.counts().frames < kMaxFrames) {
    status = source.next(frame);
    if (status != ReadStatus::kFrame) { break; }
    demand(frame.wire_bytes >= frame.bytes.size(), "no frame is longer than it was on the wire");
    engine.on_frame(frame, events);
  }
  engine.finish(events);
  return status;
}

void run(std::span<const std::byte> bytes) {
  const remora::testing::MemoryFile file{bytes};
  const auto source = capture::open_capture(file.path());
  if (!source.has_value()) {
    demand(!source.error().reason.empty(), "a refusal has a reason");
    return;
  }
  pipeline::Engine engine{all_families(), {}};
  session::Events events;
  const auto status = read(**source, engine, events);
  demand(status == ReadStatus::kFrame || status == ReadStatus::kEnd ||
             !(*source)->error().reason.empty(),
         "an early end has a reason");
  demand(engine.tracker().open_sessions() == 0, "no session stays open");
  demand(engine.open_flows() == 0, "no flow stays open");
  const emit::Emitter emitter{{.name = "remora", .version = "fuzz", .source = "fuzz"}};
  for (const auto& event : events) {
    const auto told = emitter.to_event(event);
    demand(told->IsInitialized() && !told->SerializeAsString().empty(), "events can be written");
  }
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
