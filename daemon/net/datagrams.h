#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "daemon/net/address.h"

namespace remora::net {

/// What became of a datagram on this machine; what became of it on the way nobody tells.
struct Departure {
  enum class What : std::uint8_t {
    kSent,
    kTooLong,  ///< for UDP or for the path
    kFailed,   ///< `problem` says why; an earlier datagram's refusal may show here
  };
  What what;
  std::string problem;  ///< what, where, what to do
};

/// Sends UDP to one peer. Used by one thread at a time; throws nothing.
class Datagrams {
 public:
  /// Looks the host up and takes its first address. LIMIT: the resolver is waited for.
  [[nodiscard]] static tl::expected<Datagrams, std::string> to(const Address& address);

  Datagrams(Datagrams&&) noexcept;
  Datagrams& operator=(Datagrams&&) noexcept;
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;
  ~Datagrams();

  [[nodiscard]] Departure send(std::string_view datagram);

 private:
  struct Parts;
  explicit Datagrams(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace remora::net
