#include "capture/source/open_capture.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "capture/source/byte_reader.h"
#include "capture/source/compressed.h"
#include "capture/source/pcap_file.h"
#include "capture/source/pcapng_file.h"

namespace remora::capture {
namespace {

constexpr const char* kExpected = "expected pcap or pcapng, plain or compressed by gzip or zstd";
constexpr const char* kConvert = "convert it with: editcap -F pcapng <file> <new file>";
constexpr const char* kUnpack = "unpack it first, or compress it with gzip or zstd";
constexpr const char* kRenew = "make a new copy of it, or write it anew with editcap";

/// Starts of files that users take for captures we could read.
struct KnownFormat {
  std::string_view start;
  const char* name;
  const char* advice;
};
constexpr std::array kKnownFormats{
    KnownFormat{{"snoop\0\0\0", 8}, "a Solaris snoop capture", kConvert},
    KnownFormat{"RTSS", "a Microsoft Network Monitor 1 capture", kConvert},
    KnownFormat{"GMBU", "a Microsoft Network Monitor 2 capture", kConvert},
    KnownFormat{"TRSNIFF data", "a DOS Sniffer capture", kConvert},
    KnownFormat{{"XCP\0", 4}, "a Windows Sniffer capture", kConvert},
    KnownFormat{"iptrace ", "an AIX iptrace capture", kConvert},
    KnownFormat{"\x1c\x00\x01\xac", "an Ixia capture", kConvert},
    KnownFormat{{"\xac\x01\x00\x1c", 4}, "an Ixia capture", kConvert},
    KnownFormat{{"\xab\x01\x00\x1c", 4}, "an Ixia capture", kConvert},
    KnownFormat{"\x04\x22\x4d\x18", "compressed by lz4", kUnpack},
    KnownFormat{"\xfd\x37zXZ", "compressed by xz", kUnpack},
    KnownFormat{"BZh", "compressed by bzip2", kUnpack},
    KnownFormat{"PK\x03\x04", "a zip archive", kUnpack},
    KnownFormat{"7z\xbc\xaf", "a 7z archive", kUnpack},
    KnownFormat{"\x1f\x8b", "compressed twice", "unpack it once"},
    KnownFormat{"\x28\xb5\x2f\xfd", "compressed twice", "unpack it once"},
};

bool is_printable(std::byte b) {
  const auto c = to_u8(b);
  return c >= 0x20 && c < 0x7f;
}

/// "#!/bin/sh" in quotes, or the first bytes in hexadecimal.
std::string describe_start(ByteView start) {
  constexpr std::size_t kShownText = 24;
  constexpr std::size_t kShownBytes = 8;
  const auto end = std::ranges::find_if_not(start, is_printable);
  const auto printable = static_cast<std::size_t>(end - start.begin());
  std::string text;
  if (printable >= 3) {
    text += '"';
    text += as_text(start.first(std::min(printable, kShownText)));
    text += '"';
    return text;
  }
  for (const auto byte : start.first(std::min(start.size(), kShownBytes))) {
    std::array<char, 4> digits{};
    (void)std::snprintf(digits.data(), digits.size(), "%02x ", to_u8(byte));
    text += digits.data();
  }
  text.pop_back();
  return text;
}

/// `reason` and `advice` for a file that does not open.
OpenError explain_errno(const std::string& path, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return {.path = path, .reason = "no such file", .advice = "check the path"};
    case EACCES:
    case EPERM:
      return {.path = path,
              .reason = "permission denied",
              .advice = "run as a user who may read it, or change its mode"};
    default:
      return {.path = path,
              .reason = "cannot be opened: " + std::generic_category().message(error),
              .advice = "check the path and the file system"};
  }
}

constexpr std::size_t kStartBytes = 16;

tl::expected<ByteReader, OpenError> open_as_it_is(const std::string& path) {
  const bool standard_input = path == "-";
  const int descriptor = standard_input ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                        : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) { return tl::unexpected{explain_errno(path, errno)}; }
  auto file = std::make_unique<FileBytes>(descriptor);
  struct stat facts {};
  if (::fstat(descriptor, &facts) == 0 && S_ISDIR(facts.st_mode)) {
    return tl::unexpected{
        OpenError{.path = path, .reason = "is a directory", .advice = "name a file in it"}};
  }
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);  // a hint; pipes refuse it
  return ByteReader{std::move(file)};
}

/// Of a start that is neither pcap nor pcapng.
OpenError explain_start(const std::string& path, ByteReader& bytes, ByteView start) {
  if (bytes.error().has_value()) {
    return {.path = path, .reason = bytes.error()->reason, .advice = kRenew};
  }
  if (start.empty()) { return {.path = path, .reason = "empty file", .advice = kExpected}; }
  const auto known = std::ranges::find_if(kKnownFormats, [start](const KnownFormat& format) {
    return as_text(start).starts_with(format.start);
  });
  if (known != kKnownFormats.end()) {
    return {.path = path, .reason = std::string{known->name}, .advice = known->advice};
  }
  return {.path = path,
          .reason = "not a capture file: starts with " + describe_start(start),
          .advice = kExpected};
}

}  // namespace

std::string OpenError::to_text() const {
  return path + ": " + reason + "; " + advice;
}

tl::expected<ByteReader, OpenError> open_bytes(const std::string& path) {
  auto bytes = open_as_it_is(path);
  if (!bytes.has_value()) { return bytes; }
  const auto compression = detect_compression(bytes->peek(kStartBytes));
  if (compression == Compression::kNone) { return bytes; }
  return ByteReader{make_decompressor(compression, std::move(*bytes))};
}

tl::expected<std::unique_ptr<FrameSource>, OpenError> open_capture(const std::string& path,
                                                                   const ReadLimits& limits) {
  auto bytes = open_bytes(path);
  if (!bytes.has_value()) { return tl::unexpected{std::move(bytes.error())}; }
  const auto start = bytes->peek(kStartBytes);
  tl::expected<std::unique_ptr<FrameSource>, std::string> source;
  if (const auto variant = detect_pcap(start); variant.has_value()) {
    source = PcapFile::open(std::move(*bytes), *variant, limits);
  } else if (detect_pcapng(start)) {
    source = PcapngFile::open(std::move(*bytes), limits);
  } else {
    return tl::unexpected{explain_start(path, *bytes, start)};
  }
  if (!source.has_value()) {
    return tl::unexpected{
        OpenError{.path = path, .reason = std::move(source.error()), .advice = kRenew}};
  }
  return std::move(*source);
}

}  // namespace remora::capture
