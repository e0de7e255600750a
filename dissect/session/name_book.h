#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/frame.h"
#include "dissect/observation/names.h"
#include "dissect/session/session.h"

namespace remora::session {

/// What the wire said about the names of addresses, for as long as it holds.
///
/// A name is given out only where it is sure to be meant: within the time for which its teller
/// vouched, to a session whose other end is the one that was told, and never across the reuse of an
/// address by another holder.
///
/// State: names by address. Bounded: see the LIMITs in the source. Knows capture time only.
class NameBook {
 public:
  void learn(const observation::NameLearned& learned, Instant at);
  /// What a machine called itself while it asked for an address; an assignment to it follows.
  void learn_host(const std::string& holder, const std::vector<std::string>& names, Instant at);
  void assign(const observation::AddressAssigned& assigned, Instant at);
  void release(const IpAddress& address);

  /// The names of `address` that hold at `now`, as far as they were told to `peer` or to all;
  /// in the order in which they were learned.
  [[nodiscard]] std::vector<EndpointName> names_of(const IpAddress& address, const IpAddress& peer,
                                                   Moment now) const;

  /// Addresses that some of `names` were said to have, other than `address`; as above.
  [[nodiscard]] std::vector<IpAddress> alternatives(const IpAddress& address,
                                                    const std::vector<EndpointName>& names,
                                                    const IpAddress& peer, Moment now) const;

  [[nodiscard]] std::size_t addresses() const { return known_.size(); }

 private:
  struct Known {
    EndpointName name;
    Moment until;
    std::optional<IpAddress> told_to;
  };
  struct Entry {
    std::vector<Known> names;
    std::string holder;  ///< of the lease; empty where none was seen
  };
  struct Host {
    std::vector<std::string> names;
    Instant at;
  };
  struct AddressHash {
    [[nodiscard]] std::size_t operator()(const IpAddress& address) const;
  };

  [[nodiscard]] Entry& entry(const IpAddress& address);
  void add(const IpAddress& address, Known known);
  void note_owner(const std::string& name, const IpAddress& address);

  std::unordered_map<IpAddress, Entry, AddressHash> known_;
  std::deque<IpAddress> by_age_;  ///< keys of `known_`, oldest first
  std::unordered_map<std::string, std::vector<IpAddress>> owners_;  ///< by name; may be outdated
  std::deque<std::string> owners_by_age_;
  std::unordered_map<std::string, Host> hosts_;  ///< by holder
  std::deque<std::string> hosts_by_age_;
};

/// How the session tells where a name is from.
[[nodiscard]] NameSource to_source(observation::NameKind kind);

}  // namespace remora::session
