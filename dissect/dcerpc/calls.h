#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/dcerpc/call_pdu.h"
#include "dissect/dcerpc/interfaces.h"
#include "dissect/observation/offer.h"

namespace remora::dcerpc {

/// A call on its way, and one direction's stub as far as it has come.
struct Call {
  std::uint32_t id{0};
  Interface interface {};
  std::uint16_t opnum{0};
  bool by_port{false};  ///< `interface` is taken from the operation: the bind was not seen
  bool ndr{false};      ///< the stub is in NDR, else it cannot be read
  bool little_endian{true};
  bool sealed{false};  ///< some fragment of the stub was ciphered
  bool whole{true};    ///< no fragment of it was missed
  std::vector<std::byte> stub{};
  /// What its request turned out to be: an activation of the novice's service.
  std::optional<observation::OfferSeen::Service> activates{};

  [[nodiscard]] bool readable() const { return whole && ndr && !sealed; }
};

/// The calls of a connection that are read, each from its request to its answer; fragments are put
/// together by call, [C706] 12.6.3.1.
///
/// State: LIMIT kMaxCalls of kMaxStubBytes at most. Beyond either the oldest, or the call, is
/// forgotten.
class Calls {
 public:
  static constexpr std::size_t kMaxCalls = 16;
  static constexpr std::size_t kMaxStubBytes = std::size_t{128} << 10U;

  /// Begins with the first fragment of a request.
  void begin(Call call);
  /// Null for a call that is not read.
  [[nodiscard]] Call* find(std::uint32_t id);
  /// Appends a fragment; null where the stub grew too large, and the call is forgotten.
  [[nodiscard]] Call* add(std::uint32_t id, const PduHeader& header, const StubFragment& fragment);
  void end(std::uint32_t id);
  /// Bytes of a side are missing: no stub that is coming in can be read.
  void spoil();

 private:
  std::vector<Call> calls_;  ///< oldest first
};

}  // namespace remora::dcerpc
