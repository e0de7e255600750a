#include "dissect/rdp/licensing.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dissect/encoding/text.h"
#include "dissect/encoding/utf16.h"
#include "dissect/rdp/gcc/server_certificate.h"
#include "dissect/rdp/names.h"
#include "dissect/x509/extension.h"

namespace remora::rdp {
namespace {

constexpr std::size_t kRandomBytes = 32;
constexpr std::size_t kPreambleBytes = 4;
constexpr std::size_t kMostScopes = 8;

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

/// SCOPE_LIST, [MS-RDPELE] 2.2.2.1.2.
[[nodiscard]] std::vector<std::string> read_scopes(Cursor& in) {
  std::vector<std::string> scopes;
  const auto count = in.u32le("ScopeCount");
  while (in.ok() && scopes.size() < count && scopes.size() < kMostScopes) {
    auto scope = read_text_blob(in, "Scope");
    if (in.ok()) { scopes.push_back(std::move(scope)); }
  }
  return scopes;
}

[[nodiscard]] ServerLicenseRequest read_license_request(Cursor& in) {
  in.skip(kRandomBytes, "ServerRandom");
  ServerLicenseRequest request{.product_version = in.u32le("dwVersion"),
                               .company_name = read_unicode(in, "cbCompanyName", "pbCompanyName"),
                               .product_id = read_unicode(in, "cbProductId", "pbProductId"),
                               .server_certificate = {},
                               .scopes = {}};
  // What is damaged behind the product costs nothing that stands before.
  Cursor rest{in.rest()};
  (void)read_blob(rest, "KeyExchangeList");
  request.server_certificate = read_blob(rest, "ServerCertificate");
  request.scopes = read_scopes(rest);
  return request;
}

[[nodiscard]] ClientLicenseInfo read_license_info(Cursor& in) {
  in.skip(4, "PreferredKeyExchangeAlg");
  return {.platform_id = in.u32le("PlatformId")};
}

[[nodiscard]] std::string_view message_name(LicenseMessageType type) {
  switch (type) {
    case LicenseMessageType::kLicenseRequest:
      return "LICENSE_REQUEST";
    case LicenseMessageType::kPlatformChallenge:
      return "PLATFORM_CHALLENGE";
    case LicenseMessageType::kNewLicense:
      return "NEW_LICENSE";
    case LicenseMessageType::kUpgradeLicense:
      return "UPGRADE_LICENSE";
    case LicenseMessageType::kLicenseInfo:
      return "LICENSE_INFO";
    case LicenseMessageType::kNewLicenseRequest:
      return "NEW_LICENSE_REQUEST";
    case LicenseMessageType::kPlatformChallengeResponse:
      return "PLATFORM_CHALLENGE_RESPONSE";
    case LicenseMessageType::kErrorAlert:
      return "ERROR_ALERT";
  }
  return {};
}

/// Of the licence server that gave the server its certificate: the last of a chain is the server's
/// own.
void add_license_server(ByteView server_certificate, observation::LicensingStep& step) {
  const auto certificate = decode(server_certificate, read_server_certificate);
  if (!certificate.has_value() || certificate->leaf().empty()) { return; }
  const auto extension = x509::extension(certificate->leaf(), kLicenseServerInfo);
  const auto info = decode(extension, read_license_server_info);
  if (!info.has_value()) { return; }
  step.license_server = info->issuer_name;
  step.license_server_scope = info->scope;
}

/// The text that begins `offset` bytes into the variable part.
[[nodiscard]] std::string text_at(ByteView texts, std::size_t offset) {
  return encoding::utf16le_to_utf8(texts.subspan(std::min(offset, texts.size())));
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
    case LicenseMessageType::kLicenseInfo:
      pdu.message = read_license_info(message);
      break;
    default:
      break;
  }
  return pdu;
}

LicenseServerInfo read_license_server_info(Cursor& in) {
  constexpr std::uint32_t kVersion2 = 0x00003000;
  const auto version = in.u32le("Version");
  const auto issuer_name = in.u16le("IssuerNameOffset");
  if (version >= kVersion2) { in.skip(2, "IssuerIdOffset"); }
  const auto scope = in.u16le("LsScopeOffset");
  const auto texts = in.rest();
  return {.issuer_name = text_at(texts, issuer_name), .scope = text_at(texts, scope)};
}

observation::LicensingStep to_licensing_step(const LicensingPdu& pdu) {
  constexpr std::uint8_t kVersionMask = 0x0f;
  observation::LicensingStep step{
      .message = std::string{message_name(pdu.preamble.message_type)},
      .version = static_cast<std::uint8_t>(pdu.preamble.flags & kVersionMask)};
  if (const auto* error = std::get_if<LicenseErrorMessage>(&pdu.message)) {
    step.error = {.code = error->error_code,
                  .name = std::string{license_error_name(error->error_code)}};
    step.state_transition = {.code = error->state_transition,
                             .name = std::string{license_transition_name(error->state_transition)}};
  } else if (const auto* wanted = std::get_if<ServerLicenseRequest>(&pdu.message)) {
    step.product_version = wanted->product_version;
    step.company_name = wanted->company_name;
    step.product_id = wanted->product_id;
    step.scopes = wanted->scopes;
    add_license_server(wanted->server_certificate, step);
  } else if (const auto* request = std::get_if<NewLicenseRequest>(&pdu.message)) {
    step.platform_id = request->platform_id;
    step.machine_name = request->client_machine_name;
    step.user_name = request->client_user_name;
  } else if (const auto* info = std::get_if<ClientLicenseInfo>(&pdu.message)) {
    step.platform_id = info->platform_id;
  }
  return step;
}

}  // namespace remora::rdp
