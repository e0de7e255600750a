#include "dissect/rdp/mcs.h"

#include "dissect/encoding/ber.h"
#include "dissect/encoding/per.h"

namespace remora::rdp {
namespace {

using encoding::BerTag;

// T.125 7: [APPLICATION 101] and [APPLICATION 102]
constexpr BerTag kConnectInitialTag{0x7f65};
constexpr BerTag kConnectResponseTag{0x7f66};
constexpr std::uint8_t kBerLeadingByte = 0x7f;

/// Least value of a UserId, T.125 7; PER writes the difference.
constexpr std::uint16_t kUserIdBase = 1001;

/// The bits of a domain PDU's first byte that do not belong to its choice.
struct FirstByte {
  McsChoice choice;
  std::uint8_t rest;  ///< the two low bits
};

[[nodiscard]] FirstByte read_first_byte(Cursor& in) {
  const auto byte = in.u8("DomainMCSPDU");
  return {.choice = McsChoice{static_cast<std::uint8_t>(byte >> 2)},
          .rest = static_cast<std::uint8_t>(byte & 3U)};
}

[[nodiscard]] std::uint16_t read_user_id(Cursor& in, const char* field) {
  return static_cast<std::uint16_t>(in.u16be(field) + kUserIdBase);
}

/// Result is four bits: the lowest of the first byte, then the three highest of the next.
[[nodiscard]] std::uint8_t read_result(Cursor& in, std::uint8_t rest) {
  return static_cast<std::uint8_t>(((rest & 1U) << 3) | (in.u8("result") >> 5));
}

[[nodiscard]] AttachUserConfirm read_attach_user_confirm(Cursor& in, std::uint8_t rest) {
  const bool has_initiator = (rest & 2U) != 0;
  return {.result = read_result(in, rest),
          .initiator = has_initiator ? read_user_id(in, "initiator") : std::uint16_t{0}};
}

[[nodiscard]] ChannelJoinRequest read_channel_join_request(Cursor& in) {
  return {.initiator = read_user_id(in, "initiator"), .channel_id = in.u16be("channelId")};
}

[[nodiscard]] ChannelJoinConfirm read_channel_join_confirm(Cursor& in, std::uint8_t rest) {
  const bool has_channel = (rest & 2U) != 0;
  return {.result = read_result(in, rest),
          .initiator = read_user_id(in, "initiator"),
          .requested = in.u16be("requested"),
          .channel_id = has_channel ? in.u16be("channelId") : std::uint16_t{0}};
}

[[nodiscard]] SendData read_send_data(Cursor& in, McsChoice choice) {
  const auto initiator = read_user_id(in, "initiator");
  const auto channel_id = in.u16be("channelId");
  const auto priority_and_segmentation = in.u8("dataPriority");
  const auto length = encoding::read_per_length(in, "userData");
  return {.choice = choice,
          .initiator = initiator,
          .channel_id = channel_id,
          .priority_and_segmentation = priority_and_segmentation,
          .user_data = in.bytes(length, "userData")};
}

[[nodiscard]] DisconnectProviderUltimatum read_disconnect(Cursor& in, std::uint8_t rest) {
  return {.reason = static_cast<std::uint8_t>((rest << 1) | (in.u8("reason") >> 7))};
}

[[nodiscard]] McsPdu read_domain_pdu(Cursor& in) {
  const auto first = read_first_byte(in);
  switch (first.choice) {
    case McsChoice::kErectDomainRequest:
      return ErectDomainRequest{};
    case McsChoice::kDisconnectProviderUltimatum:
      return read_disconnect(in, first.rest);
    case McsChoice::kAttachUserRequest:
      return AttachUserRequest{};
    case McsChoice::kAttachUserConfirm:
      return read_attach_user_confirm(in, first.rest);
    case McsChoice::kChannelJoinRequest:
      return read_channel_join_request(in);
    case McsChoice::kChannelJoinConfirm:
      return read_channel_join_confirm(in, first.rest);
    case McsChoice::kSendDataRequest:
    case McsChoice::kSendDataIndication:
      return read_send_data(in, first.choice);
  }
  return UnknownMcsPdu{.choice = first.choice, .rest = in.rest()};
}

void skip_domain_parameters(Cursor& in, const char* field) {
  (void)encoding::read_ber_content(in, BerTag::kSequence, field);
}

}  // namespace

McsPdu read_mcs_pdu(Cursor& in) {
  if (in.peek_u8() != kBerLeadingByte) { return read_domain_pdu(in); }
  const auto tag = encoding::read_ber_tag(in, "Connect-MCSPDU");
  auto body = in.sub(encoding::read_ber_length(in, "Connect-MCSPDU"), "Connect-MCSPDU");
  if (tag == kConnectInitialTag) { return read_connect_initial(body); }
  if (tag == kConnectResponseTag) { return read_connect_response(body); }
  in.fail("Connect-MCSPDU", "unexpected tag");
  return UnknownMcsPdu{};
}

ConnectInitial read_connect_initial(Cursor& in) {
  (void)encoding::read_ber_content(in, BerTag::kOctetString, "callingDomainSelector");
  (void)encoding::read_ber_content(in, BerTag::kOctetString, "calledDomainSelector");
  (void)encoding::read_ber_content(in, BerTag::kBoolean, "upwardFlag");
  skip_domain_parameters(in, "targetParameters");
  skip_domain_parameters(in, "minimumParameters");
  skip_domain_parameters(in, "maximumParameters");
  return {.user_data = encoding::read_ber_content(in, BerTag::kOctetString, "userData")};
}

ConnectResponse read_connect_response(Cursor& in) {
  const auto result = encoding::read_ber_unsigned(in, BerTag::kEnumerated, "result");
  (void)encoding::read_ber_content(in, BerTag::kInteger, "calledConnectId");
  skip_domain_parameters(in, "domainParameters");
  return {.result = static_cast<std::uint8_t>(result),
          .user_data = encoding::read_ber_content(in, BerTag::kOctetString, "userData")};
}

}  // namespace remora::rdp
