#include "dissect/mail/imap_mailbox.h"

#include <gtest/gtest.h>

#include "tests/dissect/mail/mails.h"

namespace remora::mail {
namespace {

constexpr auto kClient = Side::kInitiator;
const observation::Sha256 kKey{std::byte{1}};

class ImapMailboxTest : public ::testing::Test {
 protected:
  ImapMailboxTest() {
    mailbox_.set_account("eva");
    mailbox_.select("INBOX");
    mailbox_.set_validity(5);
  }
  [[nodiscard]] std::string told() {
    auto text = mail::told(out_.found());
    out_.found().clear();
    return text;
  }
  ImapMailbox mailbox_;
  Findings out_;
};

TEST_F(ImapMailboxTest, TellsWhatIsExpungedByItsKeyOrPlace) {
  mailbox_.learn(3, 17);
  mailbox_.learn(4, 18);
  mailbox_.remember(3, 17, {kKey});
  mailbox_.on_expunged(1, kClient, {}, out_);  // nothing is known of it
  EXPECT_EQ(told(), "");
  mailbox_.on_expunged(2, kClient, {}, out_);
  ASSERT_EQ(out_.found().size(), 1U);
  EXPECT_EQ(std::get<observation::CopyDeleted>(out_.found()[0].what).ticket, kKey);
  EXPECT_EQ(told(), "deleted at eva:INBOX;5/17; ");
  mailbox_.on_expunged(2, kClient, {}, out_);
  EXPECT_EQ(told(), "deleted at eva:INBOX;5/18; ");
}

TEST_F(ImapMailboxTest, TellsWhatVanished) {
  mailbox_.learn(3, 17);
  mailbox_.learn(9, 30);
  mailbox_.on_vanished("1:20", kClient, {}, out_);
  EXPECT_EQ(told(), "deleted at eva:INBOX;5/17; ");
  EXPECT_FALSE(mailbox_.uid_of(9).has_value());  // numbers have moved by nobody knows how many
}

TEST_F(ImapMailboxTest, TellsWhatIsFlaggedWhenItIsClosed) {
  mailbox_.learn(1, 10);
  mailbox_.learn(2, 20);
  mailbox_.learn(3, 30);
  mailbox_.flag("10,20", true, true);
  mailbox_.flag("2", false, false);
  mailbox_.flag(3, true);
  mailbox_.on_closed(kClient, {}, out_);
  EXPECT_EQ(told(), "deleted at eva:INBOX;5/10; deleted at eva:INBOX;5/30; ");
}

TEST_F(ImapMailboxTest, ForgetsOthersBeforeWhatHoldsTickets) {
  mailbox_.remember(1, 1, {kKey});
  for (std::uint32_t number = 2; number < 2000; ++number) { mailbox_.learn(number, number); }
  EXPECT_EQ(mailbox_.uid_of(1), 1U);
  EXPECT_FALSE(mailbox_.uid_of(2).has_value());
  EXPECT_EQ(mailbox_.uid_of(1999), 1999U);
}

TEST_F(ImapMailboxTest, KnowsNoPlaceWithoutId) {
  mailbox_.remember(4, std::nullopt, {kKey});
  EXPECT_EQ(mailbox_.place_of(mailbox_.uid_of(4)), "");
  mailbox_.select("Sent");
  EXPECT_EQ(mailbox_.place_of(1), "eva:Sent/1");
}

}  // namespace
}  // namespace remora::mail
