#include "dissect/rdp_udp/rdp_udp_dissector.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/conversation/datagram_conversation.h"
#include "dissect/conversation/recogniser.h"
#include "dissect/families.h"
#include "tests/dissect/rdp_udp/layout.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::rdp_udp {
namespace {

using testing::hex;
using Bytes = std::vector<std::byte>;

// In hexadecimal without spaces, to be cut.
const std::string kTlsHello =
    "1603010037"    // record
    "010000330301"  // handshake, version
    "356c938660453dfad3aaa4cdf7916c342547371a8507505e7573e2688540581f"
    "00000c00040005000a0009002f00350100";
const std::string kDtlsHello =
    "16feff00000000000000000040"  // record
    "0100003400000000000000"
    "34feff"  // handshake, version
    "356c938660453dfad3aaa4cdf7916c342547371a8507505e7573e2688540581f"
    "0000000c00040005000a0009002f00350100";

class Flow {
 public:
  Flow& say(Side from, const Bytes& bytes) {
    Datagram datagram{};
    datagram.from = from;
    datagram.bytes = bytes;
    if (conversation_ == nullptr) {
      const auto* family = recognise_datagram(all_families(), datagram);
      if (family == nullptr) { return *this; }
      conversation_ = std::make_unique<DatagramConversation>(all_families(), *family);
    }
    conversation_->on_datagram(datagram, found_);
    return *this;
  }
  Flow& client(const Bytes& bytes) { return say(Side::kInitiator, bytes); }
  Flow& server(const Bytes& bytes) { return say(Side::kAcceptor, bytes); }
  [[nodiscard]] std::string rules() const {
    std::string text;
    for (const auto& finding : found_) { text += finding.rule + std::string{" "}; }
    return text;
  }
  std::vector<Finding> found_;

 private:
  std::unique_ptr<DatagramConversation> conversation_;
};

/// ACK and DATA with an empty ACK vector; `payload` in hexadecimal.
Bytes data_v1(const std::string& number, const std::string& payload) {
  return hex("000001f4 0040 000c 0000 0000" + number + number + payload);
}

TEST(RdpUdpDissector, ReliableDataIsTlsInTheOrderOfItsNumbers) {
  Flow flow;
  flow.client(syn_datagram(kSynText)).server(syn_datagram(kSynAckText));
  flow.client(data_v1("00000066", kTlsHello.substr(60)));
  EXPECT_EQ(flow.rules(), "rdp_udp.syn rdp_udp.syn_ack ");
  flow.client(data_v1("00000065", kTlsHello.substr(0, 60)));
  EXPECT_EQ(flow.rules(), "rdp_udp.syn rdp_udp.syn_ack tls.client_hello ");
  flow.client(data_v1("00000065", kTlsHello.substr(0, 60)));  // again
  EXPECT_EQ(flow.found_.size(), 3U);
}

TEST(RdpUdpDissector, TellsWhatTheSynSays) {
  Flow flow;
  flow.client(syn_datagram(kSynText)).client(syn_datagram(kSynText));
  ASSERT_EQ(flow.found_.size(), 1U);
  const auto asked = std::get<observation::UdpTransportRequested>(flow.found_.front().what);
  EXPECT_EQ(asked.version, kVersion2);
  EXPECT_FALSE(asked.lossy);
  EXPECT_TRUE(asked.correlation_id.has_value());
}

TEST(RdpUdpDissector, WithoutVersionItIsTheFirst) {
  Flow flow;
  flow.client(syn_datagram("ffffffff 0040 0201 00000064 04d0 04d0"));
  const auto asked = std::get<observation::UdpTransportRequested>(flow.found_.front().what);
  EXPECT_EQ(asked.version, kVersion1);
  EXPECT_TRUE(asked.lossy);
}

TEST(RdpUdpDissector, LossyDataIsDtls) {
  Flow flow;
  flow.client(syn_datagram("ffffffff 0040 0201 00000064 04d0 04d0"))
      .server(syn_datagram("00000064 0040 0005 000001f4 04d0 04d0"))
      .client(data_v1("00000065", kDtlsHello));
  EXPECT_EQ(flow.rules(), "rdp_udp.syn rdp_udp.syn_ack dtls.client_hello ");
}

TEST(RdpUdpDissector, VersionThreeHasItsOwnData) {
  const std::string syn = "ffffffff 0040 1001 00000064 04d0 04d0 0001 0101";
  const std::string answer = "00000064 0040 1005 000001f4 04d0 04d0 0001 0101";
  Flow flow;
  flow.client(syn_datagram(syn)).server(syn_datagram(answer));
  flow.client(hex("00 14c0 6400 6500 f0" + std::string(200, '0')));  // a dummy
  // AOA and DATA: swapped prefix, AckOfAcksSeqNum, DataSeqNum, ChannelSeqNum.
  flow.client(hex("02 14c0 6400 6600 e0 00" + kTlsHello.substr(60)));
  flow.client(hex("01 14c0 6400 6600 e0 00" + kTlsHello.substr(0, 60)));
  EXPECT_EQ(flow.rules(), "rdp_udp.syn rdp_udp.syn_ack tls.client_hello ");
}

TEST(RdpUdpDissector, AMissingSynOfTheClientDoesNotMatter) {
  Flow flow;
  flow.server(syn_datagram(kSynAckText)).client(data_v1("00000065", kTlsHello));
  EXPECT_EQ(flow.rules(), "rdp_udp.syn_ack tls.client_hello ");
}

TEST(RdpUdpDissector, TheAnswerAloneTellsThatItMayLose) {
  Flow flow;
  flow.server(syn_datagram("00000064 0040 0205 000001f4 04d0 04d0"));
  EXPECT_EQ(std::get<observation::UdpTransportAccepted>(flow.found_.front().what),
            (observation::UdpTransportAccepted{.version = kVersion1, .lossy = true}));
}

TEST(RdpUdpDissector, OtherDatagramsAreNotItsOwn) {
  Flow flow;
  flow.client(data_v1("00000065", kTlsHello));
  EXPECT_TRUE(flow.found_.empty());
}

TEST(RdpUdpDissector, SurvivesDamage) {
  const auto good = data_v1("00000065", kDtlsHello);
  const auto lead = [](const Bytes& bytes) {
    for (const auto* flags : {"0001", "0201"}) {
      Flow flow;
      flow.client(syn_datagram(std::string{"ffffffff 0040"} + flags + "00000064 04d0 04d0"));
      flow.server(syn_datagram(kSynAckText)).client(bytes).server(bytes);
    }
    Flow flow;
    flow.server(syn_datagram("00000064 0040 1005 000001f4 04d0 04d0 0001 0101")).client(bytes);
  };
  testing::for_every_truncation(good, lead);
  testing::for_every_changed_byte(good, lead);
}

}  // namespace
}  // namespace remora::rdp_udp
