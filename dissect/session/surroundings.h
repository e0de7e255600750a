#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/base/address.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"
#include "dissect/session/name_book.h"
#include "dissect/session/networks.h"
#include "dissect/session/recent.h"
#include "dissect/session/session.h"

namespace remora::session {

/// A Kerberos ticket for the terminal service that a machine was given.
struct ServiceTicket {
  std::string host;
  SessionUser user;
  Instant at;
  std::optional<NetworkId> network{};  ///< in which it was given
};

/// What the names of a machine say of whether it is `host`.
enum class HostFit : std::uint8_t { kOther, kUnknown, kSame };
[[nodiscard]] HostFit fit_of(const std::string& host, const std::vector<EndpointName>& names);
/// The same name, or one of them is the other's first label.
[[nodiscard]] bool may_be_same_host(std::string_view one, std::string_view two);

/// What was overheard besides the sessions and may be true of one: names of addresses, routers
/// between two of them, referrals to another server, tickets for a server.
///
/// State: each kind bounded in number and in time. Same calls, same answers.
class Surroundings {
 public:
  /// LIMIT: `names_bytes` for names and leases.
  explicit Surroundings(std::size_t names_bytes);

  /// Takes in what is said, in `network`, of names and leases; anything else changes nothing.
  void overhear(const Finding& finding, const std::optional<NetworkId>& network);

  void remember_router(const IpAddress& from, const IpAddress& to, const RouterOnPath& router,
                       Moment at);
  void remember_ticket(const IpAddress& client, ServiceTicket ticket);
  /// `session` was sent elsewhere by its server.
  void remember_referral(const Session& session, const observation::Redirected& redirected,
                         Moment at);

  /// The machine at `address` says that it has these too.
  void remember_addresses(const IpAddress& address, const std::vector<IpAddress>& also, Moment at);
  /// A user of the machine at `client`.
  void remember_account(const IpAddress& client, const SessionUser& user, Moment at);

  [[nodiscard]] const NameBook& names() const { return names_; }
  [[nodiscard]] std::vector<RouterOnPath> routers(const IpAddress& from, const IpAddress& to,
                                                  Moment now) const;
  /// Gives the one ticket that `client` was given lately and that may be for a server of these
  /// names, and forgets it; none when there are more.
  [[nodiscard]] std::optional<ServiceTicket> take_ticket(const IpAddress& client,
                                                         const std::vector<EndpointName>& server,
                                                         const Networks& networks, Moment now);
  [[nodiscard]] std::vector<IpAddress> addresses(const IpAddress& address, Moment now) const;
  /// The one user of whom the machine told lately; none when there are more.
  [[nodiscard]] std::optional<SessionUser> sole_account(const IpAddress& client, Moment now) const;
  /// The server that sent `client` to `where` (an address as text, or a routing token).
  [[nodiscard]] std::optional<SocketAddress> referrer(const IpAddress& client,
                                                      const std::string& where, Moment now) const;

 private:
  NameBook names_;
  Recent<std::pair<IpAddress, IpAddress>, RouterOnPath> routers_;
  Recent<IpAddress, ServiceTicket> tickets_;
  Recent<std::pair<IpAddress, std::string>, SocketAddress> referrals_;
  Recent<IpAddress, IpAddress> addresses_;
  Recent<IpAddress, SessionUser> accounts_;
};

/// "TERMSRV/host.corp.example" gives the host; anything else nothing.
[[nodiscard]] std::string terminal_server_of(const std::string& service);

}  // namespace remora::session
