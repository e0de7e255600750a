#include "dissect/session/inference/sealed_login.h"

#include <gtest/gtest.h>

namespace remora::session {
namespace {

class Login : public ::testing::Test {
 protected:
  void client(std::uint32_t bytes, bool exact = true) { see(true, bytes, exact); }
  void server(std::uint32_t bytes, bool exact = true) { see(false, bytes, exact); }
  SealedLogin login_;

 private:
  void see(bool from_client, std::uint32_t bytes, bool exact) {
    ++frame_;
    login_.on_record(from_client, {.from = {}, .plaintext_bytes = bytes, .exact = exact},
                     {.time = {}, .frame = FrameNumber{frame_}});
  }
  std::uint64_t frame_{0};
};

TEST_F(Login, KnowsTheConnectionSequenceByItsLengths) {
  client(57);   // NTLM negotiate
  server(210);  // challenge
  client(620);  // authenticate
  server(90);   // pubKeyAuth
  client(150);  // authInfo
  client(450);  // MCS Connect-Initial
  server(130);  // MCS Connect-Response
  client(12);   // ErectDomain
  client(8);    // AttachUser
  EXPECT_FALSE(login_.authenticated());
  server(11);  // AttachUserConfirm
  EXPECT_TRUE(login_.authenticated());
  for (int channel = 0; channel < 4; ++channel) {
    client(12);
    server(15);
  }
  client(340);  // Client Info
  EXPECT_FALSE(login_.let_in());
  server(34);  // licence
  EXPECT_TRUE(login_.let_in());
  EXPECT_EQ(login_.let_in_at().frame, FrameNumber{20});
  EXPECT_DOUBLE_EQ(login_.confidence(), 0.98);
}

TEST_F(Login, DoesWithoutJoinsWhereBothSidesSkipThem) {
  client(12);
  client(8);
  server(11);
  client(340);
  server(420);
  EXPECT_TRUE(login_.let_in());
  EXPECT_DOUBLE_EQ(login_.confidence(), 0.95);
}

TEST_F(Login, IsNotTakenInByAuthenticationThatFails) {
  client(57);
  server(210);
  client(620);
  server(22);
  EXPECT_FALSE(login_.authenticated());
  EXPECT_TRUE(login_.server_ended_short());
  EXPECT_EQ(login_.client_records(), 2U);
}

TEST_F(Login, AllowsForPaddingThatHidesExactLengths) {
  client(27, false);  // at most 27, so 12 is possible
  client(11, false);
  server(16, false);
  EXPECT_TRUE(login_.authenticated());
  EXPECT_DOUBLE_EQ(login_.confidence(), 0.8);
}

TEST_F(Login, StartsAgainWhenTheOrderIsBroken) {
  client(12);
  client(300);
  client(8);
  server(11);
  EXPECT_FALSE(login_.authenticated());
}

}  // namespace
}  // namespace remora::session
