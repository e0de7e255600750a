#include "dissect/conversation/held_calls.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "tests/support/finding_equality.h"

namespace remora {
namespace {

bool key_is_there = false;

/// A toy protocol of letters. "K" needs the key: it is read as "k" with it, as "?" without. "N"
/// hands over to the same protocol, "<" passes on what follows on it, one letter, to a stream
/// inside, ">" passes over three bytes, "Z" over 9,999.
class Letters : public Dissector {
 public:
  std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override {
    char letter = static_cast<char>(to_u8(bytes[0]));
    if (letter == 'K') {
      if (!key_is_there && awaits_) {
        out.await_keys(HeldBack::kSession);
        return 0;
      }
      awaits_ = false;
      letter = key_is_there ? 'k' : '?';
    }
    if (letter == '<') {
      if (bytes.size() < 2) { return 0; }
      out.pass_on(from, bytes.subspan(1, 1));
      return 2;
    }
    if (letter == 'N') { out.hand_over(Protocol{"letters"}); }
    if (letter == '>') { out.skip(3); }
    if (letter == 'Z') { out.skip(9'999); }
    out.observe(at, from, "letter", observation::Anomaly{.code = {letter}, .detail = ""});
    return 1;
  }
  void on_gap(Side from, std::uint64_t /*size*/, Instant at, Findings& out) override {
    out.observe(at, from, "gap", observation::Anomaly{.code = "_", .detail = ""});
  }
  void on_end(Side from, Instant at, Findings& out) override {
    out.observe(at, from, "end", observation::Anomaly{.code = ".", .detail = ""});
  }
  void stop_awaiting() override { awaits_ = false; }

 private:
  bool awaits_{true};
};

const std::array kFamilies{Family{.protocol = {"letters"},
                                  .recognise = [](ByteView) { return Verdict::kYes; },
                                  .make = [](const Context&) -> std::unique_ptr<Dissector> {
                                    return std::make_unique<Letters>();
                                  }}};

Instant moment(std::uint64_t number) {
  return {.time = Moment{std::chrono::milliseconds{number}}, .frame = FrameNumber{number}};
}

class Talk {
 public:
  explicit Talk(bool key) { key_is_there = key; }

  /// "Ctext": the client says so; "S…" the server; "c3", "s3": a loss; "e", "f": an end.
  Talk& play(const std::vector<std::string>& script) {
    for (const auto& line : script) { play_line(line); }
    return *this;
  }
  Talk& key_comes() {
    key_is_there = true;
    conversation.on_keys(found);
    return *this;
  }
  [[nodiscard]] std::string text() const {
    std::string text;
    for (const auto& finding : found) { text += std::get<observation::Anomaly>(finding.what).code; }
    return text;
  }

  Conversation conversation{Families{kFamilies}};
  std::vector<Finding> found;

 private:
  void play_line(const std::string& line) {
    const auto at = moment(++calls_);
    const auto side =
        line[0] == 'C' || line[0] == 'c' || line[0] == 'e' ? Side::kInitiator : Side::kAcceptor;
    if (line[0] == 'e' || line[0] == 'f') {
      conversation.on_end(side, at, found);
    } else if (line[0] == 'c' || line[0] == 's') {
      conversation.on_gap(side, std::stoull(line.substr(1)), at, found);
    } else {
      conversation.on_bytes(side, as_bytes(line).subspan(1), at, found);
    }
  }

  std::uint64_t calls_{0};
};

const std::vector<std::vector<std::string>> kScripts{
    {"Cab", "CcKd", "Sxy", "Ce", "Sz", "Cf"},
    {"CaK", "Sx", "c3", "Cb", "SK", "Cc"},
    {"CaNKb", "Sx", "Cc"},
    {"Ca", "SKx", "C>123b", "Sy", "Cc"},
    {"Ca>1", "SK", "C23b>", "c2", "C4c"},
    {"SaN", "Cb", "SKc", "CNK", "Sd", "CK"},
};

/// Where a stream inside waits the one around it goes on.
const std::vector<std::vector<std::string>> kNested{
    {"Ca<K", "Sx", "C<bc", "S<y", "Cd"},
    {"CK", "C<", "Sa", "Cb<Kc", "S<dK"},
    {"C<aK", "S<K<b", "C<cd"},
};

/// In the order in which it was said.
std::vector<Finding> in_order(std::vector<Finding> found) {
  std::ranges::stable_sort(found, {}, [](const Finding& finding) {
    return std::pair{to_number(finding.at.frame),
                     std::get<observation::Anomaly>(finding.what).code};
  });
  return found;
}

TEST(HeldCalls, AStreamInsideWaitsForItself) {
  for (const auto& script : kNested) {
    const auto expected = in_order(Talk{true}.play(script).found);
    for (std::size_t late = 0; late <= script.size(); ++late) {
      const auto middle = script.begin() + static_cast<std::ptrdiff_t>(late);
      Talk talk{false};
      talk.play({script.begin(), middle}).key_comes().play({middle, script.end()});
      EXPECT_TRUE(in_order(talk.found) == expected) << script[0] << ' ' << late << talk.text();
    }
  }
}

TEST(HeldCalls, AKeyThatComesLateTellsTheSameAsOneThatWasThere) {
  for (const auto& script : kScripts) {
    const auto expected = Talk{true}.play(script).found;
    for (std::size_t late = 0; late <= script.size(); ++late) {
      const auto middle = script.begin() + static_cast<std::ptrdiff_t>(late);
      Talk talk{false};
      talk.play({script.begin(), middle});
      EXPECT_EQ(talk.text().find_first_of("k?"), std::string::npos);
      talk.conversation.on_keys(talk.found);  // others, which change nothing
      talk.key_comes();
      EXPECT_FALSE(talk.conversation.held().waits);
      EXPECT_EQ(talk.conversation.held().bytes, 0U);
      talk.play({middle, script.end()});
      EXPECT_TRUE(talk.found == expected) << script[0] << ' ' << late << ": " << talk.text();
    }
  }
}

/// Told before each line that no key is hoped for.
std::vector<Finding> without_hope(const std::vector<std::string>& script) {
  Talk talk{false};
  for (const auto& line : script) {
    talk.play({line});
    talk.conversation.stop_waiting(talk.found);
  }
  return talk.found;
}

TEST(HeldCalls, WithoutAKeyAllIsToldAsIfNoneHadBeenHopedFor) {
  for (const auto& script : kScripts) {
    Talk talk{false};
    talk.play(script);
    talk.conversation.stop_waiting(talk.found);
    EXPECT_EQ(talk.text().find('k'), std::string::npos);
    EXPECT_TRUE(talk.found == without_hope(script)) << script[0] << ": " << talk.text();
  }
}

TEST(HeldCalls, WhatIsHeldBackIsToldWithItsOwnInstants) {
  Talk talk{false};
  talk.play({"CaK", "Sx", "Cb"}).key_comes();
  ASSERT_EQ(talk.text(), "akxb");
  EXPECT_EQ(talk.found[1].at, moment(1));
  EXPECT_EQ(talk.found[2].at, moment(2));
  EXPECT_EQ(talk.found[3].at, moment(3));
}

TEST(HeldCalls, TheEndOfASideEndsTheWaiting) {
  Talk talk{false};
  talk.play({"CKa", "Sb"});
  EXPECT_EQ(talk.text(), "");
  EXPECT_TRUE(talk.conversation.held().waits);
  talk.play({"e"});
  EXPECT_EQ(talk.text(), "?ab.");
  talk.key_comes().play({"SK"});
  EXPECT_EQ(talk.text(), "?ab.k");
}

TEST(HeldCalls, HoldsSoManyBytesOfASide) {
  Talk talk{false};
  std::string piece{"S"};
  for (int part = 0; part < 10; ++part) { piece += 'Z' + std::string(9'999, 'x'); }
  talk.play({"CK"});
  std::size_t pieces = 0;
  while (talk.conversation.held().waits && pieces < 100) {
    talk.play({piece});
    ++pieces;
  }
  EXPECT_EQ(pieces, HeldCalls::kMaxSessionBytes / 100'000 + 1);
  EXPECT_EQ(talk.text().size(), 1 + pieces * 10);
  EXPECT_EQ(talk.conversation.tail_bytes(), 0U);
}

TEST(HeldCalls, ManySmallPiecesCountByWhatTheyCost) {
  HeldCalls held{HeldBack::kAnything, Side::kInitiator, {}};
  std::size_t pieces = 0;
  for (; !held.is_too_much({}); ++pieces) { held.add(Side::kInitiator, as_bytes("x"), {}); }
  EXPECT_LT(pieces, HeldCalls::kMaxOtherBytes / 32);
}

TEST(HeldCalls, HopesForSomeSeconds) {
  const auto later = Moment{} + HeldCalls::kPatience;
  Talk talk{false};
  talk.conversation.on_bytes(Side::kInitiator, as_bytes("aK"), {}, talk.found);
  talk.conversation.on_time(later, talk.found);
  EXPECT_EQ(talk.text(), "a");
  talk.conversation.on_time(later + std::chrono::milliseconds{1}, talk.found);
  EXPECT_EQ(talk.text(), "a?");
  // Of the stream inside likewise, and where the next packet tells the time.
  Talk inner{false};
  inner.conversation.on_bytes(Side::kInitiator, as_bytes("<K"), {}, inner.found);
  EXPECT_TRUE(inner.conversation.held().waits);
  inner.conversation.on_time(later + std::chrono::milliseconds{1}, inner.found);
  EXPECT_EQ(inner.text(), "?");
  Talk by_packet{false};
  by_packet.conversation.on_bytes(Side::kInitiator, as_bytes("K"), {}, by_packet.found);
  by_packet.conversation.on_bytes(Side::kAcceptor, as_bytes("b"),
                                  {.time = later + std::chrono::seconds{1}, .frame = {}},
                                  by_packet.found);
  EXPECT_EQ(by_packet.text(), "?b");
}

}  // namespace
}  // namespace remora
