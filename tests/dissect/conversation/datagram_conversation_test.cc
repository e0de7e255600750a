#include "dissect/conversation/datagram_conversation.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/recogniser.h"

namespace remora {
namespace {

/// Tells what it reads.
class Echo : public Dissector {
 public:
  std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override {
    out.observe(at, from, "echo", observation::Damage{.what = std::string{as_text(bytes)}});
    return bytes.size();
  }
  void on_gap(Side from, std::uint64_t /*size*/, Instant at, Findings& out) override {
    out.observe(at, from, "echo", observation::Damage{.what = "?"});
  }
};

/// "#" finishes, "!" leaves, "_" is a hole; the rest is carried as "echo".
class Carrier : public DatagramDissector {
 public:
  void on_datagram(const Datagram& datagram, Findings& out) override {
    const auto text = as_text(datagram.bytes);
    if (text == "#") { out.finish(); }
    if (text == "!") { out.leave(); }
    out.carry(Protocol{"echo"});
    if (text == "_") {
      out.pass_on_gap(datagram.from, Findings::kUnknownSize);
    } else {
      out.pass_on(datagram.from, datagram.bytes);
    }
  }
};

const std::array kFamilies{
    Family{.protocol = {"carrier"},
           .recognise_datagram = [](const Datagram& d) { return as_text(d.bytes) == "begin"; },
           .make_for_datagrams = [](const Context&) -> std::unique_ptr<DatagramDissector> {
             return std::make_unique<Carrier>();
           }},
    Family{.protocol = {"echo"},
           .make = [](const Context&) -> std::unique_ptr<Dissector> {
             return std::make_unique<Echo>();
           }},
};

Datagram datagram(std::string_view text) {
  Datagram made{};
  made.bytes = as_bytes(text);
  return made;
}

std::string heard(DatagramConversation& conversation, std::string_view text) {
  std::vector<Finding> found;
  conversation.on_datagram(datagram(text), found);
  std::string all;
  for (const auto& finding : found) { all += std::get<observation::Damage>(finding.what).what; }
  return all;
}

TEST(DatagramConversation, LeadsWhatIsCarriedThroughAConversation) {
  DatagramConversation conversation{kFamilies, kFamilies[0]};
  EXPECT_EQ(heard(conversation, "a"), "a");
  EXPECT_EQ(heard(conversation, "_"), "?");
  EXPECT_EQ(heard(conversation, "b"), "b");
  EXPECT_TRUE(conversation.wants_more());
  EXPECT_FALSE(conversation.left());
}

TEST(DatagramConversation, StopsWhenNothingMoreIsToBeLearned) {
  DatagramConversation conversation{kFamilies, kFamilies[0]};
  EXPECT_EQ(heard(conversation, "#"), "#");
  EXPECT_FALSE(conversation.wants_more());
  EXPECT_FALSE(conversation.left());
  EXPECT_EQ(heard(conversation, "a"), "");
}

TEST(DatagramConversation, LeavesAFlowOfOthers) {
  DatagramConversation conversation{kFamilies, kFamilies[0]};
  (void)heard(conversation, "!");
  EXPECT_FALSE(conversation.wants_more());
  EXPECT_TRUE(conversation.left());
}

TEST(DatagramConversation, FamilyIsFoundByTheDatagram) {
  EXPECT_EQ(recognise_datagram(kFamilies, datagram("begin")), &kFamilies[0]);
  EXPECT_EQ(recognise_datagram(kFamilies, datagram("a")), nullptr);
}

TEST(DatagramConversation, FamilyOfDatagramsIsNoStream) {
  Conversation conversation{kFamilies};
  std::vector<Finding> found;
  conversation.begin(Protocol{"carrier"}, {}, Side::kInitiator, found);
  EXPECT_FALSE(conversation.wants_more());
}

}  // namespace
}  // namespace remora
