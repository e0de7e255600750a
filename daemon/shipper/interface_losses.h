#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace remora::shipper {

/// Frames that network cards lost before the kernel had them, since this was first asked about
/// each. The sensor cannot read that: it has no files.
class InterfaceLosses {
 public:
  /// `folder`: where the kernel tells of interfaces (sysfs-class-net-statistics of its ABI).
  explicit InterfaceLosses(std::string folder = "/sys/class/net") : folder_{std::move(folder)} {}

  /// 0 where it is not told. An interface that was made again begins anew, and what was lost before
  /// counts on.
  [[nodiscard]] std::uint64_t of(const std::string& interface);

 private:
  struct Count {
    std::uint64_t last{0};  ///< as the kernel counted it
    std::uint64_t lost{0};
  };
  [[nodiscard]] std::uint64_t read(const std::string& interface, const char* counter) const;

  std::string folder_;
  std::map<std::string, Count> counts_;  ///< of the interfaces of the configuration
};

}  // namespace remora::shipper
