#include "dissect/upnp/upnp_dissector.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/upnp/family.h"

namespace remora::upnp {
namespace {

struct Said {
  Side from{};
  std::string text;
};
constexpr auto kClient = Side::kInitiator;
constexpr auto kRouter = Side::kAcceptor;

std::string request(const std::string& action, const std::string& body) {
  return "POST /ctl HTTP/1.1\r\nSOAPAction: \"urn:schemas-upnp-org:service:WANIPConnection:1#" +
         action + "\"\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string answer(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}
const std::string kMapping =
    "<NewExternalPort>50123</NewExternalPort><NewProtocol>TCP</NewProtocol>"
    "<NewInternalPort>3389</NewInternalPort><NewInternalClient>10.0.0.7</NewInternalClient>";

std::string tell(const std::vector<Said>& talk, std::size_t piece) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  conversation.begin(kProtocol, {}, kClient, found);
  for (const auto& said : talk) {
    for (std::size_t at = 0; at < said.text.size(); at += piece) {
      const auto next = said.text.substr(at, piece);
      conversation.on_bytes(said.from, as_bytes(next), {}, found);
    }
  }
  std::string told;
  for (const auto& finding : found) {
    if (const auto* mapping = std::get_if<observation::PortMappingChanged>(&finding.what)) {
      told += mapping->made ? "made " : "removed ";
      told += std::to_string(to_number(mapping->external_port));
      if (mapping->internal_port) {
        told += " to " + mapping->internal_address.value_or(IpAddress{}).to_text() + ':' +
                std::to_string(to_number(*mapping->internal_port));
      }
      told += "; ";
    } else if (const auto* own = std::get_if<observation::PublicAddressTold>(&finding.what)) {
      told += "public " + own->address.to_text() + "; ";
    }
  }
  return told;
}

const std::vector<Said> kTalk{
    {kClient, request("GetExternalIPAddress", "")},
    {kRouter,
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n<NewExternalIPAddress>\r\n"
     "22\r\n203.0.113.7</NewExternalIPAddress>\r\n0\r\n\r\n"},
    {kClient, request("AddPortMapping", kMapping)},
    {kRouter, answer("200 OK", "<ok/>")},
    {kClient, request("AddPortMapping", kMapping)},
    {kRouter, answer("500 Internal Server Error", "<UPnPError/>")},
    {kClient, request("DeletePortMapping",
                      "<NewExternalPort>50123</NewExternalPort><NewProtocol>TCP</NewProtocol>")},
    {kRouter, answer("200 OK", "")}};
const std::string kTold = "public 203.0.113.7; made 50123 to 10.0.0.7:3389; removed 50123; ";

TEST(UpnpDissector, TellsWhatTheRouterAgreedToHoweverTheStreamIsCut) {
  for (std::size_t piece = 1; piece < 400; ++piece) {
    ASSERT_EQ(tell(kTalk, piece), kTold) << piece;
  }
}

TEST(UpnpDissector, SurvivesDamage) {
  for (std::size_t part = 0; part < kTalk.size(); ++part) {
    auto talk = kTalk;
    for (auto& character : talk[part].text) {
      const auto good = character;
      character = '\xff';
      (void)tell(talk, 4096);
      character = good;
    }
    for (std::size_t size = 0; size < kTalk[part].text.size(); ++size) {
      talk[part].text = kTalk[part].text.substr(0, size);
      (void)tell(talk, 4096);
    }
  }
}

TEST(UpnpDissector, TellsTheSameOfBrokenChunksHoweverTheStreamIsCut) {
  const std::vector<Said> talk{
      {kClient, request("GetExternalIPAddress", "")},
      {kRouter, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<a>b\r\nzz\r\n"},
      {kClient, request("AddPortMapping", kMapping)},
      {kRouter, answer("200 OK", "<ok/>")}};
  for (std::size_t piece = 1; piece < 400; ++piece) { ASSERT_EQ(tell(talk, piece), "") << piece; }
}

TEST(UpnpDissector, PassesOverBodiesThatAreTooLong) {
  const std::vector<Said> talk{
      {kClient, request("Other", std::string(UpnpDissector::kMaxBodyBytes + 1, 'x'))},
      {kRouter, answer("200 OK", "")},
      {kClient, request("AddPortMapping", kMapping)},
      {kRouter, answer("200 OK", "")}};
  EXPECT_EQ(tell(talk, 4096), "made 50123 to 10.0.0.7:3389; ");
}

TEST(UpnpDissector, ReadsAnswersThatEndWithTheConnection) {
  const std::vector<Said> talk{
      {kClient, request("GetExternalIPAddress", "")},
      {kRouter,
       "HTTP/1.0 200 OK\r\n\r\n<s:Envelope><NewExternalIPAddress>203.0.113.7"
       "</NewExternalIPAddress></s:Envelope>"}};
  EXPECT_EQ(tell(talk, 4096), "public 203.0.113.7; ");
}

}  // namespace
}  // namespace remora::upnp
