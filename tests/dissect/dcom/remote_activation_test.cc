#include "dissect/dcom/remote_activation.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/dcom/stub.h"
#include "tests/support/laws.h"

namespace remora::dcom {
namespace {

using testing::hex;

const std::string kClass = "10403e83 f7af c34a aac29f24c1457bce";
const std::string kInterface = "00423e83 f7af c34a aac29f24c1457bce";

// [MS-DCOM] 3.1.2.5.2.3.1: ORPCTHIS, Clsid, pwszObjectName, pObjectStorage, ClientImpLevel, Mode,
// Interfaces, pIIDs, cRequestedProtseqs, aRequestedProtseqs.
const auto kRequest =
    hex("0500 0700 00000000 00000000 0102030405060708090a0b0c0d0e0f10 00000000" + kClass +
        "00000000 00000000 02000000 ffffffff 01000000 00000200 01000000" + kInterface +
        "0100 0000 01000000 0700");

// ORPCTHAT, pOxid, ppdsaOxidBindings, pipidRemUnknown, pAuthnHint, pServerVersion, phr,
// ppInterfaceData, pResults, status.
const auto kReply =
    hex("00000000 00000000 a1a2a3a4a5a6a7a8 00000200"
        "0a000000 0a00 0900 0700 6100 5b00 3800 3000 5d00 0000 0000 0000 0000" +
        kInterface + "02000000 0500 0700 00000000 01000000 00000000 01000000 00000000 00000000");

TEST(RemoteActivation, NamesClassAndInterfaces) {
  const auto request = decode(kRequest, little(read_remote_activation));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->clsid, ndr::make_guid("833E4010-AFF7-4AC3-AAC2-9F24C1457BCE"));
  EXPECT_EQ(request->iids.size(), 1U);
  testing::expect_reader_laws(kRequest, little(read_remote_activation));
}

TEST(RemoteActivation, IsAnsweredWithBindings) {
  const auto reply = decode(kReply, little(read_remote_activation_reply));
  ASSERT_TRUE(reply.has_value());
  ASSERT_EQ(reply->exporter.size(), 1U);
  EXPECT_EQ(reply->exporter[0].port, Port{80});
  EXPECT_EQ(reply->result, 0U);
  testing::expect_reader_laws(kReply, little(read_remote_activation_reply));
}

}  // namespace
}  // namespace remora::dcom
