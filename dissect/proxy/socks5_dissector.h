#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "dissect/conversation/dissector.h"

namespace remora::proxy {

/// SOCKS 5, RFC 1928, with the login of RFC 1929.
///
///   client:  greeting ─►            [login ─►]           request ─►          ─► passed on
///   proxy:            ─► method ─►            [─► status]          ─► reply
///
/// What the proxy says before the request may be missing from the capture; a reply that was
/// captured before the request waits for it. State: who asked, how far it has come, the user's
/// name.
class Socks5Dissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  enum class Stage : std::uint8_t { kGreeting, kRequest, kAnswer };

  [[nodiscard]] std::size_t on_client(ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_login(ByteView bytes, Findings& out);
  [[nodiscard]] std::size_t on_request(ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_proxy(ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_method(ByteView bytes, Findings& out);
  [[nodiscard]] std::size_t on_reply(ByteView bytes, Instant at, Findings& out);

  std::optional<Side> client_;
  Stage stage_{Stage::kGreeting};
  std::optional<std::uint8_t> method_;  ///< that the proxy chose
  std::string user_;
};

}  // namespace remora::proxy
