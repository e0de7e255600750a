#include "daemon/publish/name_hider.h"

#include <regex>

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "capture/base/address.h"
#include "daemon/publish/handle.h"
#include "tests/daemon/publish/texts.h"
#include "tests/support/full_events.h"

namespace remora::publish {
namespace {

using google::protobuf::util::MessageDifferencer;
using settings::Treatment;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kKey = "0123456789abcdef";

NameHider hider(Treatment users, Treatment hosts, Treatment files) {
  return NameHider{{.user_names = users, .host_names = hosts, .file_names = files, .key_file = {}},
                   keys::Secret{as_bytes(kKey)}};
}

v1::Event hidden(const NameHider& with, v1::Event event) {
  with.hide(event);
  return event;
}

bool is_address(const std::string& text) {
  return IpAddress::parse(text).has_value();
}

/// Without every text that may be a name.
void clear_names(google::protobuf::Message& message) {
  const auto& of = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  of.ListFields(message, &fields);
  for (const auto* field : fields) {
    if (sense_of(*field).value_or(Sense::kPlain) != Sense::kPlain) {
      of.ClearField(&message, field);
    } else if (field->message_type() != nullptr) {
      const int size = field->is_repeated() ? of.FieldSize(message, field) : 1;
      for (int at = 0; at < size; ++at) {
        clear_names(field->is_repeated() ? *of.MutableRepeatedMessage(&message, field, at)
                                         : *of.MutableMessage(&message, field));
      }
    }
  }
}

/// A session with a name of each sort in each sort of place.
v1::Event told() {
  v1::Event event;
  event.set_event_id("1");
  auto& session = *event.mutable_session_closed()->mutable_session();
  session.mutable_client()->set_address("192.0.2.7");
  session.mutable_client()->set_fqdn("ws-eva.corp.example");
  session.mutable_client()->add_names()->set_name("ws-eva.corp.example");
  auto& user = *session.add_users();
  user.set_name("eva");
  user.set_domain("CORP");
  session.add_users()->set_name("WS-EVA$");
  session.mutable_negotiation()->set_cookie("WS-EVA\\eva");
  session.mutable_negotiation()->set_routing_token("tsv://Collection");
  session.mutable_client_software()->set_directory("C:\\Users\\eva");
  session.mutable_client_software()->set_reported_address("10.0.0.7");
  auto& certificate = *session.mutable_security()->mutable_certificate();
  certificate.add_names("files.corp.example");
  certificate.add_names("192.0.2.9");
  certificate.add_names("mail.corp.example");
  session.add_path()->set_name("proxy.corp.example");
  auto& entry = *session.add_path();
  entry.set_address("192.0.2.7");
  entry.set_name("ws-eva.corp.example");
  return event;
}

v1::Event transfer(const char* file) {
  v1::Event event;
  event.mutable_file_transfer_ended()->set_file_name(file);
  return event;
}

std::string file_shown(const NameHider& with, const char* file) {
  return hidden(with, transfer(file)).file_transfer_ended().file_name();
}

TEST(NameHider, ChangesNothingUnlessToldSo) {
  const auto nothing = hider(Treatment::kFull, Treatment::kFull, Treatment::kFull);
  for (const auto& event : remora::testing::full_events()) {
    EXPECT_TRUE(MessageDifferencer::Equals(hidden(nothing, event), event));
  }
}

TEST(NameHider, LeavesNoNameOfAnySortInAnyEvent) {
  const auto all = hider(Treatment::kOmit, Treatment::kOmit, Treatment::kOmit);
  for (const auto& event : remora::testing::full_events()) {
    const auto shown = hidden(all, event);
    EXPECT_EQ(shown.event_id(), event.event_id());
    EXPECT_EQ(shown.kind_case(), event.kind_case());
    for_each_text(shown, [&](const auto& field, const std::string& text) {
      EXPECT_TRUE(sense_of(field) == Sense::kPlain || is_address(text))
          << field.full_name() << ": " << text;
    });
  }
}

TEST(NameHider, PutsHandlesInPlaceOfNamesAndTouchesNothingElse) {
  const auto all = hider(Treatment::kHash, Treatment::kHash, Treatment::kHash);
  const std::regex handle{"[0-9a-f]{16}"};
  for (auto event : remora::testing::full_events()) {
    auto shown = hidden(all, event);
    for_each_text(shown, [&](const auto& field, const std::string& text) {
      EXPECT_TRUE(sense_of(field) == Sense::kPlain || is_address(text) ||
                  std::regex_match(text, handle))
          << field.full_name() << ": " << text;
    });
    clear_names(event);
    clear_names(shown);
    EXPECT_TRUE(MessageDifferencer::Equals(shown, event));
  }
}

TEST(NameHider, HidesUsersAlone) {
  const auto session = hidden(hider(Treatment::kOmit, Treatment::kFull, Treatment::kFull), told())
                           .session_closed()
                           .session();
  EXPECT_THAT(session.users(), IsEmpty());
  EXPECT_EQ(session.negotiation().cookie(), "");
  EXPECT_EQ(session.negotiation().routing_token(), "");  // may hold anything
  EXPECT_EQ(session.client_software().directory(), "");
  EXPECT_EQ(session.client().fqdn(), "ws-eva.corp.example");
  EXPECT_EQ(session.security().certificate().names_size(), 3);
  EXPECT_EQ(session.path_size(), 2);
}

TEST(NameHider, HidesHostsAlone) {
  const auto session = hidden(hider(Treatment::kFull, Treatment::kOmit, Treatment::kFull), told())
                           .session_closed()
                           .session();
  ASSERT_EQ(session.users_size(), 1);  // the other is a machine
  EXPECT_EQ(session.users(0).name(), "eva");
  EXPECT_EQ(session.users(0).domain(), "");
  EXPECT_EQ(session.negotiation().cookie(), "");  // names the machine, too
  EXPECT_EQ(session.client().address(), "192.0.2.7");
  EXPECT_EQ(session.client().fqdn(), "");
  EXPECT_THAT(session.client().names(), IsEmpty());
  EXPECT_EQ(session.client_software().reported_address(), "10.0.0.7");
  EXPECT_THAT(session.security().certificate().names(), ElementsAre("192.0.2.9"));
  ASSERT_EQ(session.path_size(), 1);
  EXPECT_EQ(session.path(0).address(), "192.0.2.7");
  EXPECT_EQ(session.path(0).name(), "");
}

TEST(NameHider, GivesAMachineOneHandleWhereverItsNameStands) {
  const auto session = hidden(hider(Treatment::kFull, Treatment::kHash, Treatment::kFull), told())
                           .session_closed()
                           .session();
  const auto handle = handle_of("ws-eva.corp.example", as_bytes(kKey));
  EXPECT_EQ(session.client().fqdn(), handle);
  EXPECT_EQ(session.client().names(0).name(), handle);
  EXPECT_EQ(session.path(1).name(), handle);
  EXPECT_EQ(session.users(0).domain(), handle_of("corp", as_bytes(kKey)));
  EXPECT_EQ(session.users(1).name(), handle_of("ws-eva$", as_bytes(kKey)));
}

TEST(NameHider, TakesFoldersAwayWhereTheyMayNameWhatIsHidden) {
  constexpr auto kFull = Treatment::kFull;
  const char* path = R"(\\tsclient\C\Users\eva\report.doc)";
  EXPECT_EQ(file_shown(hider(kFull, kFull, kFull), path), path);
  EXPECT_EQ(file_shown(hider(Treatment::kHash, kFull, kFull), path), "report.doc");
  EXPECT_EQ(file_shown(hider(kFull, Treatment::kOmit, kFull), path), "report.doc");
  EXPECT_EQ(file_shown(hider(Treatment::kOmit, kFull, kFull), "report.doc"), "report.doc");
  EXPECT_EQ(file_shown(hider(Treatment::kOmit, kFull, kFull), "C:/Users/eva/"), "");
  EXPECT_EQ(file_shown(hider(kFull, kFull, Treatment::kHash), path),
            handle_of(path, as_bytes(kKey)));
  EXPECT_EQ(file_shown(hider(kFull, kFull, Treatment::kOmit), path), "");
}

TEST(NameHider, TakesAUserAwayWhereOnlyHisNameCounted) {
  v1::Event event;
  event.mutable_logon()->mutable_user()->set_name("eva");
  event.mutable_logon()->mutable_user()->set_domain("CORP");
  event.mutable_logon()->set_succeeded(true);
  const auto shown = hidden(hider(Treatment::kOmit, Treatment::kFull, Treatment::kFull), event);
  EXPECT_FALSE(shown.logon().has_user());
  EXPECT_TRUE(shown.logon().succeeded());
}

}  // namespace
}  // namespace remora::publish
