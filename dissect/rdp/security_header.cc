#include "dissect/rdp/security_header.h"

namespace remora::rdp {
namespace {

[[nodiscard]] std::uint8_t read_fips_fields(Cursor& in) {
  in.skip(2, "length");
  in.skip(1, "version");
  return in.u8("padlen");
}

}  // namespace

SecurityHeader read_security_header(Cursor& in, EncryptedForm form) {
  const SecurityFlags flags{in.u16le("flags")};
  const auto flags_hi = in.u16le("flagsHi");
  const bool encrypted = flags.has(SecurityFlag::kEncrypt);
  const bool fips = encrypted && form == EncryptedForm::kFips;
  return {.flags = flags,
          .flags_hi = flags_hi,
          .fips_padding = fips ? read_fips_fields(in) : std::uint8_t{0},
          .data_signature = encrypted ? in.bytes(8, "dataSignature") : ByteView{}};
}

}  // namespace remora::rdp
