#include "dissect/proxy/socks4.h"

#include <gtest/gtest.h>

#include "dissect/proxy/family.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"
#include "tests/support/talk.h"

namespace remora::proxy {
namespace {

using observation::ProxyAnswered;
using observation::ProxyAsked;
using observation::ProxyKind;
using testing::from_client;
using testing::from_server;
using testing::hear;
using testing::hex;

const auto kRequest =
    hex("04 01"          // VN, CD: CONNECT
        "0d3d c6336414"  // DSTPORT 3389, DSTIP 198.51.100.20
        "6576 6100");    // USERID "eva"
const auto kNamedRequest =
    hex("04 01 0d3d 00000001"
        "00"                     // no user
        "7264 7330 312e 7800");  // "rds01.x"
const auto kGranted = hex("00 5a 0d3d c6336414");
const auto kRefused = hex("00 5b 0000 00000000");
const auto kConnectionRequest = hex("0300 0013 0e e0 0000 0000 00 01 00 0800 00000000");

TEST(Socks4, RequestHoldsAddressAndUser) {
  const auto request = decode(kRequest, read_socks4_request);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->port, 3389);
  EXPECT_EQ(request->address.to_text(), "198.51.100.20");
  EXPECT_EQ(request->user, "eva");
  EXPECT_FALSE(request->is_4a);
}

TEST(Socks4, RequestOf4aHoldsAName) {
  const auto request = decode(kNamedRequest, read_socks4_request);
  ASSERT_TRUE(request.has_value());
  EXPECT_TRUE(request->is_4a);
  EXPECT_EQ(request->host_name, "rds01.x");
}

TEST(Socks4, ReadersObeyTheirLaws) {
  testing::expect_reader_laws(kRequest, read_socks4_request);
  testing::expect_reader_laws(kNamedRequest, read_socks4_request);
  testing::expect_reader_laws(kGranted, read_socks4_reply);
}

TEST(Socks4, IsMeasuredByItsTexts) {
  for (const auto& request : {kRequest, kNamedRequest}) {
    EXPECT_EQ(measure_socks4_request(request).size(), request.size());
    for (std::size_t size = 0; size < request.size(); ++size) {
      EXPECT_TRUE(measure_socks4_request(ByteView{request}.first(size)).needs_more()) << size;
    }
  }
}

TEST(Socks4, RecogniserLeavesOtherThingsAlone) {
  const auto recognise = socks4_family().recognise;
  EXPECT_EQ(recognise(kRequest), Verdict::kYes);
  EXPECT_EQ(recognise(hex("04 02 0d3d c6336414 00")), Verdict::kNo);          // BIND
  EXPECT_EQ(recognise(hex("04 01 0000 c6336414 00")), Verdict::kNo);          // no port
  EXPECT_EQ(recognise(hex("04 01 0d3d 00000000 00")), Verdict::kNo);          // no address
  EXPECT_EQ(recognise(hex("04 01 0d3d 00000001 00 00")), Verdict::kNo);       // no name
  EXPECT_EQ(recognise(hex("04 01 00c4 00330100 ad b000 01")), Verdict::kNo);  // TDS response
  EXPECT_EQ(recognise(hex("04 01 0d3d c6336414 65 80")), Verdict::kNo);       // no text
  auto endless = kRequest;
  endless.insert(endless.end() - 1, 300, std::byte{'a'});
  EXPECT_EQ(recognise(endless), Verdict::kNo);
}

TEST(Socks4, GrantedRequestIsFollowedByRdp) {
  const auto heard =
      hear({from_client(kRequest), from_server(kGranted), from_client(kConnectionRequest)});
  EXPECT_EQ(heard.rules(), "proxy.socks4 proxy.socks4 x224.connection_request ");
  const auto asked = heard.only<ProxyAsked>();
  EXPECT_EQ(asked.kind, ProxyKind::kSocks4);
  EXPECT_EQ(asked.target->to_text(), "198.51.100.20:3389");
  EXPECT_EQ(asked.user, "eva");
  const auto answered = heard.only<ProxyAnswered>();
  EXPECT_TRUE(answered.granted);
  EXPECT_EQ(answered.code, 90U);
}

TEST(Socks4, NamesKeepTheirPort) {
  const auto asked = hear({from_client(kNamedRequest)}).only<ProxyAsked>();
  EXPECT_EQ(asked.kind, ProxyKind::kSocks4a);
  EXPECT_EQ(asked.target_name, "rds01.x");
  EXPECT_EQ(asked.target_port, 3389);
}

TEST(Socks4, RefusedRequestEndsTheInterest) {
  const auto heard =
      hear({from_client(kRequest), from_server(kRefused), from_client(kConnectionRequest)});
  EXPECT_FALSE(heard.only<ProxyAnswered>().granted);
  EXPECT_EQ(heard.conversation.recognition(), Recognition::kNothing);
}

TEST(Socks4, AnswerThatNobodyCapturedIsGuessedAt) {
  auto rest = kConnectionRequest;
  rest.insert(rest.end(), 130, std::byte{4});
  const auto heard = hear({from_client(kRequest), from_client(rest)});
  EXPECT_EQ(heard.rules().find("proxy.socks4 x224.connection_request "), 0U) << heard.rules();
}

TEST(Socks4, RequestCapturedBehindWhatItAllowedWaitsForTheReply) {
  const auto heard =
      hear({from_client(kRequest), from_client(kConnectionRequest), from_server(kGranted)});
  EXPECT_EQ(heard.rules(), "proxy.socks4 proxy.socks4 x224.connection_request ");
}

TEST(Socks4, TalksObeyTheirLaws) {
  const std::vector talk{from_client(kNamedRequest), from_server(kGranted),
                         from_client(kConnectionRequest)};
  testing::expect_same_in_pieces(talk);
  testing::expect_survives_damage(talk);
}

}  // namespace
}  // namespace remora::proxy
