#include "dissect/credssp/ts_request.h"

#include <algorithm>
#include <array>

#include "dissect/encoding/ber.h"

namespace remora::credssp {
namespace {

using encoding::BerTag;

/// LIMIT: fields of a TSRequest; version 6 has six.
constexpr int kMaxFields = 16;

/// Context-specific and constructed, X.690 8.1.2.
constexpr BerTag field_tag(std::uint32_t number) {
  return BerTag{0xa0U | number};
}

constexpr BerTag kVersion = field_tag(0);
constexpr BerTag kNegoTokens = field_tag(1);
constexpr BerTag kAuthInfo = field_tag(2);
constexpr BerTag kPubKeyAuth = field_tag(3);
constexpr BerTag kErrorCode = field_tag(4);

/// NegoData, 2.2.1.1: SEQUENCE OF SEQUENCE { negoToken [0] OCTET STRING }.
void read_nego_data(Cursor& in, TsRequest& request) {
  auto list = in.sub(read_ber_length_of(in, BerTag::kSequence, "NegoData"), "NegoData");
  while (!list.at_end() && request.nego_tokens.size() < kMaxTokens) {
    auto item = list.sub(read_ber_length_of(list, BerTag::kSequence, "item"), "item");
    auto token = item.sub(read_ber_length_of(item, field_tag(0), "negoToken"), "negoToken");
    const auto content = encoding::read_ber_content(token, BerTag::kOctetString, "negoToken");
    if (!content.empty()) { request.nego_tokens.push_back(content); }
  }
}

/// DER gives an NTSTATUS of a failure four bytes and a sign, or five without.
[[nodiscard]] std::optional<std::uint32_t> read_error_code(Cursor& in) {
  const auto code =
      static_cast<std::uint32_t>(encoding::read_ber_unsigned(in, BerTag::kInteger, "errorCode"));
  return code == 0 ? std::nullopt : std::optional{code};
}

/// Octets of identifier and length; nothing when the length is none of DER's.
[[nodiscard]] std::optional<std::size_t> header_bytes(ByteView bytes) {
  const auto first = to_u8(bytes[1]);
  if (first < 0x80) { return 2; }
  const std::size_t octets = first & 0x7fU;
  return octets == 0 || octets > 4 ? std::nullopt : std::optional{2 + octets};
}

}  // namespace

Extent measure_ts_request(ByteView bytes) {
  if (bytes.empty()) { return Extent::more(); }
  if (to_u8(bytes[0]) != static_cast<std::uint32_t>(BerTag::kSequence)) {
    return Extent::lost("no TSRequest");
  }
  if (bytes.size() < 2) { return Extent::more(); }
  const auto header = header_bytes(bytes);
  if (!header.has_value()) { return Extent::lost("a length that DER does not have"); }
  if (bytes.size() < *header) { return Extent::more(); }
  Cursor in{bytes.subspan(1)};
  const auto size = *header + encoding::read_ber_length(in, "length");
  if (size > kMaxTsRequestBytes) { return Extent::lost("larger than any TSRequest"); }
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

TsRequest read_ts_request(Cursor& in) {
  TsRequest request;
  auto fields = in.sub(read_ber_length_of(in, BerTag::kSequence, "TSRequest"), "TSRequest");
  for (int count = 0; count < kMaxFields && !fields.at_end(); ++count) {
    const auto tag = encoding::read_ber_tag(fields, "tag");
    auto field = fields.sub(encoding::read_ber_length(fields, "length"), "field");
    if (tag == kVersion) {
      request.version = static_cast<std::uint32_t>(
          encoding::read_ber_unsigned(field, BerTag::kInteger, "version"));
    } else if (tag == kNegoTokens) {
      read_nego_data(field, request);
    } else if (tag == kErrorCode) {
      request.error_code = read_error_code(field);
    }
    request.auth_info = request.auth_info || tag == kAuthInfo;
    request.pub_key_auth = request.pub_key_auth || tag == kPubKeyAuth;
  }
  return request;
}

Verdict recognise_ts_request(ByteView first_bytes) {
  constexpr std::array<std::uint8_t, 4> kVersionField{0xa0, 3, 2, 1};
  constexpr std::uint8_t kOldest = 2;
  constexpr std::uint8_t kNewest = 15;  // 6 so far
  const auto extent = measure_ts_request(first_bytes);
  if (extent.is_lost()) { return Verdict::kNo; }
  if (extent.size() == 0) { return Verdict::kMore; }
  const auto header = *header_bytes(first_bytes);
  const auto fields =
      first_bytes.subspan(header, std::min(first_bytes.size(), extent.size()) - header);
  for (std::size_t at = 0; at < kVersionField.size() && at < fields.size(); ++at) {
    if (to_u8(fields[at]) != kVersionField.at(at)) { return Verdict::kNo; }
  }
  if (extent.size() < header + 6) { return Verdict::kNo; }
  if (fields.size() < 5) { return Verdict::kMore; }
  const auto version = to_u8(fields[4]);
  if (version < kOldest || version > kNewest) { return Verdict::kNo; }
  if (fields.size() < 6) { return Verdict::kMore; }
  const auto next = to_u8(fields[5]);
  return next >= 0xa1 && next <= 0xa5 ? Verdict::kYes : Verdict::kNo;
}

}  // namespace remora::credssp
