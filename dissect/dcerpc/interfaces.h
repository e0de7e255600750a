#pragma once

#include <cstdint>
#include <optional>

#include "dissect/ndr/guid.h"

namespace remora::dcerpc {

/// The interfaces some of whose calls are read.
enum class Interface : std::uint8_t {
  kOther,
  kEndpointMapper,
  kSessEnvPublicRpc,
  kObjectExporter,
  kScmActivator,
  kActivation,
  kRemUnknown,  ///< none of its calls, but others follow on the same connection
  kPchService,
  kRaSrv,
};

[[nodiscard]] Interface to_interface(const ndr::Guid& uuid);

/// Whether what a call says, or what its answer does, is read.
[[nodiscard]] bool is_read(Interface interface, std::uint16_t opnum);

/// An interface by which Remote Assistance is offered.
[[nodiscard]] constexpr bool is_offer(Interface interface) {
  return interface == Interface::kPchService || interface == Interface::kRaSrv;
}

/// The interface of an offer at which a connection string would be asked for by this operation:
/// what a call may be of that the connection names no interface for.
[[nodiscard]] std::optional<Interface> offer_by_call(std::uint16_t opnum);

}  // namespace remora::dcerpc
