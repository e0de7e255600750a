#include "dissect/spnego/mech_token.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "capture/base/cursor.h"
#include "dissect/encoding/ber.h"
#include "dissect/ntlm/messages.h"

namespace remora::spnego {
namespace {

using encoding::BerTag;

constexpr BerTag kInitialContextToken{0x60};  // RFC 2743 3.1
constexpr BerTag kObjectIdentifier{0x06};
constexpr BerTag kNegTokenInit{0xa0};
constexpr BerTag kNegTokenResp{0xa1};
/// mechToken of NegTokenInit and responseToken of NegTokenResp, RFC 4178 4.2.1 and 4.2.2.
constexpr BerTag kTokenField{0xa2};
constexpr std::uint8_t kApReq = 0x6e;

// Contents of object identifiers.
constexpr std::string_view kSpnego{"\x2b\x06\x01\x05\x05\x02", 6};                // 1.3.6.1.5.5.2
constexpr std::string_view kKerberos{"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 9};  // RFC 4121 1
constexpr std::string_view kMsKerberos{"\x2a\x86\x48\x82\xf7\x12\x01\x02\x02",
                                       9};  // [MS-KILE] 3.1.5.2
constexpr std::string_view kUserToUser{"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x03",
                                       10};  // RFC 4121 1 with draft-swift-win2k-krb-user2user

/// LIMIT: fields of a NegToken; RFC 4178 has four.
constexpr int kMaxFields = 8;

[[nodiscard]] MechToken bare_token(ByteView bytes) {
  if (ntlm::is_ntlm(bytes)) { return {.kind = MechToken::Kind::kNtlm, .bytes = bytes}; }
  if (!bytes.empty() && to_u8(bytes.front()) == kApReq) {
    return {.kind = MechToken::Kind::kKerberosApReq, .bytes = bytes};
  }
  return {};
}

/// mechToken or responseToken; empty where there is none. What stands before damage is kept.
[[nodiscard]] ByteView read_token_field(Cursor& in) {
  auto fields = in.sub(read_ber_length_of(in, BerTag::kSequence, "NegToken"), "NegToken");
  for (int field = 0; field < kMaxFields && !fields.at_end(); ++field) {
    const auto tag = encoding::read_ber_tag(fields, "tag");
    auto content = fields.sub(encoding::read_ber_length(fields, "length"), "field");
    if (tag == kTokenField) {
      return encoding::read_ber_content(content, BerTag::kOctetString, "token");
    }
  }
  return {};
}

/// What a framing holds: its mechanism, and a reader of what follows.
struct Framed {
  std::string_view mechanism;
  ByteView inner;
};

[[nodiscard]] Framed read_framing(Cursor& in) {
  auto framed = in.sub(read_ber_length_of(in, kInitialContextToken, "InitialContextToken"),
                       "InitialContextToken");
  const auto mechanism = as_text(encoding::read_ber_content(framed, kObjectIdentifier, "thisMech"));
  return {.mechanism = mechanism, .inner = framed.rest()};
}

/// The token of Kerberos behind its framing: TOK_ID 01 00, then the AP-REQ. RFC 4121 4.1.
[[nodiscard]] MechToken kerberos_token(ByteView inner) {
  if (inner.size() < 2 || to_u8(inner[0]) != 1 || to_u8(inner[1]) != 0) { return {}; }
  return bare_token(inner.subspan(2));
}

/// A token that is no SPNEGO: bare, or Kerberos in its framing.
[[nodiscard]] MechToken inner_token(ByteView bytes) {
  const auto bare = bare_token(bytes);
  if (bare.kind != MechToken::Kind::kNone) { return bare; }
  const auto framed = decode(bytes, read_framing);
  if (!framed || (framed->mechanism != kKerberos && framed->mechanism != kMsKerberos &&
                  framed->mechanism != kUserToUser)) {
    return {};
  }
  return kerberos_token(framed->inner);
}

[[nodiscard]] MechToken negotiated_token(ByteView bytes) {
  const auto token = decode(bytes, [](Cursor& in) {
    const auto tag = encoding::read_ber_tag(in, "NegotiationToken");
    auto content = in.sub(encoding::read_ber_length(in, "length"), "NegotiationToken");
    if (tag != kNegTokenInit && tag != kNegTokenResp) {
      content.fail("NegotiationToken", "neither init nor resp");
    }
    return read_token_field(content);
  });
  return token ? inner_token(*token) : MechToken{};
}

}  // namespace

MechToken find_mech_token(ByteView blob) {
  const auto inner = inner_token(blob);
  if (inner.kind != MechToken::Kind::kNone) { return inner; }
  const auto framed = decode(blob, read_framing);
  if (framed) {
    return framed->mechanism == kSpnego ? negotiated_token(framed->inner) : MechToken{};
  }
  return negotiated_token(blob);
}

}  // namespace remora::spnego
