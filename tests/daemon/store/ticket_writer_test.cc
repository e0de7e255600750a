#include "daemon/store/ticket_writer.h"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/store/made_events.h"

namespace remora::store {
namespace {

using testing::ElementsAre;

v1::Event of_ticket(const std::string& id, std::int64_t second) {
  auto event = made_event(id, "", second);
  event.set_ticket_id("t1");
  return event;
}

v1::Ticket ticket() {
  v1::Ticket told;
  told.set_ticket_id("t1");
  told.set_format(v1::Ticket::VISTA);
  told.set_user_name("Eva");
  told.mutable_start()->set_seconds(1);
  told.mutable_expires()->set_seconds(100);
  told.add_addresses()->set_address("192.0.2.9");
  told.mutable_addresses(0)->set_port(3389);
  told.add_addresses()->set_address("2001:db8::9");
  told.mutable_addresses(1)->set_port(49000);
  told.add_addresses()->set_name("pc9.example");
  return told;
}

TEST(TicketWriter, TellsTheLifeOfATicketInWhateverOrderItComes) {
  auto created = of_ticket("e1", 10);
  *created.mutable_ticket_created()->mutable_ticket() = ticket();
  auto& carrier = *created.mutable_ticket_created()->mutable_carrier();
  carrier.set_protocol("SMTP");
  carrier.set_source_address("192.0.2.9");
  carrier.set_destination_address("192.0.2.25");
  carrier.set_file_name("Invitation.msrcincident");
  auto expired = of_ticket("e2", 100);
  expired.mutable_ticket_expired()->mutable_ticket()->set_ticket_id("t1");
  expired.mutable_ticket_expired()->set_times_used(2);
  auto deleted = of_ticket("e3", 50);
  *deleted.mutable_ticket_deleted()->mutable_ticket() = ticket();
  deleted.mutable_ticket_deleted()->set_how(v1::TicketDeleted::LISTENER_CLOSED);
  deleted.mutable_ticket_deleted()->set_times_used(1);

  std::array<std::size_t, 3> order{0, 1, 2};
  const std::array<v1::Event, 3> events{created, expired, deleted};
  do {
    const ScratchFile file;
    auto store = open_store(file.path());
    for (const auto at : order) { add(store, {events.at(at)}); }
    EXPECT_THAT(
        rows(file.path(),
             "SELECT ticket_id, format, user_name, start_ns, expires_ns, addresses, "
             "carrier, carrier_source, carrier_destination, file_name FROM tickets"),
        ElementsAre("t1|VISTA|Eva|1000000000|100000000000|192.0.2.9:3389 [2001:db8::9]:49000 "
                    "pc9.example|SMTP|192.0.2.9|192.0.2.25|Invitation.msrcincident"));
    EXPECT_THAT(rows(file.path(),
                     "SELECT created_ns, expired_ns, deleted_ns, deleted_how, "
                     "times_used, last_ns FROM tickets"),
                ElementsAre("10000000000|100000000000|50000000000|LISTENER_CLOSED|2|100000000000"));
  } while (std::ranges::next_permutation(order).found);
}

TEST(TicketWriter, KeepsWhatIsNotKnownApartFromNo) {
  const ScratchFile file;
  auto store = open_store(file.path());
  auto event = of_ticket("e1", 10);
  auto& told = *event.mutable_ticket_created()->mutable_ticket();
  told.set_reverse_connect(false);
  add(store, {event});
  EXPECT_THAT(rows(file.path(),
                   "SELECT reverse_connect, password_protected, expired_ns, deleted_ns, "
                   "deleted_how, addresses FROM tickets"),
              ElementsAre("0|-|-|-|-|-"));
}

TEST(TicketWriter, PassesOverEventsThatOnlyNameATicket) {
  const ScratchFile file;
  auto store = open_store(file.path());
  auto event = opened("s1", 1);
  event.set_ticket_id("t1");
  add(store, {event});
  EXPECT_THAT(rows(file.path(), "SELECT * FROM tickets"), ElementsAre());
}

}  // namespace
}  // namespace remora::store
