// Messages on "rdpdr", held to the laws of shared_file_laws.h.

#include <cstddef>
#include <cstdint>
#include <span>

#include "dissect/drives/drives_dissector.h"
#include "tests/fuzz/shared_file_laws.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::demand_shared_file_laws<remora::drives::DrivesDissector>(
      "rdpdr", std::as_bytes(std::span{data, size}));
  return 0;
}
