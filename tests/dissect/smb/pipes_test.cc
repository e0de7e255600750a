// What goes through named pipes, in either version of SMB.

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/smb/family.h"
#include "tests/dissect/smb/file_messages.h"

namespace remora::smb {
namespace {

constexpr std::uint32_t kPending = 0x103;
constexpr std::uint32_t kMoreData = 0x80000005;
constexpr std::uint32_t kDenied = 0xc0000022;
constexpr std::uint32_t kTransceive = 0x0011c017;

/// Stands for DCE/RPC: tells the bytes that come, and of holes.
class Heard final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at,
                                     Findings& out) override {
    for (const auto& byte : bytes.first(1)) {
      out.observe(at, from, "heard",
                  observation::Anomaly{.code = std::string(1, static_cast<char>(to_u8(byte))),
                                       .detail = {}});
    }
    return 1;
  }
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override {
    out.observe(at, from, "heard",
                observation::Anomaly{.code = "(" + std::to_string(size) + ")", .detail = {}});
  }
};

const std::array kFamilies{
    family(),
    Family{.protocol = {"dcerpc"}, .make = [](const Context&) -> std::unique_ptr<Dissector> {
             return std::make_unique<Heard>();
           }}};

/// "bind>ack<": what each side wrote, in the order in which it came.
std::string written_in(const std::vector<Finding>& found) {
  std::string text;
  std::optional<Side> last;
  const auto end = [&] { text += !last ? "" : *last == Side::kInitiator ? ">" : "<"; };
  for (const auto& finding : found) {
    const auto* heard = std::get_if<observation::Anomaly>(&finding.what);
    if (heard == nullptr) { continue; }
    if (last != finding.from) { end(); }
    last = finding.from;
    text += heard->code;
  }
  end();
  return text;
}

std::string hear(const std::vector<Spoken>& talk, std::size_t piece) {
  Conversation conversation{kFamilies};
  std::vector<Finding> found;
  for (const auto& spoken : talk) {
    for (ByteView rest = as_bytes(spoken.bytes); !rest.empty();) {
      const auto next = rest.first(std::min(piece, rest.size()));
      const std::vector<std::byte> copy(next.begin(), next.end());
      conversation.on_bytes(spoken.from, copy, {}, found);
      rest = rest.subspan(next.size());
    }
  }
  return written_in(found);
}

void expect_written(const std::vector<Spoken>& talk, const std::string& expected) {
  for (const std::size_t piece : {1U, 2U, 3U, 50U, 1U << 20U}) {
    EXPECT_EQ(hear(talk, piece), expected) << "pieces of " << piece;
  }
}

class Talk2 {
 public:
  Talk2() { say(3, tree2(R"(\\srv\IPC$)"), std::string("\x10\0", 2)); }
  Talk2& open(const std::string& id = kFileId) {
    return say(5, create2("srvsvc"), created2(0, id));
  }
  Talk2& say(std::uint16_t command, const std::string& request, const std::string& response,
             std::uint32_t status = 0) {
    ++id_;
    talk.push_back({Side::kInitiator, on_transport(message2(command, {.id = id_}, request))});
    return answer(command, response, status);
  }
  Talk2& answer(std::uint16_t command, const std::string& response, std::uint32_t status = 0) {
    talk.push_back({Side::kAcceptor,
                    on_transport(message2(command, {.id = id_, .response = true, .status = status},
                                          response))});
    return *this;
  }
  std::vector<Spoken> talk;

 private:
  std::uint64_t id_{0};
};

/// [MS-SMB2] 2.2.31 and 2.2.32.
std::string ioctl2(const std::string& input, std::uint32_t control = kTransceive,
                   const std::string& id = kFileId) {
  return Laid{}
      .n(57, 2)
      .n(0, 2)
      .n(control, 4)
      .text(id)
      .n(120, 4)
      .n(input.size(), 4)
      .n(0, 4)
      .n(0, 4)
      .n(0, 4)
      .n(1024, 4)
      .n(1, 4)
      .n(0, 4)
      .text(input)
      .bytes();
}
std::string ioctled2(const std::string& output, std::uint32_t control = kTransceive) {
  return Laid{}
      .n(49, 2)
      .n(0, 2)
      .n(control, 4)
      .text(kFileId)
      .n(112, 4)
      .n(0, 4)
      .n(112, 4)
      .n(output.size(), 4)
      .n(0, 4)
      .n(0, 4)
      .text(output)
      .bytes();
}
const std::string kWritten2 = Laid{}.n(17, 2).zeros(14).bytes();

TEST(Pipes, OfSmb2AreReadWrittenAndTransceived) {
  Talk2 talk;
  talk.open()
      .say(9, write2(0, "bind"), kWritten2)
      .say(8, read2(0, 1024), data2("ack"))
      .say(11, ioctl2("call"), ioctled2("answer"))
      .say(9, write2(0, "again"), kWritten2);
  expect_written(talk.talk, "bind>ack<call>answer<again>");
}

TEST(Pipes, OfSmb2MayAnswerInParts) {
  Talk2 talk;
  talk.open()
      .say(11, ioctl2("call"), ioctled2("long"), kMoreData)
      .say(8, read2(0, 1024), std::string(9, '\0'), kPending)
      .answer(8, data2("er"), kMoreData)
      .say(8, read2(0, 1024), data2("st"));
  expect_written(talk.talk, "call>longerst<");
}

TEST(Pipes, OfSmb2AreNoOtherControls) {
  Talk2 talk;
  talk.open()
      .say(11, ioctl2("call", 0x00060194), ioctled2("answer", 0x00060194))
      .say(11, ioctl2("call", kTransceive, kChainFile), ioctled2("answer"))
      .say(11, ioctl2("call"), ioctled2("no"), kDenied);
  expect_written(talk.talk, "call>");
}

TEST(Pipes, AreStreamsOfTheirOwn) {
  const std::string other(16, 'x');
  Talk2 talk;
  talk.open()
      .open(other)
      .say(9, write2(0, "a"), kWritten2)
      .say(9, write2(0, "b", other), kWritten2);
  Conversation conversation{kFamilies};
  std::vector<Finding> found;
  for (const auto& spoken : talk.talk) {
    conversation.on_bytes(spoken.from, as_bytes(spoken.bytes), {}, found);
  }
  EXPECT_EQ(written_in(found), "ab>");
  // A hole in one is none in the other.
  const auto broken = on_transport(message2(9, {.id = 90}, write2(0, "123456")));
  const auto rest = on_transport(message2(9, {.id = 91}, write2(0, "c", other)));
  found.clear();
  conversation.on_bytes(Side::kInitiator, as_bytes(broken).first(broken.size() - 5), {}, found);
  conversation.on_gap(Side::kInitiator, 3, {}, found);
  conversation.on_bytes(Side::kInitiator, as_bytes(broken).last(2), {}, found);
  conversation.on_bytes(Side::kInitiator, as_bytes(rest), {}, found);
  EXPECT_EQ(written_in(found), "1(3)56c>");
}

constexpr std::uint16_t kFid = 0x4001;

class Talk1 {
 public:
  Talk1() {
    const auto path = wide(R"(\\srv\IPC$)") + std::string(2, '\0') + "IPC";
    say(0x75, kNoChain + Laid{}.n(0, 2).n(1, 2).bytes(), std::string(1, '\0') + path,
        kNoChain + std::string(2, '\0'), "");
    const auto name = std::string(1, '\0') + wide("\\srvsvc") + std::string(2, '\0');
    const auto create = kNoChain + Laid{}.zeros(1).n(14, 2).zeros(41).bytes();
    const auto created = kNoChain + Laid{}.n(0, 1).n(kFid, 2).zeros(61).bytes();
    say(0xa2, create, name, created, "");
  }
  Talk1& say(std::uint8_t command, const std::string& words, const std::string& bytes,
             const std::string& answer_words, const std::string& answer_bytes,
             std::uint32_t status = 0) {
    ++id_;
    talk.push_back({Side::kInitiator, on_transport(message1(command, id_, false, words, bytes))});
    return answer(command, answer_words, answer_bytes, status);
  }
  Talk1& answer(std::uint8_t command, const std::string& words, const std::string& bytes,
                std::uint32_t status = 0) {
    talk.push_back(
        {Side::kAcceptor, on_transport(message1(command, id_, true, words, bytes, status))});
    return *this;
  }
  std::vector<Spoken> talk;

 private:
  std::uint16_t id_{0};
};

/// [MS-CIFS] 2.2.5.6: sixteen words, then the name, then the data.
std::string transact1(std::size_t data) {
  const auto offset = 32 + 1 + 32 + 2 + 8;
  return Laid{}
      .n(0, 2)
      .n(data, 2)
      .n(0, 2)
      .n(1024, 2)
      .zeros(2 + 2 + 4 + 2)
      .n(0, 2)
      .n(0, 2)
      .n(data, 2)
      .n(static_cast<std::uint64_t>(offset), 2)
      .n(2, 2)
      .n(0x26, 2)
      .n(kFid, 2)
      .bytes();
}
std::string transacted1(std::size_t total, std::size_t data, std::size_t before) {
  return Laid{}
      .n(0, 2)
      .n(total, 2)
      .zeros(2 + 2 + 2 + 2)
      .n(data, 2)
      .n(32 + 1 + 20 + 2, 2)
      .n(before, 2)
      .n(0, 2)
      .bytes();
}

TEST(Pipes, OfSmb1AreTransacted) {
  Talk1 talk;
  talk.say(0x25, transact1(4), "12345678call", transacted1(6, 6, 0), "answer")
      .say(0x25, transact1(4), "12345678next", transacted1(7, 4, 0), "long")
      .answer(0x25, transacted1(7, 3, 4), "est");
  expect_written(talk.talk, "call>answer<next>longest<");
}

TEST(Pipes, OfSmb1AreWrittenAndRead) {
  Talk1 talk;
  const auto write = kNoChain + Laid{}
                                    .n(kFid, 2)
                                    .zeros(8)
                                    .n(8, 2)
                                    .n(4, 2)
                                    .n(0, 2)
                                    .n(4, 2)
                                    .n(32 + 1 + 28 + 2, 2)
                                    .n(0, 4)
                                    .bytes();
  const auto read = kNoChain + Laid{}.n(kFid, 2).zeros(14).bytes();
  const auto data = kNoChain + Laid{}.zeros(6).n(3, 2).n(32 + 1 + 24 + 2, 2).zeros(10).bytes();
  talk.say(0x2f, write, "bind", kNoChain + std::string(8, '\0'), "")
      .say(0x2e, read, "", data, "ack");
  expect_written(talk.talk, "bind>ack<");
}

}  // namespace
}  // namespace remora::smb
