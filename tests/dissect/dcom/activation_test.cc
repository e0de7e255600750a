#include "dissect/dcom/activation.h"

#include <gtest/gtest.h>

#include "tests/dissect/dcom/stub.h"
#include "tests/support/laws.h"
#include "tests/support/offer_pdus.h"

namespace remora::dcom {
namespace {

constexpr auto kRaSrvClass = ndr::make_guid("3C3A70A7-A468-49B9-8ADA-28E11FCCAD5D");
constexpr auto kRaSrv = ndr::make_guid("F120A684-B926-447F-9DF4-C966CB785648");

const auto kRequest = stub_of(testing::kCreateInstance, 24);
const auto kReply = stub_of(testing::kCreated, 24);

TEST(RemoteCreateInstance, NamesClassAndInterfaces) {
  const auto request = decode(kRequest, little(read_remote_create_instance));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->clsid, kRaSrvClass);
  ASSERT_EQ(request->iids.size(), 1U);
  EXPECT_EQ(request->iids[0], kRaSrv);
  EXPECT_FALSE(request->windows_session_id.has_value());
}

TEST(RemoteCreateInstance, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(kRequest, little(read_remote_create_instance));
}

TEST(RemoteGetClassObject, LacksTheOuterObject) {
  auto bytes = kRequest;
  bytes.erase(bytes.begin() + 32, bytes.begin() + 36);  // pUnkOuter, behind ORPCTHIS
  const auto request = decode(bytes, little(read_remote_get_class_object));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->clsid, kRaSrvClass);
}

TEST(ActivationReply, SaysWhereTheObjectAndItsMachineAre) {
  const auto reply = decode(kReply, little(read_activation_reply));
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->result, 0U);
  ASSERT_EQ(reply->exporter.size(), 3U);
  EXPECT_EQ(reply->exporter[0].host, "NOVICE7");
  EXPECT_EQ(reply->exporter[0].port, Port{49180});
  EXPECT_EQ(reply->exporter[1].address, IpAddress::parse("192.0.2.10"));
  EXPECT_EQ(reply->exporter[2].address, IpAddress::parse("10.11.0.5"));
  ASSERT_EQ(reply->resolver.size(), 3U);
  EXPECT_EQ(reply->resolver[0].host, "NOVICE7");
  EXPECT_FALSE(reply->resolver[0].port.has_value());
}

TEST(ActivationReply, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(kReply, little(read_activation_reply));
}

TEST(ActivationReply, IsShortWhereItRefuses) {
  const auto bytes = testing::hex("00000000 00000000 00000000 05000780");
  const auto reply = decode(bytes, little(read_activation_reply));
  ASSERT_TRUE(reply.has_value());
  EXPECT_TRUE(is_failure(reply->result));
  EXPECT_EQ(reply->result, 0x80070005U);
  EXPECT_TRUE(reply->exporter.empty());
}

TEST(ActivationReply, HasItsResultLast) {
  const auto bytes = testing::hex("00000000 00000000 00000000 00000000 00000000 00000000 05000780");
  const auto reply = decode(bytes, little(read_activation_reply));
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->result, 0x80070005U);
  EXPECT_FALSE(reply->has_properties);
}

}  // namespace
}  // namespace remora::dcom
