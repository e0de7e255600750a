#include "daemon/publish/host_names.h"

#include <gtest/gtest.h>

namespace remora::publish {
namespace {

const settings::Hosts kHosts{{IpAddress::parse("192.0.2.7").value(), "desk"},
                             {IpAddress::parse("2001:db8::1").value(), "router"}};

TEST(HostNames, StandBeforeThoseThatTheNetworkTells) {
  v1::Event event;
  auto& session = *event.mutable_session_opened()->mutable_session();
  session.mutable_client()->set_address("192.0.2.7");
  session.mutable_client()->set_fqdn("ws-eva");
  for (const auto* name : {"ws-eva", "ws-eva.corp"}) {
    session.mutable_client()->add_names()->set_name(name);
  }
  session.mutable_server()->set_address("192.0.2.8");
  session.mutable_server()->set_fqdn("files");
  session.add_path()->set_address("192.0.2.7");
  session.add_path()->set_address("2001:db8::1");
  session.add_path()->set_address("192.0.2.8");
  session.mutable_path(2)->set_name("files");

  name_hosts(kHosts, event);

  EXPECT_EQ(session.client().fqdn(), "desk");
  ASSERT_EQ(session.client().names_size(), 3);
  EXPECT_EQ(session.client().names(0).name(), "desk");
  EXPECT_EQ(session.client().names(0).source(), v1::Endpoint::Name::CONFIGURATION);
  EXPECT_FALSE(session.client().names(0).has_first_seen());
  EXPECT_EQ(session.client().names(1).name(), "ws-eva");
  EXPECT_EQ(session.client().names(2).name(), "ws-eva.corp");
  EXPECT_EQ(session.server().fqdn(), "files");
  EXPECT_EQ(session.server().names_size(), 0);
  EXPECT_EQ(session.path(0).name(), "desk");
  EXPECT_EQ(session.path(1).name(), "router");
  EXPECT_EQ(session.path(2).name(), "files");
}

TEST(HostNames, AreThereInOffersToo) {
  v1::Event event;
  event.mutable_offer()->mutable_novice()->set_address("192.0.2.7");
  event.mutable_offer()->add_path()->set_address("2001:db8::1");
  name_hosts(kHosts, event);
  EXPECT_EQ(event.offer().novice().fqdn(), "desk");
  EXPECT_EQ(event.offer().path(0).name(), "router");
}

TEST(HostNames, AreNotInventedWithoutAnAddress) {
  v1::Event event;
  event.mutable_session_opened()->mutable_session()->mutable_client();
  const auto before = event.SerializeAsString();
  name_hosts(kHosts, event);
  name_hosts({}, event);
  EXPECT_EQ(event.SerializeAsString(), before);
}

}  // namespace
}  // namespace remora::publish
