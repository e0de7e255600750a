#pragma once

#include <string>

namespace remora::delivery {

/// How a connection is protected; verification is on unless it is switched off.
struct TlsSettings {
  bool enabled{false};
  std::string ca_file;           ///< PEM; empty: what the system trusts
  std::string certificate_file;  ///< PEM of the client, its chain behind it; empty: none
  std::string key_file;          ///< PEM of the client's key
  std::string server_name;       ///< that the certificate must bear; empty: the host of the address
  bool verify{true};
};

}  // namespace remora::delivery
