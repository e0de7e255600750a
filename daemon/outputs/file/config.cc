#include "daemon/outputs/file/config.h"

#include <filesystem>
#include <map>

namespace remora::outputs::file {
namespace {

const std::map<std::string, event_file::Format> kFormats{
    {"jsonl", event_file::Format::kJsonLines}, {"protobuf", event_file::Format::kProtobuf}};
constexpr unsigned kMaxKeep = 1000;

}  // namespace

Config read_config(config::Map& map) {
  Config config;
  config.path = map.required("path");
  std::error_code ignored;
  if (config.path.ends_with('/') || std::filesystem::is_directory(config.path, ignored)) {
    map.complain("path", "a file is wanted, not a folder");
  }
  config.format = map.word("format", kFormats, config.format);
  config.sync = map.flag("sync", config.sync);
  auto rotate = map.map("rotate");
  config.rotate.bytes = rotate.bytes("bytes", config.rotate.bytes);
  config.rotate.age = rotate.duration("age", config.rotate.age);
  config.rotate.keep =
      static_cast<unsigned>(rotate.number("keep", config.rotate.keep, 0, kMaxKeep));
  rotate.done();
  return config;
}

}  // namespace remora::outputs::file
