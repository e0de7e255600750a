#include "dissect/drives/io_completion.h"

namespace remora::drives {
namespace {

constexpr std::uint32_t kDirectoryAttribute = 0x10;  // [MS-FSCC] 2.6

}  // namespace

IoCompletion read_io_completion(Cursor& in) {
  IoCompletion completion{};
  completion.device = in.u32le("DeviceId");
  completion.completion = in.u32le("CompletionId");
  completion.status = in.u32le("IoStatus");
  return completion;
}

Created read_created(Cursor& in) {
  const auto file = in.u32le("FileId");
  return {.file = file, .information = in.u8_if_present("Information").value_or(0)};
}

std::uint32_t read_moved(Cursor& in) {
  return in.u32le("Length");
}

Described read_described(Cursor& in, InformationClass what) {
  Described told;
  const auto size = in.u32le("Length");
  auto buffer = in.sub(size, "Buffer");
  switch (what) {
    case InformationClass::kBasic:  // 2.4.7
      buffer.skip(4UL * 8, "times");
      told.directory = (buffer.u32le("FileAttributes") & kDirectoryAttribute) != 0;
      break;
    case InformationClass::kStandard:  // 2.4.41
      buffer.skip(8, "AllocationSize");
      told.end_of_file = buffer.u64le("EndOfFile");
      buffer.skip(4 + 1, "NumberOfLinks, DeletePending");
      told.directory = buffer.u8("Directory") != 0;
      break;
    case InformationClass::kAttributeTag:  // 2.4.6
      told.directory = (buffer.u32le("FileAttributes") & kDirectoryAttribute) != 0;
      break;
    default:
      break;
  }
  return told;
}

}  // namespace remora::drives
