#include "dissect/rdp/data_form.h"

#include "capture/base/cursor.h"
#include "dissect/rdp/security_header.h"

namespace remora::rdp {
namespace {

constexpr std::size_t kSecurityHeaderBytes = 4;
constexpr std::size_t kSignatureBytes = 8;

/// The header of a PDU of `size` bytes.
[[nodiscard]] bool is_share_control(Cursor& in, std::size_t size) {
  constexpr std::uint16_t kVersion = 0x0010;
  const auto length = in.u16le("totalLength");
  const auto type = in.u16le("pduType");
  return in.ok() && length == size && (type & 0xfff0U) == kVersion;
}

}  // namespace

bool is_encrypted(ByteView bytes, std::size_t size) {
  Cursor in{bytes};
  const SecurityFlags flags{in.u16le("flags")};
  return in.u16le("flagsHi") == 0 && in.ok() && flags.has(SecurityFlag::kEncrypt) &&
         size > kSecurityHeaderBytes + kSignatureBytes;
}

DataForm data_form_of(ByteView bytes, std::size_t size) {
  if (Cursor bare{bytes}; is_share_control(bare, size)) { return DataForm::kBare; }
  if (is_encrypted(bytes, size)) { return DataForm::kSecured; }
  Cursor in{bytes};
  const SecurityFlags flags{in.u16le("flags")};
  const auto flags_hi = in.u16le("flagsHi");
  if (!in.ok() || flags_hi != 0 || flags.has(SecurityFlag::kEncrypt)) { return DataForm::kUnknown; }
  const auto rest = size - kSecurityHeaderBytes;
  if (flags.has(SecurityFlag::kLicensePkt) || flags.has(SecurityFlag::kInfoPkt)) {
    return rest > 0 ? DataForm::kLone : DataForm::kUnknown;
  }
  return flags.raw() == 0 && is_share_control(in, rest) ? DataForm::kSecured : DataForm::kUnknown;
}

}  // namespace remora::rdp
