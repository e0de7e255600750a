#include "dissect/assistance_offer/remote_connection_parms.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/encoding/utf16.h"
#include "tests/dissect/dcom/stub.h"
#include "tests/support/laws.h"
#include "tests/support/offer_pdus.h"

namespace remora::assistance_offer {
namespace {

using dcom::little;
using dcom::stub_of;

const auto kRequest = stub_of(testing::kConnectionParms, 40);  // with an object UUID
const auto kReply = stub_of(testing::kConnectionString, 24);

TEST(RemoteConnectionParms, NamesBothUsersAndTheSession) {
  const auto request = decode(kRequest, little(read_connection_parms));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->novice, (Account{.user = "carol", .domain = "CORP"}));
  EXPECT_EQ(request->expert, (Account{.user = "helper", .domain = "CORP"}));
  EXPECT_EQ(request->session_id, 0U);
  testing::expect_reader_laws(kRequest, little(read_connection_parms));
}

TEST(RemoteConnectionParms, IsAnsweredWithAConnectionString) {
  const auto reply = decode(kReply, little(read_connection_parms_reply));
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(encoding::utf16le_to_utf8(reply->connection_string).substr(0, 30),
            "65538,1,192.0.2.20:3389;novice");
  EXPECT_EQ(reply->result, 0U);
  testing::expect_reader_laws(kReply, little(read_connection_parms_reply));
}

}  // namespace
}  // namespace remora::assistance_offer
