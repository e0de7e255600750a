#include "dissect/kdc/told.h"

#include <gtest/gtest.h>

namespace remora::kdc {
namespace {

using kerberos::Message;
using kerberos::MessageType;
using kerberos::Principal;

[[nodiscard]] Message reply(Principal client, Principal service) {
  return {.type = MessageType::kTgsRep,
          .client = std::move(client),
          .client_realm = "CORP.EXAMPLE",
          .service = std::move(service),
          .realm = "CORP.EXAMPLE"};
}

const Principal kTermsrv{.type = 2, .components = {"TERMSRV", "srv.corp.example"}};

TEST(Told, ByTheAnswerIsAccountAndService) {
  const auto told = what_is_told(reply({.type = 1, .components = {"alice"}}, kTermsrv));
  EXPECT_FALSE(told.by_client);
  EXPECT_EQ(told.user, "alice");
  EXPECT_EQ(told.domain, "CORP.EXAMPLE");
  EXPECT_EQ(told.service, "TERMSRV/srv.corp.example");
  EXPECT_TRUE(told.client_names.empty());
}

TEST(Told, OfATicketGrantingTicketHasNoService) {
  const auto told = what_is_told(
      reply({.type = 1, .components = {"alice"}}, {.components = {"krbtgt", "CORP.EXAMPLE"}}));
  EXPECT_EQ(told.service, "");
  EXPECT_TRUE(told.has_account());
}

TEST(Told, AccountsOfMachinesNameTheMachine) {
  const auto windows = what_is_told(reply({.type = 1, .components = {"WS-ALICE$"}}, kTermsrv));
  EXPECT_EQ(windows.client_names, std::vector<std::string>{"WS-ALICE"});
  EXPECT_EQ(windows.user, "");
  EXPECT_EQ(windows.service, "TERMSRV/srv.corp.example");
  const auto other = what_is_told(reply({.components = {"host", "ws.corp.example"}}, kTermsrv));
  EXPECT_EQ(other.client_names, std::vector<std::string>{"ws.corp.example"});
  EXPECT_EQ(other.user, "");
  const auto longer = what_is_told(reply({.components = {"NOT-A-NETBIOS-NAME$"}}, kTermsrv));
  EXPECT_TRUE(longer.client_names.empty());
}

TEST(Told, UsersMayHaveInstancesAndEnterpriseNames) {
  EXPECT_EQ(what_is_told(reply({.type = 1, .components = {"alice", "admin"}}, kTermsrv)).user,
            "alice/admin");
  EXPECT_EQ(what_is_told(reply({.type = 10, .components = {"alice@corp.example"}}, kTermsrv)).user,
            "alice");
  EXPECT_EQ(
      what_is_told(reply({.type = 11, .components = {"WELLKNOWN", "ANONYMOUS"}}, kTermsrv)).user,
      "");
}

TEST(Told, ByARequestIsTheMachineAndWhatItAsksFor) {
  Message request{.type = MessageType::kAsReq,
                  .client = Principal{.type = 1, .components = {"alice"}},
                  .realm = "CORP",
                  .netbios_names = {"WS-ALICE"}};
  const auto logon = what_is_told(request);
  EXPECT_TRUE(logon.by_client);
  EXPECT_EQ(logon.client_names, std::vector<std::string>{"WS-ALICE"});
  EXPECT_FALSE(logon.has_account());
  request = {.type = MessageType::kTgsReq, .service = kTermsrv, .realm = "CORP.EXAMPLE"};
  const auto service = what_is_told(request);
  EXPECT_EQ(service.user, "");
  EXPECT_EQ(service.service, "TERMSRV/srv.corp.example");
}

TEST(Told, ByErrorsIsNothing) {
  const auto told = what_is_told({.type = MessageType::kError,
                                  .client = Principal{.components = {"alice"}},
                                  .service = kTermsrv});
  EXPECT_FALSE(told.has_account());
  EXPECT_TRUE(told.client_names.empty());
}

}  // namespace
}  // namespace remora::kdc
