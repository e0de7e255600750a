#include "dissect/assistance/result_names.h"

#include <algorithm>
#include <array>

namespace remora::assistance {
namespace {

struct Name {
  std::uint32_t code;
  std::string_view name;
};

// [MS-RA] 2.2.6; the last one is what version 1 of Windows Vista and later answers, note 6.
constexpr std::array kNames{
    Name{0, "SAFERROR_NOERROR"},
    Name{1, "SAFERROR_NOINFO"},
    Name{3, "SAFERROR_LOCALNOTERROR"},
    Name{4, "SAFERROR_REMOTEBYUSER"},
    Name{5, "SAFERROR_BYSERVER"},
    Name{6, "SAFERROR_DNSLOOKUPFAILED"},
    Name{7, "SAFERROR_OUTOFMEMORY"},
    Name{8, "SAFERROR_CONNECTIONTIMEDOUT"},
    Name{9, "SAFERROR_SOCKETCONNECTFAILED"},
    Name{11, "SAFERROR_HOSTNOTFOUND"},
    Name{12, "SAFERROR_WINSOCKSENDFAILED"},
    Name{14, "SAFERROR_INVALIDIPADDR"},
    Name{15, "SAFERROR_SOCKETRECVFAILED"},
    Name{18, "SAFERROR_INVALIDENCRYPTION"},
    Name{20, "SAFERROR_GETHOSTBYNAMEFAILED"},
    Name{21, "SAFERROR_LICENSINGFAILED"},
    Name{22, "SAFERROR_ENCRYPTIONERROR"},
    Name{23, "SAFERROR_DECRYPTIONERROR"},
    Name{24, "SAFERROR_INVALIDPARAMETERSTRING"},
    Name{25, "SAFERROR_HELPSESSIONNOTFOUND"},
    Name{26, "SAFERROR_INVALIDPASSWORD"},
    Name{27, "SAFERROR_HELPSESSIONEXPIRED"},
    Name{28, "SAFERROR_CANTOPENRESOLVER"},
    Name{29, "SAFERROR_UNKNOWNSESSMGRERROR"},
    Name{30, "SAFERROR_CANTFORMLINKTOUSERSESSION"},
    Name{32, "SAFERROR_RCPROTOCOLERROR"},
    Name{33, "SAFERROR_RCUNKNOWNERROR"},
    Name{34, "SAFERROR_INTERNALERROR"},
    Name{35, "SAFERROR_HELPEERESPONSEPENDING"},
    Name{36, "SAFERROR_HELPEESAIDYES"},
    Name{37, "SAFERROR_HELPEEALREADYBEINGHELPED"},
    Name{38, "SAFERROR_HELPEECONSIDERINGHELP"},
    Name{40, "SAFERROR_HELPEENEVERRESPONDED"},
    Name{41, "SAFERROR_HELPEESAIDNO"},
    Name{42, "SAFERROR_HELPSESSIONACCESSDENIED"},
    Name{43, "SAFERROR_USERNOTFOUND"},
    Name{44, "SAFERROR_SESSMGRERRORNOTINIT"},
    Name{45, "SAFERROR_SELFHELPNOTSUPPORTED"},
    Name{47, "SAFERROR_INCOMPATIBLEVERSION"},
    Name{48, "SAFERROR_SESSIONNOTCONNECTED"},
    Name{50, "SAFERROR_SYSTEMSHUTDOWN"},
    Name{51, "SAFERROR_STOPLISTENBYUSER"},
    Name{52, "SAFERROR_WINSOCK_FAILED"},
    Name{53, "SAFERROR_MISMATCHPARMS"},
    Name{61, "PASSWORDS_DONT_MATCH"},
    Name{300, "SAFERROR_SHADOWEND_BASE"},
    Name{301, "SAFERROR_SHADOWEND_CONFIGCHANGE"},
    Name{302, "SAFERROR_SHADOWEND_UNKNOWN"},
    Name{0x80004005, "E_FAIL"},
};

}  // namespace

std::string_view result_name(std::uint32_t code) {
  const auto place = std::ranges::find(kNames, code, &Name::code);
  return place == kNames.end() ? std::string_view{} : place->name;
}

}  // namespace remora::assistance
