#include "dissect/session/inference/implementation.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace remora::session {
namespace {

std::string client(std::string descriptor, std::vector<std::uint16_t> sets) {
  Session session;
  session.platform = observation::ClientPlatform{.source_descriptor = std::move(descriptor),
                                                 .capability_sets = std::move(sets)};
  const auto found = client_implementation(session);
  return found.has_value() ? found->name : "";
}

std::string server(std::string platform, std::vector<std::uint16_t> sets) {
  Session session;
  session.server_platform = observation::ServerPlatform{
      .name = std::move(platform), .source_descriptor = "RDP", .capability_sets = std::move(sets)};
  const auto found = server_implementation(session);
  return found.has_value() ? found->name : "";
}

// Each order as real programs sent it.
TEST(ClientImplementation, IsInTheSourceDescriptorOfLibraries) {
  EXPECT_EQ(client("FREERDP", {1, 2, 3, 0x13, 8, 0xd}), "FreeRDP");
  EXPECT_EQ(client("IRONRDP", {}), "IronRDP");
  EXPECT_EQ(client("freerdp", {}), "");
}

TEST(ClientImplementation, IsInTheOrderOfCapabilitySetsOfThoseThatSayMstsc) {
  EXPECT_EQ(client("MSTSC", {1, 2, 3, 0x13, 0xa, 7, 5, 8, 9, 0xd, 0xc}), "mstsc");
  EXPECT_EQ(client("MSTSC", {1, 2, 3, 0x13, 8, 0xa, 7, 5, 9, 0xf, 0x14}), "rdesktop");
  EXPECT_EQ(client("MSTSC", {1, 2, 8, 9, 0x14}), "");
  EXPECT_EQ(client("MSTSC", {1, 2, 3}), "");
  EXPECT_EQ(client("", {1, 2, 3, 0x13, 0xa, 7, 5, 8, 9}), "");
}

TEST(ClientImplementation, MayBeInTheCookie) {
  Session session;
  session.request = observation::ConnectionRequested{.cookie = "NCRACK_USER"};
  EXPECT_STREQ(client_implementation(session)->name, "ncrack");
  session.request->cookie = "nmap";
  EXPECT_STREQ(client_implementation(session)->name, "nmap");
  session.request->cookie = "anna";
  EXPECT_FALSE(client_implementation(session).has_value());
  session.request.reset();
  EXPECT_FALSE(client_implementation(session).has_value());
}

TEST(ServerImplementation, IsInTheOrderOfCapabilitySets) {
  EXPECT_EQ(server("Windows", {9, 1, 0x14, 0xa, 8}), "Windows");
  EXPECT_EQ(server("Windows", {9, 1, 0x14, 0x16, 0xe}), "Windows");
  EXPECT_EQ(server("Windows", {9, 1, 2, 0xe, 3, 0x1d}), "xrdp");
  EXPECT_EQ(server("", {1, 2, 3, 8, 0xd, 0x14}), "FreeRDP");
  EXPECT_EQ(server("Windows", {1, 2, 3, 8, 0xd, 0x14}), "");
  EXPECT_EQ(server("Windows", {1, 2, 8, 9, 0x14}), "");
}

TEST(ServerImplementation, MayBeInTheAnswerToTheRequest) {
  Session session;
  session.confirm = observation::ConnectionConfirmed{
      .selected_protocol = 1, .flags = 3, .source_reference = std::uint16_t{0}};
  const auto found = server_implementation(session);
  ASSERT_TRUE(found.has_value());
  EXPECT_STREQ(found->name, "FreeRDP");
  EXPECT_LT(found->confidence, 0.9);
  session.confirm->flags = 0;
  EXPECT_FALSE(server_implementation(session).has_value());
  session.confirm->flags = 3;
  session.confirm->source_reference = 0x1234;
  EXPECT_FALSE(server_implementation(session).has_value());
  session.confirm->source_reference.reset();
  EXPECT_FALSE(server_implementation(session).has_value());
}

}  // namespace
}  // namespace remora::session
