#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dissect/dcom/dual_string_array.h"
#include "dissect/ndr/guid.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::dcom {

/// LIMIT: interfaces of one activation that are kept; a client asks for a handful.
inline constexpr std::size_t kMaxInterfaces = 64;

/// What a client wants: IRemoteSCMActivator, [MS-DCOM] 3.1.2.5.2.3.
struct ActivationRequest {
  ndr::Guid clsid;
  std::vector<ndr::Guid> iids;
  /// dwSessionId of SpecialPropertiesData, 2.2.22.2.2; absent where any Windows session will do.
  std::optional<std::uint32_t> windows_session_id;
  bool console_session{false};  ///< SPD_FLAG_USE_CONSOLE_SESSION
};

/// What it gets.
struct ActivationReply {
  std::vector<StringBinding> exporter;  ///< of the object: with ports
  std::vector<StringBinding> resolver;  ///< of its machine, out of the object references
  std::uint32_t result{0};              ///< HRESULT
  bool has_properties{false};  ///< without them the object was not made, whatever `result` says
};

/// Stubs of RemoteGetClassObject, opnum 3, and RemoteCreateInstance, opnum 4.
[[nodiscard]] ActivationRequest read_remote_get_class_object(ndr::NdrReader& in);
[[nodiscard]] ActivationRequest read_remote_create_instance(ndr::NdrReader& in);
/// The response of either.
[[nodiscard]] ActivationReply read_activation_reply(ndr::NdrReader& in);

/// Whether an HRESULT tells a failure, [MS-ERREF] 2.1.
[[nodiscard]] constexpr bool is_failure(std::uint32_t hresult) {
  return (hresult >> 31U) != 0;
}

}  // namespace remora::dcom
