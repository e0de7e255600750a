#include "dissect/spnego/mech_token.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/der.h"
#include "tests/support/hex.h"

namespace remora::spnego {
namespace {

using testing::der;
using testing::hex;

const std::string kNtlm = "4e544c4d53535000 01000000 00000000";
const std::string kApReq = der("6e", "3003a00301");
const auto kSpnegoOid = der("06", "2b0601050502");
const auto kNtlmOid = der("06", "2b06010401823702020a");
const auto kKerberosOid = der("06", "2a864886f712010202");
const auto kMsKerberosOid = der("06", "2a864882f712010202");

const auto kUserToUserOid = der("06", "2a864886f71201020203");

/// NegTokenInit in the framing of RFC 2743, RFC 4178 4.2.1.
[[nodiscard]] std::string init(const std::string& mechanism, const std::string& token) {
  return der("60", kSpnegoOid + der("a0", der("30", der("a0", der("30", mechanism)) +
                                                        der("a2", der("04", token)))));
}
/// NegTokenResp, 4.2.2.
[[nodiscard]] std::string resp(const std::string& token) {
  return der("a1", der("30", der("a0", "0a0101") + der("a1", kNtlmOid) +
                                 der("a2", der("04", token)) + der("a3", der("04", "00112233"))));
}

[[nodiscard]] MechToken::Kind kind_in(const std::string& blob, const std::string& expected) {
  const auto bytes = hex(blob);
  const auto token = find_mech_token(bytes);
  const auto wanted = hex(expected);
  EXPECT_TRUE(std::equal(token.bytes.begin(), token.bytes.end(), wanted.begin(), wanted.end()));
  return token.kind;
}

TEST(MechToken, MayBeBare) {
  EXPECT_EQ(kind_in(kNtlm, kNtlm), MechToken::Kind::kNtlm);
  EXPECT_EQ(kind_in(kApReq, kApReq), MechToken::Kind::kKerberosApReq);
}

TEST(MechToken, StandsInNegTokenInitAndResp) {
  EXPECT_EQ(kind_in(init(kNtlmOid, kNtlm), kNtlm), MechToken::Kind::kNtlm);
  EXPECT_EQ(kind_in(resp(kNtlm), kNtlm), MechToken::Kind::kNtlm);
  const auto unframed = der("a0", der("30", der("a2", der("04", kNtlm))));
  EXPECT_EQ(kind_in(unframed, kNtlm), MechToken::Kind::kNtlm);
}

TEST(MechToken, OfKerberosStandsInItsOwnFraming) {
  const auto framed = der("60", kKerberosOid + "0100" + kApReq);
  EXPECT_EQ(kind_in(framed, kApReq), MechToken::Kind::kKerberosApReq);
  EXPECT_EQ(kind_in(init(kMsKerberosOid + kKerberosOid, framed), kApReq),
            MechToken::Kind::kKerberosApReq);
  const auto user_to_user = der("60", kUserToUserOid + "0100" + kApReq);
  EXPECT_EQ(kind_in(resp(user_to_user), kApReq), MechToken::Kind::kKerberosApReq);
  const auto old = der("60", kMsKerberosOid + "0100" + kApReq);
  EXPECT_EQ(kind_in(old, kApReq), MechToken::Kind::kKerberosApReq);
}

TEST(MechToken, IsNotThereInWhatTheServerOffersOrInAnswers) {
  EXPECT_EQ(
      kind_in(der("60", kSpnegoOid + der("a0", der("30", der("a0", der("30", kNtlmOid))))), ""),
      MechToken::Kind::kNone);
  const auto ap_rep = der("60", kKerberosOid + "0200" + der("6f", "3000"));
  EXPECT_EQ(kind_in(resp(ap_rep), ""), MechToken::Kind::kNone);
  EXPECT_EQ(kind_in(der("60", der("06", "2a03")), ""), MechToken::Kind::kNone);
  EXPECT_EQ(kind_in("", ""), MechToken::Kind::kNone);
}

TEST(MechToken, IsNotSoughtDeeperThanTwoLayers) {
  EXPECT_EQ(kind_in(init(kNtlmOid, init(kNtlmOid, kNtlm)), ""), MechToken::Kind::kNone);
}

TEST(MechToken, SurvivesDamage) {
  const auto framed = der("60", kKerberosOid + "0100" + kApReq);
  for (const auto& blob : {init(kNtlmOid, kNtlm), resp(kNtlm), init(kKerberosOid, framed)}) {
    const auto bytes = hex(blob);
    const auto check = [](const std::vector<std::byte>& damaged) {
      const auto token = find_mech_token(damaged);
      EXPECT_LE(token.bytes.size(), damaged.size());
    };
    testing::for_every_truncation(bytes, check);
    testing::for_every_changed_byte(bytes, check);
  }
}

}  // namespace
}  // namespace remora::spnego
