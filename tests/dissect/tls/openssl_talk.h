#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <openssl/ssl.h>

#include "capture/base/flow_key.h"

namespace remora::tls::testing {

inline constexpr auto kClient = Side::kInitiator;
inline constexpr auto kServer = Side::kAcceptor;

struct Flight {
  Side from;
  std::vector<std::byte> bytes;
};

/// What a peer says inside.
struct Text {
  Side from;
  std::string bytes;
};

/// What to talk about.
struct TalkSettings {
  int version{TLS1_2_VERSION};
  const char* ciphers{nullptr};      ///< TLS 1.2 and before, OpenSSL's names
  const char* suites{nullptr};       ///< TLS 1.3, likewise
  std::vector<std::string> texts{};  ///< application data, client first, in turn
  std::vector<Text> further{};       ///< after these
  bool extended_master_secret{true};
  bool encrypt_then_mac{true};
  bool update_keys{false};  ///< TLS 1.3: both sides change keys after the first two texts
  bool renegotiate{false};  ///< TLS 1.2: the client does so after the first two texts
};

/// What two OpenSSL peers said to each other over memory, and what they say of it themselves.
struct Talk {
  std::vector<Flight> flights;
  std::string key_log;     ///< as SSLKEYLOGFILE would have it
  std::string server_key;  ///< PEM
  bool good{false};        ///< the handshake was completed
};

[[nodiscard]] Talk talk(const TalkSettings& settings);

/// What both ends of a talk are made of; also of one over datagrams.
void set_up(SSL_CTX* context, const TalkSettings& settings);
void show_certificate(SSL_CTX* server);
[[nodiscard]] std::string server_key_pem();
/// A callback for SSL_CTX_set_keylog_callback: the peer's application data is a std::string.
void keep_log(const SSL* peer, const char* line);

}  // namespace remora::tls::testing
