#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "dissect/conversation/dissector.h"
#include "dissect/http_head/http_head.h"
#include "dissect/upnp/port_mapping_action.h"

namespace remora::upnp {

/// SOAP requests to a router and its answers, on one connection: a mapping is told once the router
/// has agreed.
///
/// State: actions that wait for their answers.
class UpnpDissector final : public Dissector {
 public:
  static constexpr std::size_t kMaxBodyBytes = 16U << 10U;  ///< LIMIT: longer ones are passed over
  static constexpr std::size_t kMaxFramedBytes = 2 * kMaxBodyBytes;  ///< LIMIT: with chunk heads
  static constexpr std::size_t kMaxWaiting = 8;                      ///< LIMIT: pipelined requests
  static constexpr std::uint32_t kMaxMessages = 256;  ///< LIMIT: read of one connection

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  void on_request(const http_head::HttpHead& head, std::string_view body, Findings& out);
  void on_answer(Side from, const http_head::HttpHead& head, std::string_view body, Instant at,
                 Findings& out);

  std::deque<PortMappingAction> waiting_;
  std::uint32_t messages_{0};
};

}  // namespace remora::upnp
