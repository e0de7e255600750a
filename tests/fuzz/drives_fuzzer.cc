// Messages on "rdpdr" (channel_talk.h). The findings must be the same however a message is cut, and
// what is told of files must make sense (shared_file_laws.h).

#include <cstddef>
#include <cstdint>
#include <span>

#include "dissect/drives/drives_dissector.h"
#include "tests/fuzz/channel_talk.h"
#include "tests/fuzz/shared_file_laws.h"

namespace remora::fuzz {
namespace {

void run(ByteView input) {
  const auto messages = split(input);
  const auto listen = [&](std::size_t piece_bytes) {
    drives::DrivesDissector dissector;
    return hear(dissector, "rdpdr", messages, piece_bytes);
  };
  const auto whole = listen(SIZE_MAX);
  const auto cut = listen(3);
  demand(whole.found == cut.found, "the findings do not depend on how a message is cut");
  demand_sense(whole.found);
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
