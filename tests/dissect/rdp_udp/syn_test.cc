#include "dissect/rdp_udp/syn.h"

#include <gtest/gtest.h>

#include "tests/dissect/rdp_udp/layout.h"
#include "tests/support/laws.h"

namespace remora::rdp_udp {
namespace {

using testing::hex;

TEST(Syn, TellsVersionAndCorrelation) {
  const auto syn = decode(hex(kSynText), read_syn);
  ASSERT_TRUE(syn.has_value());
  EXPECT_FALSE(syn->is_answer());
  EXPECT_EQ(syn->initial_sequence_number, 100U);
  EXPECT_EQ(syn->version, kVersion2);
  ASSERT_TRUE(syn->correlation_id.has_value());
  EXPECT_EQ(to_u8(syn->correlation_id->front()), 0x11);
  EXPECT_FALSE(syn->cookie_hash.has_value());
}

TEST(Syn, TellsTheCookieHashWithAnyVersionThatHasOne) {
  for (const auto* version : {"0101", "0002"}) {
    const auto syn =
        decode(syn_datagram(std::string{"ffffffff 0040 1001 00000064 04d0 04d0 0001"} + version +
                            "71bbbe88943e5821d391e6900e227ca1d7c731adc4417ed18fc1d19e82d6d20d"),
               read_syn);
    ASSERT_TRUE(syn->cookie_hash.has_value());
    EXPECT_EQ(to_u8(syn->cookie_hash->back()), 0x0d);
  }
}

TEST(Syn, OfTheServerHasNoHash) {
  const auto syn = decode(syn_datagram(kSynAckText), read_syn);
  EXPECT_TRUE(syn->is_answer());
  EXPECT_FALSE(syn->cookie_hash.has_value());
}

TEST(Syn, ReaderObeysTheLaws) {
  testing::expect_reader_laws(hex(kSynText), read_syn);
  testing::expect_reader_laws(hex(kSynAckText), read_syn);
}

TEST(Syn, IsKnownByItsContent) {
  EXPECT_TRUE(is_syn(syn_datagram(kSynText)));
  EXPECT_TRUE(is_syn(syn_datagram(kSynAckText)));
  EXPECT_FALSE(is_syn(hex(kSynText)));                                          // not filled up
  EXPECT_FALSE(is_syn(syn_datagram("00000064 0040 1801 00000064 04d0 04d0")));  // acknowledges
  EXPECT_FALSE(is_syn(syn_datagram("ffffffff 0040 0009 00000064 04d0 04d0")));  // with data
  EXPECT_FALSE(is_syn(syn_datagram("ffffffff 0040 0001 00000064 0400 0400")));  // MTU too small
  auto not_zero = syn_datagram(kSynText);
  not_zero.back() = std::byte{1};
  EXPECT_FALSE(is_syn(not_zero));
  not_zero.resize(1100);
  EXPECT_FALSE(is_syn(not_zero));
}

}  // namespace
}  // namespace remora::rdp_udp
