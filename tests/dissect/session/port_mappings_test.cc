#include "dissect/session/port_mappings.h"

#include <chrono>

#include <gtest/gtest.h>

namespace remora::session {
namespace {

constexpr Moment kStart{std::chrono::seconds{1'700'000'000}};
const auto kRouter = *IpAddress::parse("192.0.2.1");
const auto kNovice = *IpAddress::parse("192.0.2.7");
const SocketAddress kListener{kNovice, Port{3389}};
const observation::PortMappingChanged kMade{.made = true,
                                            .protocol = "TCP",
                                            .external_port = Port{50123},
                                            .internal_address = kNovice,
                                            .internal_port = Port{3389}};

TEST(PortMappings, LeadFromThePublicSideToAListener) {
  PortMappings mappings;
  EXPECT_FALSE(mappings.public_side(kListener, kStart).has_value());
  mappings.on_made(kRouter, kNovice, kMade, kStart);
  EXPECT_EQ(mappings.public_side(kListener, kStart), (SocketAddress{IpAddress{}, Port{50123}}));
  const auto outside = *IpAddress::parse("203.0.113.7");
  mappings.on_public_address(kRouter, outside, kStart);
  EXPECT_EQ(mappings.public_side(kListener, kStart), (SocketAddress{outside, Port{50123}}));
}

TEST(PortMappings, EndWhereTheyAreRemoved) {
  PortMappings mappings;
  mappings.on_made(kRouter, kNovice, kMade, kStart);
  observation::PortMappingChanged removed{.protocol = "TCP", .external_port = Port{50123}};
  EXPECT_EQ(mappings.on_removed(kRouter, removed, kStart), kListener);
  EXPECT_FALSE(mappings.on_removed(kRouter, removed, kStart).has_value());
  EXPECT_FALSE(mappings.public_side(kListener, kStart).has_value());
}

TEST(PortMappings, LeadToWhoAskedWhereNobodyIsNamed) {
  PortMappings mappings;
  auto made = kMade;
  made.internal_address.reset();
  mappings.on_made(kRouter, kNovice, made, kStart);
  EXPECT_TRUE(mappings.public_side(kListener, kStart).has_value());
}

}  // namespace
}  // namespace remora::session
