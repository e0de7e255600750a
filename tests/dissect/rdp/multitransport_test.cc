#include "dissect/rdp/multitransport.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"
#include "dissect/rdp/session_pdus.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

const std::string kCookie = "000102030405060708090a0b0c0d0e0f";
const std::string kRequest =
    "2a000000"  // requestId
    "0100"      // requestedProtocol: reliable
    "0000" +    // reserved
    kCookie;
const std::string kTransportRequest = "0200 0000";  // SEC_TRANSPORT_REQ

constexpr std::uint16_t kIoChannel = 1003;
constexpr std::uint16_t kMessageChannel = 1007;

TEST(InitiateMultitransportRequest, HasIdProtocolAndCookie) {
  const auto bytes = hex(kRequest);
  const auto request = decode(bytes, read_initiate_multitransport_request);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->request_id, 42U);
  EXPECT_EQ(request->requested_protocol, InitiateMultitransportRequest::kReliable);
  EXPECT_EQ(encoding::to_hex(request->security_cookie), kCookie);
  testing::expect_reader_laws(bytes, read_initiate_multitransport_request);
}

/// What one Send Data PDU tells on a connection whose server chose `method` and `level`.
std::vector<Finding> told(std::uint32_t method, std::uint32_t level, std::uint16_t channel,
                          const std::string& text,
                          McsChoice choice = McsChoice::kSendDataIndication) {
  observation::ServerSettings settings;
  settings.encryption_method = method;
  settings.encryption_level = level;
  settings.io_channel_id = kIoChannel;
  settings.message_channel_id = kMessageChannel;
  const keys::KeyRing no_keys;
  SessionPdus pdus{no_keys};
  pdus.set_security(settings);
  const auto bytes = hex(text);
  Findings out;
  pdus.on_send_data({.choice = choice,
                     .initiator = 1002,
                     .channel_id = channel,
                     .priority_and_segmentation = 0x70,
                     .user_data = bytes},
                    Side::kAcceptor, {}, out);
  return out.found();
}

TEST(MessageChannel, TellsTheInvitationByTheHashOfItsCookie) {
  for (const std::uint32_t level : {0U, 1U}) {  // NONE, LOW
    const auto found = told(level, level, kMessageChannel, kTransportRequest + kRequest);
    ASSERT_EQ(found.size(), 1U) << level;
    const auto* invited = std::get_if<observation::UdpTransportInvited>(&found[0].what);
    ASSERT_NE(invited, nullptr);
    EXPECT_FALSE(invited->lossy);
    EXPECT_EQ(invited->cookie_hash, encoding::sha256(hex(kCookie)));
  }
}

TEST(MessageChannel, TellsALossyTransport) {
  const auto found =
      told(0, 0, kMessageChannel, kTransportRequest + "2a000000 0200 0000" + kCookie);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(std::get<observation::UdpTransportInvited>(found[0].what).lossy);
}

TEST(MessageChannel, ReadsNothingEncryptedOrFromAClientOrElsewhere) {
  const auto sealed = told(1, 1, kMessageChannel, "0a00 0000 1122334455667788" + kRequest);
  ASSERT_EQ(sealed.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<observation::SealedPdu>(sealed[0].what));
  EXPECT_TRUE(told(1, 1, kMessageChannel, kTransportRequest + kRequest, McsChoice::kSendDataRequest)
                  .empty());
  EXPECT_TRUE(told(1, 1, 1004, kTransportRequest + kRequest).empty());
}

TEST(MessageChannel, TellsItsOtherPdus) {
  const auto detection = told(1, 1, kMessageChannel, "0010 0000 06 00 0700 0100");
  ASSERT_EQ(detection.size(), 1U);
  EXPECT_EQ(std::get<observation::NetworkDetection>(detection[0].what),
            (observation::NetworkDetection{.kind = observation::NetworkDetection::Kind::kRttRequest,
                                           .sequence = 7}));
  const auto heartbeat = told(0, 0, kMessageChannel, "0040 0000 00 3c 03 06");
  ASSERT_EQ(heartbeat.size(), 1U);
  EXPECT_EQ(std::get<observation::HeartbeatSeen>(heartbeat[0].what),
            (observation::HeartbeatSeen{
                .period = 60, .missed_before_warning = 3, .missed_before_reconnect = 6}));
}

TEST(MessageChannel, ListensToWhoeverMaySayIt) {
  // A heartbeat by the client, a request by the client, a response by the server.
  const auto by_client = McsChoice::kSendDataRequest;
  EXPECT_TRUE(told(0, 0, kMessageChannel, "0040 0000 00 3c 03 06", by_client).empty());
  EXPECT_TRUE(told(0, 0, kMessageChannel, "0010 0000 06 00 0700 0100", by_client).empty());
  EXPECT_TRUE(told(0, 0, kMessageChannel, "0020 0000 06 01 0700 0000").empty());
}

TEST(MessageChannel, TellsARequestThatIsCutShort) {
  const auto found = told(0, 0, kMessageChannel, kTransportRequest + "2a000000 0100");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<observation::Damage>(found[0].what));
}

}  // namespace
}  // namespace remora::rdp
