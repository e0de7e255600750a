#include "dissect/drives/io_request.h"

#include "dissect/encoding/utf16.h"

namespace remora::drives {
namespace {

// CreateDisposition, [MS-SMB2] 2.2.13.
constexpr std::uint32_t kOpen = 1;
constexpr std::uint32_t kOpenIf = 3;
constexpr std::uint32_t kOverwriteIf = 5;
// CreateOptions.
constexpr std::uint32_t kDirectoryFile = 0x1;
constexpr std::uint32_t kNonDirectoryFile = 0x40;
constexpr std::uint32_t kDeleteOnClose = 0x1000;
// DesiredAccess, 2.2.13.1.1.
constexpr std::uint32_t kReadData = 0x1;
constexpr std::uint32_t kGenericRead = 0x80000000;
/// WRITE_DATA, APPEND_DATA, DELETE, GENERIC_ALL, GENERIC_WRITE.
constexpr std::uint32_t kChangingAccess = 0x2 | 0x4 | 0x10000 | 0x10000000 | 0x40000000;

/// The end of a path tells most; what is cut off in front is shown as such.
std::string shortened(std::string path) {
  if (path.size() <= kMaxPath) { return path; }
  constexpr std::string_view kCut{"\u2026"};
  auto at = path.size() - (kMaxPath - kCut.size());
  while (at < path.size() && (static_cast<unsigned char>(path[at]) & 0xc0U) == 0x80U) { ++at; }
  return std::string{kCut}.append(path, at);
}

std::string read_path(Cursor& in, std::size_t size, const char* field) {
  return shortened(encoding::utf16le_to_utf8(in.bytes(size, field)));
}

}  // namespace

bool Create::empties() const {
  return disposition <= kOverwriteIf && disposition != kOpen && disposition != kOpenIf;
}

bool Create::changes() const {
  return !is_directory() && (empties() || (access & kChangingAccess) != 0);
}

bool Create::reads_file() const {
  // FILE_LIST_DIRECTORY is the same bit, so that only the option tells them apart.
  return (options & kNonDirectoryFile) != 0 && (access & (kReadData | kGenericRead)) != 0;
}

bool Create::is_directory() const {
  return (options & kDirectoryFile) != 0;
}

bool Create::deletes_on_close() const {
  return (options & kDeleteOnClose) != 0;
}

IoRequest read_io_request(Cursor& in) {
  IoRequest request{};
  request.device = in.u32le("DeviceId");
  request.file = in.u32le("FileId");
  request.completion = in.u32le("CompletionId");
  request.major = static_cast<Major>(in.u32le("MajorFunction"));
  in.skip(4, "MinorFunction");
  return request;
}

Create read_create(Cursor& in) {
  Create create{};
  create.access = in.u32le("DesiredAccess");
  in.skip(8 + 4 + 4, "AllocationSize, FileAttributes, SharedAccess");
  create.disposition = in.u32le("CreateDisposition");
  create.options = in.u32le("CreateOptions");
  const auto size = in.u32le("PathLength");
  create.path = read_path(in, size, "Path");
  return create;
}

Range read_range(Cursor& in) {
  const auto length = in.u32le("Length");
  const auto offset = in.u64le("Offset");
  in.skip(20, "Padding");
  return {.length = length, .offset = offset};
}

Query read_query(Cursor& in) {
  return {.what = static_cast<InformationClass>(in.u32le("FsInformationClass"))};
}

Change read_change(Cursor& in) {
  Change change{.what = static_cast<InformationClass>(in.u32le("FsInformationClass"))};
  const auto size = in.u32le("Length");
  in.skip(24, "Padding");
  if (change.what == InformationClass::kRename) {
    in.skip(2, "ReplaceIfExists, RootDirectory");
    const auto name_size = in.u32le("FileNameLength");
    change.new_path = read_path(in, name_size, "FileName");
  } else if (change.what == InformationClass::kDisposition) {
    // An empty buffer means yes, 2.2.3.3.9.
    change.deletes = size == 0 || in.u8("DeletePending") != 0;
  } else if (change.what == InformationClass::kEndOfFile) {
    change.end_of_file = in.u64le("EndOfFile");
  }
  return change;
}

}  // namespace remora::drives
