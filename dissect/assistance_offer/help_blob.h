#pragma once

#include <string>
#include <string_view>

namespace remora::assistance_offer {

/// An account as it is written: "DOMAIN\user", "user@domain" or "user".
struct Account {
  std::string user;
  std::string domain;
  bool operator==(const Account&) const = default;
};
[[nodiscard]] Account parse_account(std::string_view text);

/// The account of the expert in bstrUserHelpBlob, [MS-RAI] 3.1.4.1.1: counted items, as in
/// "13;UNSOLICITED=118;ID=EXDOMAIN\EXUSER". Empty where there is none.
[[nodiscard]] Account parse_help_blob(std::string_view blob);

}  // namespace remora::assistance_offer
