#include "dissect/credssp/rdstls_pdu.h"

#include <algorithm>
#include <array>

#include "dissect/encoding/utf16.h"

namespace remora::credssp {
namespace {

constexpr std::uint16_t kNewestVersion = 2;
constexpr std::size_t kCapabilitiesBytes = 8;
constexpr std::size_t kResponseBytes = 10;

[[nodiscard]] ByteView read_counted(Cursor& in, const char* field) {
  return in.bytes(in.u16le(field), field);
}

/// Steps over `count` fields behind their lengths; the cursor fails where they are not all there.
void skip_counted(Cursor& in, int count) {
  for (int field = 0; field < count; ++field) { (void)read_counted(in, "field"); }
}

[[nodiscard]] Extent measure_request(std::uint16_t data_type, ByteView bytes) {
  Cursor in{bytes};
  in.skip(kRdstlsHeaderBytes, "header");
  switch (RdstlsCredentials{data_type}) {
    case RdstlsCredentials::kPassword:
      skip_counted(in, 4);
      break;
    case RdstlsCredentials::kAutoReconnectCookie:
      in.skip(4, "SessionID");
      skip_counted(in, 1);
      break;
    default:
      return Extent::lost("unknown credentials");
  }
  return in.ok() ? Extent::whole(in.offset()) : Extent::more();
}

[[nodiscard]] Extent of_size(std::size_t size, ByteView bytes) {
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

}  // namespace

RdstlsHeader read_rdstls_header(Cursor& in) {
  return {.version = in.u16le("Version"),
          .type = RdstlsType{in.u16le("PduType")},
          .data_type = in.u16le("DataType")};
}

RdstlsAuthenticationRequest read_rdstls_password_request(Cursor& in) {
  (void)read_counted(in, "RedirectionGuid");
  RdstlsAuthenticationRequest request;
  request.user = encoding::utf16le_to_utf8(read_counted(in, "UserName"));
  request.domain = encoding::utf16le_to_utf8(read_counted(in, "Domain"));
  (void)read_counted(in, "Password");
  return request;
}

Extent measure_rdstls_pdu(ByteView bytes) {
  if (bytes.size() < kRdstlsHeaderBytes) { return Extent::more(); }
  Cursor in{bytes};
  const auto header = read_rdstls_header(in);
  if (header.version == 0 || header.version > kNewestVersion) {
    return Extent::lost("no RDSTLS version");
  }
  switch (header.type) {
    case RdstlsType::kCapabilities:
      return of_size(kCapabilitiesBytes, bytes);
    case RdstlsType::kAuthenticationResponse:
      return of_size(kResponseBytes, bytes);
    case RdstlsType::kAuthenticationRequest:
      return measure_request(header.data_type, bytes);
  }
  return Extent::lost("no RDSTLS PDU");
}

Verdict recognise_rdstls(ByteView first_bytes) {
  // Version, PduType and DataType 1; SupportedVersions.
  constexpr std::array<std::uint8_t, kCapabilitiesBytes> kLeast{1, 0, 1, 0, 1, 0, 1, 0};
  for (std::size_t at = 0; at < std::min(first_bytes.size(), kLeast.size()); ++at) {
    const auto byte = to_u8(first_bytes[at]);
    const bool of_versions = at == 0 || at == 6;
    const std::uint8_t most = at == 0 ? 2 : 3;
    if (of_versions ? byte < kLeast.at(at) || byte > most : byte != kLeast.at(at)) {
      return Verdict::kNo;
    }
  }
  return first_bytes.size() < kLeast.size() ? Verdict::kMore : Verdict::kYes;
}

}  // namespace remora::credssp
