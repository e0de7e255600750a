#pragma once

#include <cstdint>

#include "dissect/ndr/guid.h"

namespace remora::dcerpc {

/// The interfaces some of whose calls are read.
enum class Interface : std::uint8_t {
  kOther,
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

}  // namespace remora::dcerpc
