#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dissect/observation/named_code.h"
#include "dissect/observation/settings.h"

// What a session that can be read tells of its course.

namespace remora::observation {

/// What the server says of itself in Demand Active, [MS-RDPBCGR] 2.2.1.13.1.
struct ServerPlatform {
  std::string name{};               ///< of the General Capability Set; empty when unspecified
  std::string source_descriptor{};  ///< "RDP"
  std::vector<std::uint16_t> capability_sets{};  ///< their types, in order
  bool operator==(const ServerPlatform&) const = default;
};

/// Deactivate All, 2.2.3.1: a Demand Active may follow.
struct Deactivated {
  bool operator==(const Deactivated&) const = default;
};

/// Monitor Layout PDU, 2.2.12.1: the monitors of the session on the server.
struct MonitorLayoutTold {
  std::vector<Monitor> monitors{};
  bool operator==(const MonitorLayoutTold&) const = default;
};

/// Shutdown Request, 2.2.2.1, or its denial, 2.2.2.2.
struct ShutdownStep {
  bool denied{false};
  bool operator==(const ShutdownStep&) const = default;
};

/// Server Status Info, 2.2.5.2.
struct StatusReported {
  NamedCode status;
  bool operator==(const StatusReported&) const = default;
};

/// Logon Errors Info, 2.2.10.1.1.4.1.1, that tells of no failure.
struct LogonNotified {
  NamedCode type;
  std::optional<NamedCode> data{};                    ///< where it is no Windows session
  std::optional<std::uint32_t> windows_session_id{};  ///< where it is one
  bool operator==(const LogonNotified&) const = default;
};

/// A step of automatic reconnection, 1.3.1.5. Its keys are never kept.
struct AutoReconnectStep {
  enum class What : std::uint8_t {
    kCookieGiven,  ///< by the server, 2.2.4.2
    kCookieShown,  ///< by the client, 2.2.4.3
    kRefused,      ///< by the server, 2.2.4.1
  };
  What what{};
  std::optional<std::uint32_t> logon_id{};  ///< Windows session
  bool operator==(const AutoReconnectStep&) const = default;
};

/// A licensing message, 2.2.1.12 and [MS-RDPELE] 2.2.2. What its kind does not have is absent.
struct LicensingStep {
  std::string message{};    ///< "LICENSE_REQUEST"; empty for a kind that the specification lacks
  std::uint8_t version{0};  ///< of the preamble: 2 or 3
  std::optional<NamedCode> error{};
  std::optional<NamedCode> state_transition{};
  std::optional<std::uint32_t> product_version{};  ///< major and minor in its halves
  std::string company_name{};
  std::string product_id{};
  std::vector<std::string> scopes{};
  std::string license_server{};
  std::string license_server_scope{};
  std::optional<std::uint32_t> platform_id{};
  std::string machine_name{};
  std::string user_name{};
  bool operator==(const LicensingStep&) const = default;
};

}  // namespace remora::observation
