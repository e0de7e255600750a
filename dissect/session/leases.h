#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "capture/base/tunnel.h"
#include "dissect/session/networks.h"

namespace remora::session {

/// Who holds which address, as far as DHCP tells, and since when: what was told of an address
/// before it changed hands is not of the new holder.
///
/// State: LIMIT: bytes, by estimate; beyond kMaxNetworks of an address they are not told apart.
/// Where there is no more room, the lease that was not told again for longest is forgotten, and
/// with it everything that may have been told before it.
class Leases {
 public:
  static constexpr std::size_t kMaxNetworks = 16;

  explicit Leases(std::size_t limit_bytes) : limit_{limit_bytes} {}

  /// `holder`: empty when the address was given back. `serial` orders what is told.
  void assign(const IpAddress& address, const std::optional<NetworkId>& network,
              const std::string& holder, Moment at, std::uint64_t serial);
  /// The machine at the address gave up its NetBIOS names.
  void release_netbios(const IpAddress& address, std::uint64_t serial);

  /// What was told of the address with a lower serial is of another holder.
  [[nodiscard]] std::uint64_t held_from(const IpAddress& address, const Networks& networks) const;
  [[nodiscard]] std::uint64_t netbios_held_from(const IpAddress& address) const;
  /// When it came to its present holder; empty where no lease tells.
  [[nodiscard]] std::optional<Moment> held_since(const IpAddress& address,
                                                 const Networks& networks) const;

  /// What a machine called itself while it asked for an address.
  void learn_host(const std::string& holder, const std::vector<std::string>& names, Instant at);
  struct Host {
    std::vector<std::string> names;
    Instant at;
  };
  /// Null where it did not, or long ago. Borrowed until the next change.
  [[nodiscard]] const Host* host(const std::string& holder, Moment now) const;

  [[nodiscard]] std::size_t memory_bytes() const { return bytes_ + host_bytes_; }

 private:
  struct Lease {
    std::optional<NetworkId> network;
    std::string holder;
    Moment since;
    std::uint64_t serial{0};
  };
  struct AddressHash {
    [[nodiscard]] std::size_t operator()(const IpAddress& address) const;
  };
  struct Entry {
    std::vector<Lease> leases;
    std::uint64_t netbios_serial{0};
    std::list<IpAddress>::iterator age;
  };
  struct HostEntry {
    Host host;
    std::list<std::string>::iterator age;
  };

  [[nodiscard]] Entry& entry(const IpAddress& address);
  [[nodiscard]] const Entry* find(const IpAddress& address) const;
  void forget_oldest();
  void make_room();

  std::size_t limit_;
  std::size_t bytes_{0};
  std::unordered_map<IpAddress, Entry, AddressHash> entries_;
  std::list<IpAddress> by_age_;
  std::uint64_t forgotten_{0};  ///< the highest serial of leases that were forgotten
  std::optional<Moment> forgotten_at_;
  std::size_t host_bytes_{0};
  std::unordered_map<std::string, HostEntry> hosts_;
  std::list<std::string> hosts_by_age_;
};

}  // namespace remora::session
