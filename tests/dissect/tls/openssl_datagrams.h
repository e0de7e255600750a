#pragma once

#include <cstddef>

#include "tests/dissect/tls/openssl_talk.h"

namespace remora::tls::testing {

/// What to talk about over datagrams, beside the rest.
struct DatagramSettings {
  TalkSettings talk;       ///< `version` is DTLS1_VERSION or DTLS1_2_VERSION
  bool ask_cookie{false};  ///< the server answers the first hello with a HelloVerifyRequest
  std::size_t mtu{1100};   ///< handshake messages are cut to it
};

/// The same as `talk` over DTLS: each flight is one datagram, a record in each.
[[nodiscard]] Talk talk_in_datagrams(const DatagramSettings& settings);

}  // namespace remora::tls::testing
