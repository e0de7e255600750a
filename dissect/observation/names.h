#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"

namespace remora::observation {

/// Which protocol gave a name.
enum class NameKind : std::uint8_t {
  kDns,         ///< A or AAAA answer; the name that was asked for
  kDnsPointer,  ///< PTR answer
  kMdns,
  kLlmnr,
  kNbns,
  kDhcp,
  kTlsSni,  ///< of a TLS connection other than the session's own
  kNtlm,
  kKerberos,
  kSmb,
  kDcom,  ///< string bindings of a machine
};

/// Something on the wire says that `address` is called `name`.
struct NameLearned {
  IpAddress address;
  std::string name;  ///< UTF-8, as seen, without a final dot
  NameKind kind{};
  /// For how long the teller vouches for it; absent where the protocol has no such thing.
  std::optional<std::chrono::seconds> ttl{};
  /// Whom it was told. Absent: everybody (multicast, a lease, the machine's own word).
  std::optional<IpAddress> told_to{};
  /// Whom it was told is whoever the bytes went to: a dissector of streams does not know addresses.
  bool told_to_receiver{false};
  bool operator==(const NameLearned&) const = default;
};

/// What a machine calls itself while it asks for an address; an AddressAssigned of the same holder
/// may follow.
struct HostNamed {
  std::string holder;              ///< as in AddressAssigned
  std::vector<std::string> names;  ///< host name and FQDN, as far as told; UTF-8; at least one
  bool operator==(const HostNamed&) const = default;
};

/// A DHCP server gave `address` away. What was known of the address belonged to another machine
/// unless `holder` is the same as before.
struct AddressAssigned {
  IpAddress address;
  std::string holder;              ///< client identifier, DUID or hardware address, in hex
  std::vector<std::string> names;  ///< host name and FQDN, as far as told; UTF-8
  std::optional<std::chrono::seconds> lease{};
  bool operator==(const AddressAssigned&) const = default;
};

/// The holder gave its lease back, or a NetBIOS name was released: nothing known before holds.
struct AddressReleased {
  IpAddress address;
  bool operator==(const AddressReleased&) const = default;
};

/// A machine used an account in clear, or was given a ticket for a service.
struct AccountSeen {
  enum class Kind : std::uint8_t { kNtlm, kKerberos };
  Kind kind{};
  IpAddress client;                 ///< the machine whose user it is
  std::optional<IpAddress> server;  ///< to which it logs on; absent for Kerberos
  std::string user;                 ///< without domain
  std::string domain;               ///< NetBIOS or DNS domain, realm
  std::string service{};            ///< Kerberos: "TERMSRV/host.corp.example"
  bool operator==(const AccountSeen&) const = default;
};

/// Something on a stream says what the machine at one of its ends is called. Its address is that of
/// the flow: a dissector of streams knows sides only.
struct EndNamed {
  Side whose{};
  std::string name;  ///< UTF-8, as seen, without a final dot
  NameKind kind{};
  /// The other end's word for it, which it may have from anywhere; else the machine's own.
  bool told_to_peer{false};
  bool operator==(const EndNamed&) const = default;
};

/// AccountSeen on a stream: `client` is the side whose user it is; NTLM logs on to the other side,
/// and Kerberos on a stream is told by a key distribution centre, which is no server of the
/// account.
struct EndAccount {
  AccountSeen::Kind kind{};
  Side client{};
  std::string user;       ///< without domain; empty where only the service is known
  std::string domain;     ///< NetBIOS or DNS domain, realm
  std::string service{};  ///< Kerberos: "TERMSRV/host.corp.example"
  bool operator==(const EndAccount&) const = default;
};

/// What the RDP client's machine calls itself on the channel of its devices, [MS-RDPEFS] 2.2.2.4.
/// It speaks of this session's client, whoever has its address.
struct ClientNamed {
  std::string name;  ///< UTF-8
  bool operator==(const ClientNamed&) const = default;
};

}  // namespace remora::observation
