#include "dissect/clipboard/pdu.h"

#include <string_view>

#include "dissect/encoding/text.h"
#include "dissect/encoding/utf16.h"

namespace remora::clipboard {
namespace {

constexpr std::uint16_t kAsciiNames = 0x4;     // 2.2.1
constexpr std::uint16_t kGeneral = 1;          // CB_CAPSTYPE_GENERAL, 2.2.2.1.1
constexpr std::uint32_t kUseLongNames = 0x2;   // CB_USE_LONG_FORMAT_NAMES, 2.2.2.1.1.1
constexpr std::uint32_t kSize = 0x1;           // FILECONTENTS_SIZE, 2.2.5.3
constexpr std::uint32_t kHasAttributes = 0x4;  // FD_ATTRIBUTES, 2.2.5.2.3.1
constexpr std::uint32_t kHasSize = 0x40;       // FD_FILESIZE
constexpr std::uint32_t kDirectory = 0x10;     // FILE_ATTRIBUTE_DIRECTORY
constexpr std::size_t kNameBytes = 520;        // fileName
constexpr std::size_t kShortNameBytes = 32;    // 2.2.3.1.1.1
constexpr std::size_t kShortEntryBytes = 4 + kShortNameBytes;

/// Appendix A, note 3.
constexpr std::string_view kFileList{"FileGroupDescriptorW"};
/// As much of it as a short name in UTF-16 holds, 2.2.3.1.1.1.
constexpr std::string_view kFileListCut = kFileList.substr(0, kShortNameBytes / 2 - 1);

/// Whether ASCII text stands here as UTF-16LE, with its terminator, and steps over the text that
/// does.
bool take_long_name(Cursor& in, std::string_view wanted) {
  bool same = true;
  for (std::size_t at = 0; in.ok(); ++at) {
    const auto unit = in.u16le("wszFormatName");
    const bool end = unit == 0;
    if (at < wanted.size()) {
      same = same && unit == static_cast<unsigned char>(wanted[at]);
    } else {
      same = same && at == wanted.size() && end;
    }
    if (end) { return same && at == wanted.size(); }
  }
  return false;
}

/// 2.2.3.1.2.
std::optional<std::uint32_t> find_long(ByteView formats) {
  Cursor in{formats};
  while (in.ok() && !in.at_end()) {
    const auto id = in.u32le("formatId");
    if (take_long_name(in, kFileList)) { return id; }
  }
  return std::nullopt;
}

/// 2.2.3.1.1.
std::optional<std::uint32_t> find_short(ByteView formats, bool ascii) {
  Cursor in{formats};
  while (in.remaining() >= kShortEntryBytes) {
    const auto id = in.u32le("formatId");
    const auto bytes = in.bytes(kShortNameBytes, "formatName");
    const auto name =
        ascii ? encoding::to_utf8(encoding::up_to_nul(bytes)) : encoding::utf16le_to_utf8(bytes);
    if (name == kFileList || (!ascii && name == kFileListCut)) { return id; }
  }
  return std::nullopt;
}

}  // namespace

bool Header::failed() const {
  return (flags & kResponseFail) != 0;
}

bool Header::ascii_names() const {
  return (flags & kAsciiNames) != 0;
}

Header read_header(Cursor& in) {
  Header header{};
  header.type = static_cast<MessageType>(in.u16le("msgType"));
  header.flags = in.u16le("msgFlags");
  header.data_bytes = in.u32le("dataLen");
  return header;
}

bool read_long_names(Cursor& in) {
  const auto sets = in.u16le("cCapabilitiesSets");
  in.skip(2, "pad1");
  for (unsigned i = 0; i < sets && in.ok(); ++i) {
    const auto type = in.u16le("capabilitySetType");
    const auto size = in.u16le("lengthCapability");
    if (size < 4) { break; }
    auto set = in.sub(size - 4U, "capabilityData");
    if (type != kGeneral) { continue; }
    set.skip(4, "version");
    return (set.u32le("generalFlags") & kUseLongNames) != 0;
  }
  return false;
}

std::optional<std::uint32_t> read_file_list_format(Cursor& in, NameForm form, bool ascii) {
  const auto formats = in.rest();
  std::optional<std::uint32_t> id;
  if (form != NameForm::kShort && !ascii) { id = find_long(formats); }
  if (form != NameForm::kLong && !id.has_value()) { id = find_short(formats, ascii); }
  return id;
}

ContentsRequest read_contents_request(Cursor& in) {
  ContentsRequest request{};
  request.stream = in.u32le("streamId");
  request.index = in.u32le("lindex");
  request.size = (in.u32le("dwFlags") & kSize) != 0;
  request.offset = in.u32le("nPositionLow");
  request.offset |= std::uint64_t{in.u32le("nPositionHigh")} << 32U;
  request.length = in.u32le("cbRequested");
  request.lock = in.u32le_if_present("clipDataId");
  return request;
}

FileDescriptor read_file_descriptor(Cursor& in) {
  FileDescriptor file;
  const auto flags = in.u32le("flags");
  in.skip(32, "reserved1");
  const auto attributes = in.u32le("fileAttributes");
  in.skip(16 + 8, "reserved2, lastWriteTime");
  const auto high = in.u32le("fileSizeHigh");
  const auto low = in.u32le("fileSizeLow");
  if ((flags & kHasSize) != 0) { file.size = (std::uint64_t{high} << 32U) | low; }
  file.directory = (flags & kHasAttributes) != 0 && (attributes & kDirectory) != 0;
  file.name = encoding::utf16le_to_utf8(in.bytes(kNameBytes, "fileName"));
  return file;
}

}  // namespace remora::clipboard
