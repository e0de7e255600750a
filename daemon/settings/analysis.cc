#include "daemon/settings/analysis.h"

#include <map>
#include <string>

namespace remora::settings {
namespace {

const std::map<std::string, pipeline::Checksums> kChecksums{
    {"auto", pipeline::Checksums::kAuto},
    {"verify", pipeline::Checksums::kVerify},
    {"ignore", pipeline::Checksums::kIgnore}};
constexpr std::uint64_t kMinMemory = std::uint64_t{16} << 20U;
constexpr std::uint64_t kMaxMemory = std::uint64_t{1} << 40U;
constexpr std::chrono::seconds kMinInterim{10};
constexpr std::chrono::hours kMaxInterim{24};

}  // namespace

Analysis read_analysis(config::Map map) {
  Analysis analysis;
  analysis.memory = map.bytes("memory", analysis.memory, kMinMemory, kMaxMemory);
  analysis.interim_interval =
      map.duration("interim_interval", analysis.interim_interval, kMinInterim, kMaxInterim);
  analysis.checksums = map.word("checksums", kChecksums, analysis.checksums);
  analysis.scan_streams = map.flag("scan_streams", analysis.scan_streams);
  analysis.open_easy_connect = map.flag("open_easy_connect", analysis.open_easy_connect);
  map.done();
  return analysis;
}

}  // namespace remora::settings
