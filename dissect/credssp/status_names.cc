#include "dissect/credssp/status_names.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

namespace remora::credssp {
namespace {

struct Name {
  std::uint32_t code;
  std::string_view name;
};

constexpr std::array<Name, 27> kStatus{{
    {0x80090302, "SEC_E_NOT_SUPPORTED"},
    {0x80090308, "SEC_E_INVALID_TOKEN"},
    {0x8009030c, "SEC_E_LOGON_DENIED"},
    {0x8009030f, "SEC_E_MESSAGE_ALTERED"},
    {0x80090322, "SEC_E_WRONG_PRINCIPAL"},
    {0xc000000d, "STATUS_INVALID_PARAMETER"},
    {0xc0000022, "STATUS_ACCESS_DENIED"},
    {0xc000005e, "STATUS_NO_LOGON_SERVERS"},
    {0xc0000064, "STATUS_NO_SUCH_USER"},
    {0xc000006a, "STATUS_WRONG_PASSWORD"},
    {0xc000006d, "STATUS_LOGON_FAILURE"},
    {0xc000006e, "STATUS_ACCOUNT_RESTRICTION"},
    {0xc000006f, "STATUS_INVALID_LOGON_HOURS"},
    {0xc0000070, "STATUS_INVALID_WORKSTATION"},
    {0xc0000071, "STATUS_PASSWORD_EXPIRED"},
    {0xc0000072, "STATUS_ACCOUNT_DISABLED"},
    {0xc00000bb, "STATUS_NOT_SUPPORTED"},
    {0xc0000133, "STATUS_TIME_DIFFERENCE_AT_DC"},
    {0xc000015b, "STATUS_LOGON_TYPE_NOT_GRANTED"},
    {0xc000018c, "STATUS_TRUSTED_DOMAIN_FAILURE"},
    {0xc000018d, "STATUS_TRUSTED_RELATIONSHIP_FAILURE"},
    {0xc0000192, "STATUS_NETLOGON_NOT_STARTED"},
    {0xc0000193, "STATUS_ACCOUNT_EXPIRED"},
    {0xc0000224, "STATUS_PASSWORD_MUST_CHANGE"},
    {0xc0000234, "STATUS_ACCOUNT_LOCKED_OUT"},
    {0xc0000388, "STATUS_DOWNGRADE_DETECTED"},
    {0xc0000413, "STATUS_AUTHENTICATION_FIREWALL_FAILED"},
}};

constexpr std::array<Name, 2> kAuthorization{{
    {0, "AUTHZ_SUCCESS"},
    {5, "AUTHZ_ACCESS_DENIED"},
}};

constexpr std::array<Name, 8> kRdstls{{
    {0x000, "RDSTLS_RESULT_SUCCESS"},
    {0x005, "RDSTLS_RESULT_ACCESS_DENIED"},
    {0x52e, "RDSTLS_RESULT_LOGON_FAILURE"},
    {0x530, "RDSTLS_RESULT_INVALID_LOGON_HOURS"},
    {0x532, "RDSTLS_RESULT_PASSWORD_EXPIRED"},
    {0x533, "RDSTLS_RESULT_ACCOUNT_DISABLED"},
    {0x773, "RDSTLS_RESULT_PASSWORD_MUST_CHANGE"},
    {0x775, "RDSTLS_RESULT_ACCOUNT_LOCKED_OUT"},
}};

[[nodiscard]] observation::NamedCode find(std::span<const Name> table, std::uint32_t code) {
  const auto place = std::ranges::find(table, code, &Name::code);
  return {.code = code, .name = place == table.end() ? std::string{} : std::string{place->name}};
}

}  // namespace

observation::NamedCode named_status(std::uint32_t code) {
  return find(kStatus, code);
}

observation::NamedCode named_authorization_result(std::uint32_t code) {
  return find(kAuthorization, code);
}

observation::NamedCode named_rdstls_result(std::uint32_t code) {
  return find(kRdstls, code);
}

}  // namespace remora::credssp
