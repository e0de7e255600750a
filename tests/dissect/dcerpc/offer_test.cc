// What a DCE/RPC connection tells of an offer of Remote Assistance.

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/dcerpc/family.h"
#include "tests/support/hex.h"
#include "tests/support/offer_pdus.h"
#include "tests/support/told.h"

namespace remora::dcerpc {
namespace {

using observation::OfferSeen;
using testing::hex;
using testing::Said;
using Step = OfferSeen::Step;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

std::string word(Step step) {
  switch (step) {
    case Step::kActivation:
      return "activation";
    case Step::kActivated:
      return "activated";
    case Step::kMapped:
      return "mapped";
    case Step::kBound:
      return "bound";
    case Step::kLogon:
      return "logon";
    case Step::kSessions:
      return "sessions";
    case Step::kAsked:
      return "asked";
    case Step::kAnswered:
      return "answered";
    case Step::kFailed:
      break;
  }
  return "failed";
}

std::string text(const Finding& finding) {
  if (const auto* name = std::get_if<observation::EndNamed>(&finding.what)) {
    return "name " + name->name;
  }
  if (const auto* own = std::get_if<observation::EndAddresses>(&finding.what)) {
    std::string all = "addresses";
    for (const auto& address : own->addresses) { all += ' ' + address.to_text(); }
    return all;
  }
  if (std::holds_alternative<observation::TicketSeen>(finding.what)) { return "ticket"; }
  if (const auto* refused = std::get_if<observation::TicketRefused>(&finding.what)) {
    return "refused " + refused->error;
  }
  const auto* offer = std::get_if<OfferSeen>(&finding.what);
  if (offer == nullptr) { return "other"; }
  auto all = word(offer->step) + (offer->service == OfferSeen::Service::kRaSrv ? " RASrv" : " PCH");
  if (offer->sealed) { all += " sealed"; }
  if (offer->by_port) { all += " by port"; }
  if (!offer->user.empty()) { all += " by " + offer->domain + '\\' + offer->user; }
  if (!offer->novice_user.empty()) {
    all += " for " + offer->novice_domain + '\\' + offer->novice_user;
  }
  if (offer->windows_session_id) { all += " in " + std::to_string(*offer->windows_session_id); }
  for (const auto port : offer->listeners) { all += " at " + std::to_string(to_number(port)); }
  if (offer->error) { all += " error " + offer->error->name; }
  return all;
}

std::vector<std::string> tell(const std::vector<Said>& talk, std::size_t piece) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  for (const auto& said : talk) {
    for (ByteView rest = said.bytes; !rest.empty();) {
      const auto next = rest.first(std::min(piece, rest.size()));
      const std::vector<std::byte> copy(next.begin(), next.end());
      conversation.on_bytes(said.from, copy, {}, found);
      rest = rest.subspan(next.size());
    }
  }
  std::vector<std::string> told;
  for (const auto& finding : found) { told.push_back(text(finding)); }
  return told;
}

/// The laws of dissectors, for what is told here.
void expect_however_cut(const std::vector<Said>& talk, const std::vector<std::string>& told) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 16U, 24U, 25U, 100U, 4096U}) {
    EXPECT_EQ(tell(talk, piece), told) << "pieces of " << piece;
  }
  for (std::size_t part = 0; part < talk.size(); ++part) {
    auto damaged = talk;
    for (auto& byte : damaged[part].bytes) {
      byte ^= std::byte{0xff};
      (void)tell(damaged, 4096);
      byte ^= std::byte{0xff};
    }
  }
}

const std::vector<Said> kActivation{{kClient, hex(testing::kBindActivator)},
                                    {kServer, hex(testing::kBindAck)},
                                    {kClient, hex(testing::kCreateInstance)},
                                    {kServer, hex(testing::kCreated)}};
const std::vector<Said> kService{{kClient, hex(testing::kBindPchService)},
                                 {kServer, hex(testing::kBindAck)},
                                 {kClient, hex(testing::kConnectionParms)},
                                 {kServer, hex(testing::kConnectionString)}};

TEST(Offer, BeginsWithTheActivationOfTheNovicesService) {
  expect_however_cut(kActivation, {"activation RASrv", "name NOVICE7",
                                   "addresses 192.0.2.10 10.11.0.5", "activated RASrv at 49180"});
}

TEST(Offer, GoesOnAtTheServiceItself) {
  expect_however_cut(kService, {"bound PCH", "asked PCH by CORP\\helper for CORP\\carol in 0",
                                "ticket", "answered PCH"});
}

TEST(Offer, MayBeAnsweredWithAStringThatIsNone) {
  const auto type = hex("3800 2c00 3100 2c00");  // "8,1,"
  auto talk = kService;
  auto& answer = talk[3].bytes;
  const auto at = std::ranges::search(answer, type).begin();
  ASSERT_NE(at, answer.end());
  *(at + 4) = std::byte{'2'};
  expect_however_cut(talk, {"bound PCH", "asked PCH by CORP\\helper for CORP\\carol in 0",
                            "refused rcticket.type", "answered PCH"});
}

TEST(Offer, MayGoOnWhereItsBindWasNotSeen) {
  expect_however_cut({kService[2], kService[3]},
                     {"asked PCH sealed by port", "answered PCH sealed by port"});
  expect_however_cut({kService[1], kService[2], kService[3]},
                     {"asked PCH sealed by port", "answered PCH sealed by port"});
  // Another operation, and one of a connection that says whose it is.
  auto other = kService;
  other[2].bytes[22] = std::byte{18};
  expect_however_cut({other[2], other[3]}, {});
  auto bound = kService;
  bound[0].bytes[32] ^= std::byte{1};
  expect_however_cut({bound[0], bound[1], bound[2], bound[3]}, {});
}

TEST(Offer, MayBeginAtTheEndpointMapper) {
  const auto bind = hex(
      "05000b0310000000 4800 0000 01000000 b810b810 00000000 01000000 00000100"
      "0883afe1 1f5d c911 91a4 08002b14a0fa 0300 0000 045d888aeb1cc9119fe808002b10486002000000");
  const auto ask = hex(
      "0500000310000000 9c00 0000 02000000 84000000 0000 0300"
      "01000000 00000000000000000000000000000000 02000000 4b000000 4b000000"
      "0500 1300 0d84a620f126b97f449df4c966cb785648 0000 0200 0000"
      "1300 0d045d888aeb1cc9119fe808002b104860 0200 0200 0000 0100 0b 0200 0000 0100 07 0200 0087"
      "0100 09 0400 00000000 00 0000000000000000000000000000000000000000 04000000");
  const auto answer = hex(
      "0500020310000000 9800 0000 02000000 80000000 0000 00 00"
      "0000000000000000000000000000000000000000 01000000 04000000 00000000 01000000 03000000"
      "4b000000 4b000000"
      "0500 1300 0d84a620f126b97f449df4c966cb785648 0000 0200 0000"
      "1300 0d045d888aeb1cc9119fe808002b104860 0200 0200 0000 0100 0b 0200 0000 0100 07 0200 c01c"
      "0100 09 0400 c000020a 00 00000000");
  expect_however_cut(
      {{kClient, bind}, {kServer, hex(testing::kBindAck)}, {kClient, ask}, {kServer, answer}},
      {"mapped RASrv at 49180"});
}

TEST(Offer, MayBeAnsweredWithAFault) {
  auto talk = kService;
  talk[3].bytes =
      hex("05 00 03 03 10 00 00 00 2000 0000 02000000 20000000 0100 00 00 0200011c 00000000");
  expect_however_cut(talk, {"bound PCH", "asked PCH by CORP\\helper for CORP\\carol in 0",
                            "failed PCH error nca_op_rng_error"});
}

TEST(Offer, MayBeRefusedAtTheBind) {
  auto talk = kService;
  talk.resize(2);
  talk[1].bytes[36] = std::byte{2};  // provider_rejection
  EXPECT_EQ(tell(talk, 4096),
            (std::vector<std::string>{"bound PCH", "failed PCH error bind refused"}));
  talk[1].bytes = hex("05 00 0d 03 10 00 00 00 1500 0000 02000000 0400 01 05 00");
  EXPECT_EQ(tell(talk, 4096),
            (std::vector<std::string>{"bound PCH", "failed PCH error bind refused"}));
}

/// The stub of a PDU as a ciphered one of the same size: padding, trailer and signature behind it.
std::vector<std::byte> sealed(std::vector<std::byte> pdu) {
  const auto trailer = hex("0a 06 00 00 01000000 01000000 0102030405060708 00000000");
  pdu.insert(pdu.end(), trailer.begin(), trailer.end());
  pdu[8] = static_cast<std::byte>(pdu.size() & 0xffU);
  pdu[9] = static_cast<std::byte>(pdu.size() >> 8U);
  pdu[10] = std::byte{16};
  for (std::size_t at = 40; at < pdu.size() - 24; ++at) { pdu[at] ^= std::byte{0x5a}; }
  return pdu;
}

TEST(Offer, ThatIsSealedShowsThatAStringWasGiven) {
  auto talk = kService;
  talk[2].bytes = sealed(talk[2].bytes);
  talk[3].bytes = sealed(talk[3].bytes);
  expect_however_cut(talk, {"bound PCH", "asked PCH sealed", "answered PCH sealed"});
}

TEST(Offer, ThatIsSealedAndShortShowsThatNoneWas) {
  auto talk = kService;
  talk[2].bytes = sealed(talk[2].bytes);
  talk[3].bytes =
      sealed(hex("05 00 02 03 10 00 00 00 2800 0000 02000000 10000000 0100 00 00"
                 "00000000 00000000 00000000 05000780"));
  EXPECT_EQ(tell(talk, 4096),
            (std::vector<std::string>{"bound PCH", "asked PCH sealed", "failed PCH sealed"}));
}

TEST(Offer, IsNotReadAcrossAHole) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  conversation.on_bytes(kClient, kService[0].bytes, {}, found);
  conversation.on_bytes(kServer, kService[1].bytes, {}, found);
  conversation.on_bytes(kClient, ByteView{kService[2].bytes}.first(100), {}, found);
  conversation.on_gap(kClient, kService[2].bytes.size() - 100, {}, found);
  conversation.on_bytes(kServer, kService[3].bytes, {}, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(text(found[0]), "bound PCH");
}

TEST(Offer, IsNoneWithAnotherClass) {
  auto talk = kActivation;
  auto& request = talk[2].bytes;
  // CLSID of InstantiationInfo: "a7 70 3a 3c" begins it.
  const auto clsid = hex("a7703a3c68a4b949");
  const auto place = std::search(request.begin(), request.end(), clsid.begin(), clsid.end());
  ASSERT_NE(place, request.end());
  *place = std::byte{0xa8};
  EXPECT_EQ(tell(talk, 4096),
            (std::vector<std::string>{"name NOVICE7", "addresses 192.0.2.10 10.11.0.5"}));
}

}  // namespace
}  // namespace remora::dcerpc
