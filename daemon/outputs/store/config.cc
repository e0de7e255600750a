#include "daemon/outputs/store/config.h"

namespace remora::outputs::store {
namespace {

constexpr std::chrono::milliseconds kShortest = std::chrono::hours{1};
/// The least in which a day's work fits; below it retention would remove what was just written.
constexpr std::uint64_t kLeastBytes = std::uint64_t{16} << 20U;

}  // namespace

Config read_config(config::Map& map) {
  Config config;
  config.path = map.text("path", "/var/lib/remora/store.db");
  if (config.path.empty()) { map.complain("path", "is empty; name a file"); }
  if (const auto age = map.duration("keep", std::chrono::milliseconds{0}); map.has("keep")) {
    if (age < kShortest) { map.complain("keep", "must be 1h at least"); }
    config.retention.age = age;
  }
  if (const auto bytes = map.bytes("max_bytes", 0); map.has("max_bytes")) {
    if (bytes < kLeastBytes) { map.complain("max_bytes", "must be 16MiB at least"); }
    config.retention.max_bytes = bytes;
  }
  return config;
}

}  // namespace remora::outputs::store
