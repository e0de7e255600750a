#include "dissect/assistance_offer/results.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace remora::assistance_offer {
namespace {

struct Named {
  std::uint32_t code;
  std::string_view name;
};

// [MS-ERREF] 2.1, [MS-RAI] 3.1.4.1.1 and 3.3.4.1.1.
constexpr std::array kResults{
    Named{0x80004002, "E_NOINTERFACE"},
    Named{0x80004003, "E_POINTER"},
    Named{0x80004005, "E_FAIL"},
    Named{0x80010110, "RPC_E_VERSION_MISMATCH"},
    Named{0x8001011d, "RPC_E_INVALID_OBJREF"},
    Named{0x80040154, "REGDB_E_CLASSNOTREG"},
    Named{0x80070005, "E_ACCESSDENIED"},
    Named{0x8007000e, "E_OUTOFMEMORY"},
    Named{0x80070052, "ERROR_CANNOT_MAKE"},
    Named{0x80070057, "E_INVALIDARG"},
    Named{0x80070422, "ERROR_SERVICE_DISABLED"},
    Named{0x80070534, "ERROR_NONE_MAPPED"},
    Named{0x800704ec, "ERROR_ACCESS_DISABLED_BY_POLICY"},
    Named{0x80080004, "CO_E_BAD_PATH"},
    Named{0x80080005, "CO_E_SERVER_EXEC_FAILURE"},
    Named{0x8000401a, "CO_E_RUNAS_LOGON_FAILURE"},
};

// [C706] appendix E, and what Windows sends instead ([MS-RPCE] 3.1.1.5.5).
constexpr std::array kFaults{
    Named{0x00000005, "ERROR_ACCESS_DENIED"},
    Named{0x000006f7, "RPC_X_BAD_STUB_DATA"},
    Named{0x000006bf, "RPC_S_CALL_FAILED_DNE"},
    Named{0x00000721, "RPC_S_SEC_PKG_ERROR"},
    Named{0x1c010002, "nca_op_rng_error"},
    Named{0x1c010003, "nca_unk_if"},
    Named{0x1c01000b, "nca_proto_error"},
    Named{0x1c010014, "nca_server_too_busy"},
    Named{0x1c000006, "nca_s_fault_invalid_tag"},
    Named{0x1c000007, "nca_s_fault_invalid_bound"},
    Named{0x1c00001a, "nca_s_fault_context_mismatch"},
};

template <typename Table>
observation::NamedCode name(const Table& table, std::uint32_t code) {
  const auto known = std::ranges::find(table, code, &Named::code);
  return {.code = code, .name = known == table.end() ? std::string{} : std::string{known->name}};
}

}  // namespace

observation::NamedCode name_result(std::uint32_t hresult) {
  return name(kResults, hresult);
}

observation::NamedCode name_fault(std::uint32_t status) {
  auto fault = name(kFaults, status);
  return fault.name.empty() ? name(kResults, status) : fault;
}

}  // namespace remora::assistance_offer
