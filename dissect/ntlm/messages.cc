#include "dissect/ntlm/messages.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dissect/encoding/text.h"
#include "dissect/encoding/utf16.h"

namespace remora::ntlm {
namespace {

constexpr std::string_view kSignature{"NTLMSSP\0", 8};

// MessageType, [MS-NLMP] 2.2.1.
constexpr std::uint32_t kNegotiate = 1;
constexpr std::uint32_t kChallenge = 2;
constexpr std::uint32_t kAuthenticate = 3;

// AvId, [MS-NLMP] 2.2.2.1.
constexpr std::uint16_t kAvEol = 0;
constexpr std::uint16_t kAvNbComputerName = 1;
constexpr std::uint16_t kAvNbDomainName = 2;
constexpr std::uint16_t kAvDnsComputerName = 3;
constexpr std::uint16_t kAvDnsDomainName = 4;
constexpr std::uint16_t kAvDnsTreeName = 5;
constexpr std::uint16_t kAvFlags = 6;
constexpr std::uint16_t kAvTimestamp = 7;
constexpr std::uint16_t kAvTargetName = 9;

/// Where the AvPairs of an NTLMv2 response stand: behind Response and the fixed part of
/// NTLMv2_CLIENT_CHALLENGE, 2.2.2.8 and 2.2.2.7.
constexpr std::size_t kResponseBytes = 16;
constexpr std::size_t kClientChallengeBytes = 28;

/// An NTLMv1 response has 24 bytes, and an LM response of an anonymous client one.
constexpr std::size_t kLmV1ResponseBytes = 24;

/// Len, MaxLen, BufferOffset: a field of the payload, 2.2.1.1.
struct Place {
  std::uint16_t size{0};
  std::uint32_t offset{0};
};

[[nodiscard]] Place read_place(Cursor& in, const char* field) {
  const auto size = in.u16le(field);
  in.skip(2, field);  // MaxLen: to be ignored
  return {.size = size, .offset = in.u32le(field)};
}

/// The bytes of a field; none when they do not all lie in the message.
[[nodiscard]] ByteView bytes_at(ByteView message, Place place) {
  if (place.offset > message.size() || place.size > message.size() - place.offset) { return {}; }
  return message.subspan(place.offset, place.size);
}

[[nodiscard]] std::string to_unicode_text(ByteView bytes) {
  return bytes.size() > kMaxNameBytes ? std::string{} : encoding::utf16le_to_utf8(bytes);
}

[[nodiscard]] std::string to_oem_text(ByteView bytes) {
  return bytes.size() > kMaxNameBytes ? std::string{}
                                      : encoding::to_utf8(encoding::up_to_nul(bytes));
}

[[nodiscard]] std::string text_at(ByteView message, Place place, bool unicode) {
  const auto bytes = bytes_at(message, place);
  return unicode ? to_unicode_text(bytes) : to_oem_text(bytes);
}

/// Present in the fixed part when the flag says so, and when the sender knows of it at all.
[[nodiscard]] std::optional<Version> read_version(Cursor& in, NegotiateFlags flags) {
  if (!flags.has(NegotiateFlags::kVersion) || in.remaining() < 8) { return std::nullopt; }
  const auto major = in.u8("Version.ProductMajorVersion");
  const auto minor = in.u8("Version.ProductMinorVersion");
  return Version{.major = major, .minor = minor, .build = in.u16le("Version.ProductBuild")};
}

[[nodiscard]] Negotiate read_negotiate(Cursor& in, ByteView message) {
  Negotiate negotiate{
      .flags = NegotiateFlags{in.u32le("NegotiateFlags")}, .domain = {}, .workstation = {}};
  // The oldest clients end here, or after the fields without version.
  if (in.remaining() < 16) { return negotiate; }
  const auto domain = read_place(in, "DomainNameFields");
  const auto workstation = read_place(in, "WorkstationFields");
  if (negotiate.flags.has(NegotiateFlags::kDomainSupplied)) {
    negotiate.domain = text_at(message, domain, false);
  }
  if (negotiate.flags.has(NegotiateFlags::kWorkstationSupplied)) {
    negotiate.workstation = text_at(message, workstation, false);
  }
  negotiate.version = read_version(in, negotiate.flags);
  return negotiate;
}

[[nodiscard]] Challenge read_challenge(Cursor& in, ByteView message) {
  const auto target_name = read_place(in, "TargetNameFields");
  const NegotiateFlags flags{in.u32le("NegotiateFlags")};
  in.skip(8, "ServerChallenge");
  Challenge challenge{
      .flags = flags,
      .target_name = text_at(message, target_name, flags.has(NegotiateFlags::kUnicode)),
      .target_info = {}};
  if (in.remaining() < 16) { return challenge; }
  in.skip(8, "Reserved");
  const auto target_info = read_place(in, "TargetInfoFields");
  if (flags.has(NegotiateFlags::kTargetInfo)) {
    challenge.target_info = read_target_info(bytes_at(message, target_info));
  }
  challenge.version = read_version(in, flags);
  return challenge;
}

/// The pairs of an NTLMv2 response; none of a response of another kind.
[[nodiscard]] TargetInfo read_response_target_info(ByteView response) {
  if (response.size() < kResponseBytes + kClientChallengeBytes) { return {}; }
  // RespType and HiRespType, 2.2.2.7: both 1.
  const auto challenge = response.subspan(kResponseBytes);
  if (to_u8(challenge[0]) != 1 || to_u8(challenge[1]) != 1) { return {}; }
  return read_target_info(challenge.subspan(kClientChallengeBytes));
}

[[nodiscard]] Authenticate read_authenticate(Cursor& in, ByteView message) {
  const auto lm_response = read_place(in, "LmChallengeResponseFields");
  const auto nt_response = read_place(in, "NtChallengeResponseFields");
  const auto domain = read_place(in, "DomainNameFields");
  const auto user = read_place(in, "UserNameFields");
  const auto workstation = read_place(in, "WorkstationFields");
  // Clients before Windows NT 4.0 SP 4 put the payload here: no session key, no flags, OEM text.
  constexpr std::uint32_t kFixedBytes = 64;
  auto payload = static_cast<std::uint32_t>(message.size());
  for (const auto place : {lm_response, nt_response, domain, user, workstation}) {
    if (place.size > 0) { payload = std::min(payload, place.offset); }
  }
  NegotiateFlags flags;
  std::optional<Version> version;
  if (payload >= kFixedBytes) {
    in.skip(8, "EncryptedRandomSessionKeyFields");
    flags = NegotiateFlags{in.u32le("NegotiateFlags")};
    if (payload >= kFixedBytes + 8) { version = read_version(in, flags); }
  }
  const bool unicode = flags.has(NegotiateFlags::kUnicode);
  Authenticate authenticate{
      .flags = flags,
      .domain = text_at(message, domain, unicode),
      .user = text_at(message, user, unicode),
      .workstation = text_at(message, workstation, unicode),
      .target_info = read_response_target_info(bytes_at(message, nt_response)),
      .version = version};
  authenticate.anonymous = authenticate.user.empty() && (nt_response.size < kLmV1ResponseBytes ||
                                                         flags.has(NegotiateFlags::kAnonymous));
  return authenticate;
}

}  // namespace

bool is_ntlm(ByteView bytes) {
  return as_text(bytes).starts_with(kSignature);
}

Message read_message(Cursor& in) {
  const auto message = in.rest();
  // The places of fields count from the start of the message, so it is read from there.
  if (!is_ntlm(message)) {
    in.fail("Signature", "not NTLMSSP");
    return {};
  }
  Cursor fields{message};
  fields.skip(kSignature.size(), "Signature");
  const auto type = fields.u32le("MessageType");
  Message read;
  if (type == kNegotiate) {
    read = read_negotiate(fields, message);
  } else if (type == kChallenge) {
    read = read_challenge(fields, message);
  } else if (type == kAuthenticate) {
    read = read_authenticate(fields, message);
  } else if (fields.ok()) {
    fields.fail("MessageType", "unexpected value");
  }
  if (!fields.ok()) { in.fail("NTLM", fields.error().to_text()); }
  return read;
}

TargetInfo read_target_info(ByteView bytes) {
  TargetInfo info;
  Cursor in{bytes};
  for (std::size_t pair = 0; pair < kMaxPairs && in.remaining() >= 4; ++pair) {
    const auto id = in.u16le("AvId");
    const auto value = in.bytes(in.u16le("AvLen"), "Value");
    if (id == kAvEol || !in.ok()) { break; }
    Cursor number{value};
    switch (id) {
      case kAvNbComputerName:
        info.nb_computer_name = to_unicode_text(value);
        break;
      case kAvNbDomainName:
        info.nb_domain_name = to_unicode_text(value);
        break;
      case kAvDnsComputerName:
        info.dns_computer_name = to_unicode_text(value);
        break;
      case kAvDnsDomainName:
        info.dns_domain_name = to_unicode_text(value);
        break;
      case kAvDnsTreeName:
        info.dns_tree_name = to_unicode_text(value);
        break;
      case kAvFlags:
        if (value.size() == 4) { info.flags = number.u32le("MsvAvFlags"); }
        break;
      case kAvTimestamp:
        if (value.size() == 8) { info.timestamp = number.u64le("MsvAvTimestamp"); }
        break;
      case kAvTargetName:
        info.target_name = to_unicode_text(value);
        break;
      default:
        break;
    }
  }
  return info;
}

}  // namespace remora::ntlm
