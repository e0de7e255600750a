#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/time.h"
#include "capture/base/tunnel.h"
#include "dissect/session/session.h"

namespace remora::session {

/// Whom something was told: one machine, or (empty) all.
using Audience = std::optional<IpAddress>;

/// A name that was told of an address.
struct ToldName {
  EndpointName name;
  Moment until;                      ///< to when it holds
  std::optional<NetworkId> network;  ///< in which it was told
  std::uint64_t serial{0};           ///< orders what was told: when this was, the last time
  std::uint64_t order{0};            ///< and the first time; written by ToldNames
};

/// The names that machines were told of addresses, and back.
///
/// State: LIMIT: bytes, by estimate; kMaxNames of an address to one audience. Where there is no
/// more room, what was not told again for longest goes: of the audience itself where it has more
/// than its share, so that one machine's questions do not displace the answers to others.
class ToldNames {
 public:
  static constexpr std::size_t kMaxNames = 16;

  explicit ToldNames(std::size_t limit_bytes) : limit_{limit_bytes} {}

  /// `held_from`: what was told of the address with a lower serial is void.
  void add(const IpAddress& address, const Audience& audience, ToldName told,
           std::uint64_t held_from = 0);
  /// Takes back what all were told.
  void take_back(const IpAddress& address, NameSource source, const std::string& name);

  /// Borrowed until the next change.
  [[nodiscard]] std::span<const ToldName> of(const IpAddress& address,
                                             const Audience& audience) const;
  /// The addresses that the audience was told to have this name. Borrowed likewise.
  [[nodiscard]] std::span<const IpAddress> addresses_of(const std::string& name,
                                                        const Audience& audience) const;

  [[nodiscard]] std::size_t memory_bytes() const { return bytes_; }

 private:
  template <typename What>
  struct ToldTo {
    What what;
    Audience audience;
    bool operator==(const ToldTo&) const = default;
  };
  struct Hash {
    [[nodiscard]] std::size_t operator()(const Audience& audience) const;
    [[nodiscard]] std::size_t operator()(const ToldTo<IpAddress>& key) const;
    [[nodiscard]] std::size_t operator()(const ToldTo<std::string>& key) const;
  };
  using Key = ToldTo<IpAddress>;
  using Ages = std::list<Key>;  ///< what was not told for longest first
  struct Entry {
    std::vector<ToldName> names;
    Ages::iterator among_all;
    Ages::iterator among_its_audience;
  };
  struct Share {
    Ages by_age;
    std::size_t bytes{0};
  };

  [[nodiscard]] Entry& entry(const Key& key);
  void charge(const Audience& audience, std::size_t bytes);
  void discharge(const Audience& audience, std::size_t bytes);
  void keep(const Key& key, Entry& entry, ToldName told);
  void erase(const Key& key, Entry& entry, std::vector<ToldName>::iterator name);
  void drop(Key key);
  void make_room(const Audience& audience);

  std::size_t limit_;
  std::size_t bytes_{0};
  Ages by_age_;
  std::unordered_map<Key, Entry, Hash> entries_;
  std::unordered_map<Audience, Share, Hash> shares_;
  std::unordered_map<ToldTo<std::string>, std::vector<IpAddress>, Hash> owners_;
};

}  // namespace remora::session
