#include "dissect/upnp/port_mapping_action.h"

#include <gtest/gtest.h>

namespace remora::upnp {
namespace {

using Kind = PortMappingAction::Kind;

constexpr std::string_view kService = "urn:schemas-upnp-org:service:WANIPConnection:1";

TEST(PortMappingAction, IsNamedByItsHeader) {
  EXPECT_EQ(read_action('"' + std::string{kService} + "#AddPortMapping\"", "").kind, Kind::kAdd);
  EXPECT_EQ(read_action(std::string{kService} + "#DeletePortMapping", "").kind, Kind::kDelete);
  EXPECT_EQ(read_action(std::string{kService} + "#GetExternalIPAddress", "").kind,
            Kind::kGetExternalAddress);
  EXPECT_EQ(read_action(std::string{kService} + "#NotAddPortMapping", "").kind, Kind::kOther);
  EXPECT_EQ(read_action("AddPortMapping", "").kind, Kind::kOther);
}

TEST(PortMappingAction, HasItsArgumentsInTheBody) {
  const auto action =
      read_action(std::string{kService} + "#AddPortMapping",
                  "<NewRemoteHost></NewRemoteHost><NewExternalPort>50123</NewExternalPort>"
                  "<NewProtocol>TCP</NewProtocol><NewInternalPort> 3389\r\n</NewInternalPort>"
                  "<NewInternalClient>192.168.1.7</NewInternalClient>");
  EXPECT_EQ(action.external_port, Port{50123});
  EXPECT_EQ(action.internal_port, Port{3389});
  EXPECT_EQ(action.protocol, "TCP");
  EXPECT_EQ(action.internal_client, IpAddress::parse("192.168.1.7"));
}

TEST(PortMappingAction, DoesNotBelieveWhatIsNoNumber) {
  const auto action =
      read_action(std::string{kService} + "#AddPortMapping",
                  "<NewExternalPort>70000</NewExternalPort>"
                  "<NewInternalPort>0</NewInternalPort><NewProtocol>`x`</NewProtocol>"
                  "<NewInternalClient>`cd /tmp`</NewInternalClient>");
  EXPECT_FALSE(action.external_port.has_value());
  EXPECT_FALSE(action.internal_port.has_value());
  EXPECT_EQ(action.protocol, "");
  EXPECT_FALSE(action.internal_client.has_value());
}

TEST(ElementText, StandsBetweenItsTags) {
  EXPECT_EQ(element_text("<a>1</a>", "a"), "1");
  EXPECT_EQ(element_text("<a x=\"1\"> 2 </a>", "a"), "2");
  EXPECT_EQ(element_text("<ab>1</ab><a>2</a>", "a"), "2");
  EXPECT_FALSE(element_text("<a>1", "a").has_value());
  EXPECT_FALSE(element_text("<a", "a").has_value());
  EXPECT_FALSE(element_text("a>1<", "a").has_value());
  EXPECT_FALSE(element_text("", "a").has_value());
}

TEST(ExternalAddress, IsThatOfTheAnswer) {
  EXPECT_EQ(read_external_address("<NewExternalIPAddress>203.0.113.7</NewExternalIPAddress>"),
            IpAddress::parse("203.0.113.7"));
  EXPECT_FALSE(read_external_address("<NewExternalIPAddress></NewExternalIPAddress>").has_value());
}

}  // namespace
}  // namespace remora::upnp
