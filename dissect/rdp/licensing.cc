#include "dissect/rdp/licensing.h"

#include "dissect/encoding/text.h"
#include "dissect/encoding/utf16.h"

namespace remora::rdp {
namespace {

constexpr std::size_t kRandomBytes = 32;
constexpr std::size_t kPreambleBytes = 4;

/// LICENSE_BINARY_BLOB, 2.2.1.12.1.2. The type is not judged: receivers ignore it when it is empty.
[[nodiscard]] ByteView read_blob(Cursor& in, const char* field) {
  in.skip(2, field);
  const auto size = in.u16le(field);
  return in.bytes(size, field);
}

[[nodiscard]] std::string read_text_blob(Cursor& in, const char* field) {
  return encoding::to_utf8(encoding::up_to_nul(read_blob(in, field)));
}

[[nodiscard]] std::string read_unicode(Cursor& in, const char* size_field, const char* field) {
  const auto size = in.u32le(size_field);
  return encoding::utf16le_to_utf8(in.bytes(size, field));
}

[[nodiscard]] LicenseErrorMessage read_error_message(Cursor& in) {
  return {.error_code = in.u32le("dwErrorCode"), .state_transition = in.u32le("dwStateTransition")};
}

[[nodiscard]] ServerLicenseRequest read_license_request(Cursor& in) {
  in.skip(kRandomBytes, "ServerRandom");
  return {.product_version = in.u32le("dwVersion"),
          .company_name = read_unicode(in, "cbCompanyName", "pbCompanyName"),
          .product_id = read_unicode(in, "cbProductId", "pbProductId")};
}

[[nodiscard]] NewLicenseRequest read_new_license_request(Cursor& in) {
  in.skip(4, "PreferredKeyExchangeAlg");
  const auto platform_id = in.u32le("PlatformId");
  in.skip(kRandomBytes, "ClientRandom");
  (void)read_blob(in, "EncryptedPreMasterSecret");
  return {.platform_id = platform_id,
          .client_user_name = read_text_blob(in, "ClientUserName"),
          .client_machine_name = read_text_blob(in, "ClientMachineName")};
}

}  // namespace

LicensingPdu read_licensing_pdu(Cursor& in) {
  LicensingPdu pdu{};
  pdu.preamble = {.message_type = LicenseMessageType{in.u8("bMsgType")},
                  .flags = in.u8("flags"),
                  .message_size = in.u16le("wMsgSize")};
  if (in.ok() && pdu.preamble.message_size < kPreambleBytes) {
    in.fail("wMsgSize", "smaller than the preamble");
  }
  auto message =
      in.sub(in.ok() ? pdu.preamble.message_size - kPreambleBytes : 0, "LicensingMessage");
  switch (pdu.preamble.message_type) {
    case LicenseMessageType::kErrorAlert:
      pdu.message = read_error_message(message);
      break;
    case LicenseMessageType::kLicenseRequest:
      pdu.message = read_license_request(message);
      break;
    case LicenseMessageType::kNewLicenseRequest:
      pdu.message = read_new_license_request(message);
      break;
    default:
      break;
  }
  return pdu;
}

}  // namespace remora::rdp
