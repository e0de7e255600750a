#include "dissect/rdp/mcs.h"

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;
namespace golden = testing::golden;

/// The MCS PDU inside a PDU of the session.
template <typename Pdu>
Pdu read_as(ByteView bytes) {
  return std::get<Pdu>(decode(bytes, read_mcs_pdu).value());
}

TEST(ConnectInitial, GivesTheConferenceRequest) {
  const auto bytes = golden::connect_initial();
  const auto mcs = golden::mcs_pdu(bytes);
  EXPECT_EQ(read_as<ConnectInitial>(mcs).user_data.size(), 0x133U);
  expect_reader_laws(mcs, read_mcs_pdu);
}

TEST(ConnectResponse, GivesResultAndConferenceResponse) {
  const auto bytes = golden::connect_response();
  const auto mcs = golden::mcs_pdu(bytes);
  const auto response = read_as<ConnectResponse>(mcs);
  EXPECT_EQ(response.result, 0);
  EXPECT_EQ(response.user_data.size(), 0x11fU);
  expect_reader_laws(mcs, read_mcs_pdu);
}

TEST(ConnectInitial, NamesTheFieldThatIsMissing) {
  const auto error = decode(hex("7f65 03 040101"), read_mcs_pdu).error();
  EXPECT_EQ(error.to_text(), "Connect-MCSPDU.calledDomainSelector at 6: 0 of 1 bytes");
}

TEST(ConnectPdu, OfAnotherTagIsAnError) {
  EXPECT_FALSE(decode(hex("7f67 00"), read_mcs_pdu).has_value());
}

TEST(McsPdu, ReadsTheChannelConnectionOfTheSession) {
  const auto erect = golden::erect_domain();
  EXPECT_NO_THROW((void)read_as<ErectDomainRequest>(golden::mcs_pdu(erect)));
  const auto attach = golden::attach_user_request();
  EXPECT_NO_THROW((void)read_as<AttachUserRequest>(golden::mcs_pdu(attach)));
  const auto confirm_bytes = golden::attach_user_confirm();
  const auto confirm = read_as<AttachUserConfirm>(golden::mcs_pdu(confirm_bytes));
  EXPECT_EQ(confirm.result, 0);
  EXPECT_EQ(confirm.initiator, 1007);
}

TEST(McsPdu, ReadsTheJoinsOfTheSession) {
  const auto request_bytes = golden::join_request_1007();
  const auto request = read_as<ChannelJoinRequest>(golden::mcs_pdu(request_bytes));
  EXPECT_EQ(request.initiator, 1007);
  EXPECT_EQ(request.channel_id, 1007);
  const auto confirm_bytes = golden::join_confirm_1007();
  const auto confirm = read_as<ChannelJoinConfirm>(golden::mcs_pdu(confirm_bytes));
  EXPECT_EQ(confirm.result, 0);
  EXPECT_EQ(confirm.initiator, 1007);
  EXPECT_EQ(confirm.requested, 1007);
  EXPECT_EQ(confirm.channel_id, 1007);
}

TEST(McsPdu, ResultIsFourBitsAcrossTwoBytes) {
  const auto too_many_users = read_as<AttachUserConfirm>(hex("2d a0"));  // 1 101, no initiator
  EXPECT_EQ(too_many_users.result, 13);
  EXPECT_EQ(too_many_users.initiator, 0);
  const auto no_such_channel = read_as<ChannelJoinConfirm>(hex("3c 60 0006 03ed"));
  EXPECT_EQ(no_such_channel.result, 3);
  EXPECT_EQ(no_such_channel.requested, 1005);
  EXPECT_EQ(no_such_channel.channel_id, 0);
}

TEST(SendData, OfTheSessionBordersItsPayload) {
  const auto request_bytes = golden::security_exchange();
  const auto request = read_as<SendData>(golden::mcs_pdu(request_bytes));
  EXPECT_EQ(request.choice, McsChoice::kSendDataRequest);
  EXPECT_EQ(request.initiator, 1007);
  EXPECT_EQ(request.channel_id, 1003);
  EXPECT_EQ(request.priority_and_segmentation, 0x70);
  EXPECT_EQ(request.user_data.size(), 80U);
  const auto indication_bytes = golden::licence();
  const auto indication = read_as<SendData>(golden::mcs_pdu(indication_bytes));
  EXPECT_EQ(indication.choice, McsChoice::kSendDataIndication);
  EXPECT_EQ(indication.initiator, 1002);
  EXPECT_EQ(indication.user_data.size(), 20U);
}

TEST(SendData, IsAnErrorWhenItsLengthLies) {
  const auto error = decode(hex("64 0006 03eb 70 04 010203"), read_mcs_pdu).error();
  EXPECT_EQ(error.to_text(), "userData at 7: 3 of 4 bytes");
}

TEST(DisconnectProviderUltimatum, ReasonIsThreeBitsAcrossTwoBytes) {
  const auto bytes = golden::disconnect();
  EXPECT_EQ(read_as<DisconnectProviderUltimatum>(golden::mcs_pdu(bytes)).reason, 3);
  EXPECT_EQ(read_as<DisconnectProviderUltimatum>(hex("20 80")).reason, 1);
  EXPECT_EQ(read_as<DisconnectProviderUltimatum>(hex("22 00")).reason, 4);
}

TEST(McsPdu, KeepsOtherChoicesRaw) {
  const auto bytes = hex("74 0102");
  const auto unknown = read_as<UnknownMcsPdu>(bytes);
  EXPECT_EQ(unknown.choice, McsChoice{29});
  EXPECT_EQ(unknown.rest.size(), 2U);
}

TEST(McsPdu, ObeysTheReaderLaws) {
  for (const auto& pdu :
       {golden::erect_domain(), golden::attach_user_confirm(), golden::join_request_1007(),
        golden::join_confirm_1007(), golden::licence(), golden::disconnect()}) {
    expect_reader_laws(golden::mcs_pdu(pdu), read_mcs_pdu);
  }
}

}  // namespace
}  // namespace remora::rdp
