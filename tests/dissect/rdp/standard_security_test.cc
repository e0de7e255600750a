// Whole conversations with Standard RDP Security: the vectors of protocols-rdp.md section 10, and
// sessions sealed by the tests' own Sealer.

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/encoding/text.h"
#include "dissect/rdp/family.h"
#include "dissect/rdp/mcs.h"
#include "dissect/rdp/security/session_keys.h"
#include "tests/dissect/rdp/golden.h"
#include "tests/dissect/rdp/security/published_key.h"
#include "tests/dissect/rdp/security/sealer.h"
#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

namespace golden = testing::golden;
using testing::hex;
using testing::Sealer;
using Bytes = std::vector<std::byte>;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

/// Tells the bytes that go over a channel.
class Echo final : public ChannelDissector {
 public:
  void on_piece(const ChannelPiece& piece, Instant at, Findings& out) override {
    if (piece.kind != ChannelPiece::Kind::kClear) { return; }
    out.observe(at, piece.from, "test.echo",
                observation::Anomaly{.code = "test.echo", .detail = encoding::to_hex(piece.bytes)});
  }
};

std::array<Family, 2> families() {
  return {family(),
          Family{.protocol = Protocol{"echo"},
                 .reads_channel = [](std::string_view channel) { return channel == "rdpdr"; },
                 .make_for_channels = []() -> std::unique_ptr<ChannelDissector> {
                   return std::make_unique<Echo>();
                 }}};
}

Context with_key(keys::RsaKey key) {
  Context context;
  EXPECT_TRUE(context.keys.add_rsa_key(std::move(key)));
  return context;
}

struct Said {
  Side from{};
  Bytes bytes;
};

/// One side's bytes from `begin` on, `size` of them, are not captured.
struct Hole {
  Side side{};
  std::size_t begin{0};
  std::size_t size{0};
};

std::vector<Finding> hear(const std::vector<Said>& talk, const Context& context,
                          std::size_t piece = SIZE_MAX, Hole hole = {}) {
  const auto all = families();
  Conversation conversation{all, context};
  std::vector<Finding> found;
  std::array<std::size_t, 2> offsets{};
  std::int64_t frame = 0;
  for (const auto& said : talk) {
    // A second for every four: input is told once a second.
    ++frame;
    const Instant at{.time = Moment{std::chrono::milliseconds{250 * frame}},
                     .frame = FrameNumber{static_cast<std::uint64_t>(frame)}};
    ByteView rest = said.bytes;
    auto& offset = offsets.at(index_of(said.from));
    while (!rest.empty()) {
      auto size = std::min(piece, rest.size());
      const auto end = hole.begin + hole.size;
      const bool concerned = said.from == hole.side && hole.size > 0;
      if (concerned && offset < hole.begin) { size = std::min(size, hole.begin - offset); }
      const bool missing = concerned && offset >= hole.begin && offset < end;
      if (missing) {
        size = std::min(size, end - offset);
        if (offset == hole.begin) { conversation.on_gap(said.from, hole.size, at, found); }
      } else {
        conversation.on_bytes(said.from, rest.first(size), at, found);
      }
      rest = rest.subspan(size);
      offset += size;
    }
  }
  conversation.on_end(kClient, {}, found);
  conversation.on_end(kServer, {}, found);
  return found;
}

template <typename What>
std::vector<What> all_of(const std::vector<Finding>& found) {
  std::vector<What> result;
  for (const auto& finding : found) {
    if (const auto* what = std::get_if<What>(&finding.what)) { result.push_back(*what); }
  }
  return result;
}

std::string anomalies(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& anomaly : all_of<observation::Anomaly>(found)) {
    if (anomaly.code != "test.echo") { text += anomaly.code + ' '; }
  }
  return text;
}

std::string damage(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& damage : all_of<observation::Damage>(found)) { text += damage.what + "; "; }
  return text;
}

std::vector<Said> vector_session() {
  return {{kClient, golden::connection_request()},  {kServer, golden::connection_confirm()},
          {kClient, golden::connect_initial()},     {kServer, golden::connect_response()},
          {kClient, golden::erect_domain()},        {kClient, golden::attach_user_request()},
          {kServer, golden::attach_user_confirm()}, {kClient, golden::security_exchange()},
          {kClient, golden::client_info()},         {kServer, golden::licence()},
          {kServer, golden::disconnect()}};
}

TEST(StandardSecurity, OpensTheVectors) {
  const auto context = with_key(testing::published_key());
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{7}}) {
    const auto found = hear(vector_session(), context, piece);
    const auto info = all_of<observation::ClientInfo>(found);
    ASSERT_EQ(info.size(), 1U);
    EXPECT_EQ(info[0].user, "alice");
    EXPECT_EQ(info[0].domain, "CORP");
    EXPECT_EQ(info[0].address, "10.1.2.3");
    EXPECT_TRUE(all_of<observation::SealedPdu>(found).empty());
    EXPECT_EQ(anomalies(found) + damage(found), "");
    const auto told = std::ranges::find_if(found, [](const Finding& finding) {
      return std::holds_alternative<observation::ClientInfo>(finding.what);
    });
    EXPECT_EQ(told->certainty, Certainty::kDecrypted);
    // The licence was in the clear.
    EXPECT_EQ((told + 1)->certainty, Certainty::kObserved);
  }
}

TEST(StandardSecurity, SaysOnceThatNoKeyFits) {
  auto other = testing::published_key();
  other.modulus.front() ^= std::byte{0x40};
  const auto context = with_key(std::move(other));
  const auto found = hear(vector_session(), context);
  EXPECT_EQ(anomalies(found), "keys.no_match ");
  EXPECT_EQ(all_of<observation::SealedPdu>(found).size(), 1U);
  EXPECT_TRUE(all_of<observation::ClientInfo>(found).empty());
  // Without keys there is nothing to say.
  EXPECT_EQ(anomalies(hear(vector_session(), nothing_given())), "");
}

TEST(StandardSecurity, SaysThatAKeyIsNotWhatItSeems) {
  auto wrong = testing::published_key();
  auto exponent = hex("0102030405");
  wrong.private_exponent = keys::Secret{exponent};
  const auto context = with_key(std::move(wrong));
  EXPECT_EQ(anomalies(hear(vector_session(), context)), "keys.no_match ");
}

/// A session of which the tests seal every PDU.
class Made {
 public:
  Made(EncryptionMethod method, Sealer::Method sealing, bool salted, std::uint32_t level = 3)
      : fips_{method == EncryptionMethod::kFips}, salted_{salted} {
    Bytes client_random;
    Bytes server_random;
    for (unsigned i = 0; i < 32; ++i) {
      client_random.push_back(static_cast<std::byte>(i));
      server_random.push_back(static_cast<std::byte>(32 + i));
    }
    // Their derivation has its vectors in session_keys_test.cc.
    const auto keys = derive_session_keys(method, client_random, server_random);
    const auto copy = [](const keys::Secret& secret) {
      return Bytes{secret.bytes().begin(), secret.bytes().end()};
    };
    sealers_.emplace(kClient, Sealer{sealing, copy(keys->client_to_server), copy(keys->mac)});
    sealers_.emplace(kServer, Sealer{sealing, copy(keys->server_to_client), copy(keys->mac)});
    talk_ = vector_session();
    talk_.resize(8);
    // encryptionMethod and encryptionLevel stand behind type and length of the block.
    auto& response = talk_[3].bytes;
    const auto block = hex("020cec00");
    const auto at = std::search(response.begin(), response.end(), block.begin(), block.end()) -
                    response.begin() + 4;
    response[static_cast<std::size_t>(at)] = static_cast<std::byte>(method);
    response[static_cast<std::size_t>(at) + 4] = static_cast<std::byte>(level);
  }

  void slow(Side from, std::uint16_t channel, const Bytes& plaintext, std::uint16_t flags = 0) {
    flags = static_cast<std::uint16_t>(flags | 0x0008U | (salted_ ? 0x0800U : 0U));
    const auto sealed = sealers_.at(from).seal(plaintext, salted_);
    Bytes data = u16le(flags);
    append(data, hex("0000"));
    append(data, signed_data(sealed));
    Bytes pdu = hex(from == kClient ? "02f08064" : "02f08068");
    append(pdu, hex(from == kClient ? "0006" : "0001"));
    append(pdu, u16be(channel));
    append(pdu, hex("70"));
    append(pdu, u16be(static_cast<std::uint16_t>(0x8000U | data.size())));
    append(pdu, data);
    Bytes tpkt = hex("0300");
    append(tpkt, u16be(static_cast<std::uint16_t>(pdu.size() + 4)));
    append(tpkt, pdu);
    talk_.push_back({from, tpkt});
  }

  void fast(Side from, const Bytes& plaintext, std::uint8_t events = 0) {
    const auto sealed = sealers_.at(from).seal(plaintext, salted_);
    const auto content = signed_data(sealed);
    Bytes pdu{static_cast<std::byte>((salted_ ? 0xc0U : 0x80U) | (events * 4U))};
    if (content.size() + 2 < 0x80) {
      pdu.push_back(static_cast<std::byte>(content.size() + 2));
    } else {
      append(pdu, u16be(static_cast<std::uint16_t>(0x8000U | (content.size() + 3))));
    }
    append(pdu, content);
    talk_.push_back({from, pdu});
  }

  void client_info() { slow(kClient, 1003, golden::client_info_plaintext(), 0x0040); }

  /// Set Error Info with that code.
  void error(std::uint16_t code) {
    Bytes pdu = hex("16001700ea03 ea030100 00 01 0800 2f 00 0000");
    append(pdu, u16le(code));
    append(pdu, hex("0000"));
    slow(kServer, 1003, pdu);
  }

  void chunk(Side from, const Bytes& message) {
    Bytes data = u16le(static_cast<std::uint16_t>(message.size()));
    append(data, hex("0000 03000000"));
    append(data, message);
    slow(from, 1004, data);
  }

  void key(std::uint8_t code) { fast(kClient, {std::byte{0}, static_cast<std::byte>(code)}, 1); }
  void move() { fast(kClient, hex("200008 1000 2000"), 1); }
  void output(std::size_t size) {
    Bytes update{std::byte{1}};
    append(update, u16le(static_cast<std::uint16_t>(size)));
    for (std::size_t i = 0; i < size; ++i) {
      update.push_back(static_cast<std::byte>(i * 37U + size));
    }
    fast(kServer, update);
  }

  /// Somebody at work, for so many rounds.
  void work(unsigned rounds) {
    for (unsigned round = 0; round < rounds; ++round) {
      key(static_cast<std::uint8_t>(round % 128));
      output(20 + round * 13 % 200);
      if (round % 3 == 0) { move(); }
      if (round % 4 == 1) { error(static_cast<std::uint16_t>(0x1000 + round)); }
      if (round % 5 == 2) { chunk(kServer, {std::byte{1}, static_cast<std::byte>(round)}); }
      if (round % 5 == 4) {
        Bytes message(60, static_cast<std::byte>(round));
        chunk(kClient, message);
      }
      if (round % 7 == 3) { output(3000); }
    }
  }

  [[nodiscard]] const std::vector<Said>& talk() const { return talk_; }
  [[nodiscard]] std::vector<Said>& talk() { return talk_; }

 private:
  static void append(Bytes& to, const Bytes& more) {
    to.insert(to.end(), more.begin(), more.end());
  }
  static Bytes u16le(std::uint16_t value) {
    return {static_cast<std::byte>(value & 0xffU), static_cast<std::byte>(value >> 8U)};
  }
  static Bytes u16be(std::uint16_t value) {
    return {static_cast<std::byte>(value >> 8U), static_cast<std::byte>(value & 0xffU)};
  }
  [[nodiscard]] Bytes signed_data(const Sealer::Sealed& sealed) const {
    Bytes data;
    if (fips_) {
      append(data, hex("100001"));
      data.push_back(static_cast<std::byte>(sealed.padding));
    }
    append(data, sealed.signature);
    append(data, sealed.data);
    return data;
  }

  bool fips_;
  bool salted_;
  std::map<Side, Sealer> sealers_;
  std::vector<Said> talk_;
};

struct Kind {
  EncryptionMethod method;
  Sealer::Method sealing;
  bool salted;
};

std::vector<Kind> kinds() {
  return {{EncryptionMethod::k40Bit, Sealer::Method::k40Bit, false},
          {EncryptionMethod::k56Bit, Sealer::Method::k56Bit, true},
          {EncryptionMethod::k128Bit, Sealer::Method::k128Bit, false},
          {EncryptionMethod::k128Bit, Sealer::Method::k128Bit, true},
          {EncryptionMethod::kFips, Sealer::Method::kFips, false}};
}

observation::InputSeen sum(const std::vector<Finding>& found) {
  observation::InputSeen all;
  for (const auto& input : all_of<observation::InputSeen>(found)) {
    all.keys += input.keys;
    all.pointer += input.pointer;
  }
  return all;
}

TEST(StandardSecurity, OpensEverythingInEveryForm) {
  const auto context = with_key(testing::published_key());
  for (const auto& kind : kinds()) {
    Made made{kind.method, kind.sealing, kind.salted};
    made.client_info();
    made.work(60);
    const auto found = hear(made.talk(), context);
    EXPECT_EQ(anomalies(found) + damage(found), "");
    EXPECT_EQ(all_of<observation::ClientInfo>(found).size(), 1U);
    EXPECT_EQ(all_of<observation::ErrorReported>(found).size(), 15U);
    EXPECT_EQ(all_of<observation::SealedPdu>(found).size(), 0U);
    EXPECT_EQ(sum(found).keys, 60U);
    EXPECT_EQ(sum(found).pointer, 20U);
    for (const auto& finding : found) {
      if (finding.rule == std::string_view{"test.echo"} ||
          std::holds_alternative<observation::InputSeen>(finding.what)) {
        EXPECT_EQ(finding.certainty, Certainty::kDecrypted);
      }
    }
    const auto pieces = hear(made.talk(), context, 3);
    ASSERT_EQ(pieces.size(), found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_TRUE(pieces[i].what == found[i].what);
      EXPECT_EQ(pieces[i].certainty, found[i].certainty);
    }
  }
}

TEST(StandardSecurity, GoesOnAfterKeyUpdates) {
  const auto context = with_key(testing::published_key());
  for (const auto& kind : kinds()) {
    Made made{kind.method, kind.sealing, kind.salted};
    made.client_info();
    for (unsigned n = 0; n < 4200; ++n) { made.key(30); }
    for (unsigned n = 0; n < 4200; ++n) { made.output(9); }
    made.chunk(kClient, hex("c0ffee"));
    made.error(12);
    const auto found = hear(made.talk(), context);
    EXPECT_EQ(anomalies(found) + damage(found), "");
    EXPECT_EQ(sum(found).keys, 4200U);
    EXPECT_EQ(all_of<observation::ErrorReported>(found).size(), 1U);
  }
}

/// A text for each finding that says what it says.
std::string text_of(const Finding& finding) {
  if (const auto* error = std::get_if<observation::ErrorReported>(&finding.what)) {
    return "error " + std::to_string(error->error.code);
  }
  if (const auto* anomaly = std::get_if<observation::Anomaly>(&finding.what)) {
    return anomaly->code + ' ' + anomaly->detail;
  }
  if (const auto* info = std::get_if<observation::ClientInfo>(&finding.what)) {
    return "info " + info->user + info->domain + info->address + info->directory;
  }
  return {};
}

TEST(StandardSecurity, TellsNothingWrongWithAHoleAnywhere) {
  const auto context = with_key(testing::published_key());
  std::size_t resumed = 0;
  std::size_t tried = 0;
  for (const auto& kind : kinds()) {
    Made made{kind.method, kind.sealing, kind.salted};
    made.client_info();
    made.work(150);
    const auto whole = hear(made.talk(), context);
    std::vector<std::string> known;
    for (const auto& finding : whole) { known.push_back(text_of(finding)); }
    for (const auto side : {kClient, kServer}) {
      std::size_t head = 0;
      std::size_t all = 0;
      for (std::size_t i = 0; i < made.talk().size(); ++i) {
        if (made.talk()[i].from != side) { continue; }
        if (i < 9) { head += made.talk()[i].bytes.size(); }
        all += made.talk()[i].bytes.size();
      }
      for (std::size_t n = 0; n < 100; ++n) {
        const Hole hole{
            .side = side, .begin = head + n * (all - head) / 130, .size = 1 + n * n * 7919 % 600};
        const auto found = hear(made.talk(), context, 1460, hole);
        for (const auto& finding : found) {
          if (finding.certainty != Certainty::kDecrypted) { continue; }
          const auto text = text_of(finding);
          EXPECT_TRUE(text.empty() || std::ranges::find(known, text) != known.end()) << text;
          EXPECT_FALSE(std::holds_alternative<observation::Damage>(finding.what));
        }
        EXPECT_EQ(anomalies(found), "") << n;
        EXPECT_LE(sum(found).keys, sum(whole).keys);
        EXPECT_LE(sum(found).pointer, sum(whole).pointer);
        // What comes last on that side is read again.
        const auto last = [&](const std::vector<Finding>& findings) {
          const auto is_that = [&](const Finding& finding) {
            return finding.from == side && finding.certainty == Certainty::kDecrypted &&
                   !text_of(finding).empty();
          };
          const auto it = std::ranges::find_if(findings.rbegin(), findings.rend(), is_that);
          return it == findings.rend() ? std::string{} : text_of(*it);
        };
        ++tried;
        if (last(found) == last(whole)) { ++resumed; }
      }
    }
  }
  EXPECT_EQ(resumed, tried);
}

TEST(StandardSecurity, SaysWhereItStopped) {
  const auto context = with_key(testing::published_key());
  for (const auto& kind : kinds()) {
    Made made{kind.method, kind.sealing, kind.salted};
    made.client_info();
    made.work(200);
    auto& talk = made.talk();
    // Not a hole that anybody reports: PDUs that are gone, on the server's side.
    std::size_t gone = 0;
    std::erase_if(talk, [&](const Said& said) {
      return said.from == kServer && said.bytes.size() > 100 && gone++ > 10 && gone < 15;
    });
    const auto found = hear(talk, context);
    EXPECT_EQ(anomalies(found), "rdp.mac_mismatch rdp.decryption_lost ");
    EXPECT_EQ(sum(found).keys, 200U);
  }
}

TEST(StandardSecurity, SaysThatAPeerSignsWronglyAndReadsOn) {
  const auto context = with_key(testing::published_key());
  Made made{EncryptionMethod::k128Bit, Sealer::Method::k128Bit, false};
  made.client_info();
  made.work(20);
  for (std::size_t i = 8; i < made.talk().size(); ++i) {
    auto& bytes = made.talk()[i].bytes;
    const bool fast = to_u8(bytes[0]) != 3;
    const bool wide = fast && (to_u8(bytes[1]) & 0x80U) != 0;
    bytes[fast ? (wide ? 3 : 2) : 19] ^= std::byte{1};
  }
  const auto found = hear(made.talk(), context);
  EXPECT_EQ(anomalies(found), "rdp.mac_mismatch ");
  EXPECT_EQ(all_of<observation::ClientInfo>(found).size(), 1U);
  EXPECT_EQ(all_of<observation::ErrorReported>(found).size(), 5U);
  EXPECT_EQ(sum(found).keys, 20U);
}

TEST(StandardSecurity, ReadsARedirectionAtLevelLow) {
  const auto context = with_key(testing::published_key());
  Made made{EncryptionMethod::k128Bit, Sealer::Method::k128Bit, false, 1};
  made.client_info();
  // 2.2.13.1: a session and nothing else
  made.slow(kServer, 1003, hex("0004 1400 07000000 00000000 0000000000000000"), 0x0400);
  const auto found = hear(made.talk(), context);
  const auto redirected = all_of<observation::Redirected>(found);
  ASSERT_EQ(redirected.size(), 1U);
  EXPECT_EQ(redirected[0].session_id, 7U);
}

TEST(StandardSecurity, SurvivesDamage) {
  const auto context = with_key(testing::published_key());
  for (const auto& kind : kinds()) {
    Made made{kind.method, kind.sealing, kind.salted};
    made.client_info();
    made.work(6);
    for (std::size_t i = 3; i < made.talk().size(); ++i) {
      for (std::size_t at = 0; at < made.talk()[i].bytes.size();
           at += 1 + made.talk()[i].bytes.size() / 8) {
        auto talk = made.talk();
        talk[i].bytes[at] ^= std::byte{0x81};
        (void)hear(talk, context);
        talk[i].bytes.resize(at);
        (void)hear(talk, context);
      }
    }
  }
}

}  // namespace
}  // namespace remora::rdp
