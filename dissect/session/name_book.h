#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/frame.h"
#include "dissect/observation/names.h"
#include "dissect/session/leases.h"
#include "dissect/session/networks.h"
#include "dissect/session/session.h"
#include "dissect/session/told_names.h"

namespace remora::session {

/// What the wire said about the names of addresses, for as long as it holds.
///
/// A name is given out only where it is sure to be meant: within the time for which its teller
/// vouched, to a session whose other end is the one that was told, in the network in which it was
/// told, and never across the reuse of an address by another holder.
///
/// State: names and leases by address. LIMIT: bytes. Knows capture time only.
class NameBook {
 public:
  static constexpr std::size_t kDefaultBytes = 32U << 20U;

  explicit NameBook(std::size_t limit_bytes = kDefaultBytes);

  void learn(const observation::NameLearned& learned, Instant at,
             const std::optional<NetworkId>& network = {});
  /// What a machine called itself while it asked for an address; an assignment to it follows.
  void learn_host(const std::string& holder, const std::vector<std::string>& names, Instant at);
  void assign(const observation::AddressAssigned& assigned, Instant at,
              const std::optional<NetworkId>& network = {});
  void release(const IpAddress& address, Instant at, const std::optional<NetworkId>& network = {});

  /// The names of `address` that hold at `now`, as far as they were told to `peer` or to all in one
  /// of `networks`; in the order in which they were learned.
  [[nodiscard]] std::vector<EndpointName> names_of(const IpAddress& address, const IpAddress& peer,
                                                   Moment now, const Networks& networks = {}) const;

  /// Addresses that some of `names` were said to have, other than `address`; as above.
  [[nodiscard]] std::vector<IpAddress> alternatives(const IpAddress& address,
                                                    const std::vector<EndpointName>& names,
                                                    const IpAddress& peer, Moment now,
                                                    const Networks& networks = {}) const;

  /// Whether `address` may have been another machine's at `then`: it changed hands since, or its
  /// holder was not known before.
  [[nodiscard]] bool changed_hands_since(const IpAddress& address, Moment then,
                                         const Networks& networks) const;

  [[nodiscard]] std::size_t memory_bytes() const {
    return told_.memory_bytes() + leases_.memory_bytes();
  }

 private:
  std::uint64_t serial_{0};  ///< of what was told last
  ToldNames told_;
  Leases leases_;
};

/// How the session tells where a name is from.
[[nodiscard]] NameSource to_source(observation::NameKind kind);

}  // namespace remora::session
