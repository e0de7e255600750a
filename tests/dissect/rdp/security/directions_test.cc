#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/rdp/security/fips_direction.h"
#include "dissect/rdp/security/rc4_direction.h"
#include "tests/dissect/rdp/security/sealer.h"
#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

using testing::hex;
using testing::Sealer;
using Bytes = std::vector<std::byte>;

struct Keys {
  EncryptionMethod method;
  Sealer::Method sealing;
  Bytes key;
  Bytes mac;
};

std::vector<Keys> all_rc4() {
  return {{EncryptionMethod::k40Bit, Sealer::Method::k40Bit, hex("d1269ec08474414a"),
           hex("d1269ec6e31347c4")},
          {EncryptionMethod::k56Bit, Sealer::Method::k56Bit, hex("d12783c08474414a"),
           hex("d15370c6e31347c4")},
          {EncryptionMethod::k128Bit, Sealer::Method::k128Bit,
           hex("702783c08474414a33a259c6faed480c"), hex("815370c6e31347c463ed25f1af48bbdf")}};
}

Keys fips() {
  return {EncryptionMethod::kFips, Sealer::Method::kFips,
          hex("6708701a086d106b2a767f20017343203b16641a0d490132"),
          hex("bb45ea4383cd332a1f15df0981a4aaec95dc14eb")};
}

/// A number that looks random and is the same every time.
std::uint32_t scattered(std::uint32_t n) {
  n = (n ^ 61U) ^ (n >> 16U);
  n *= 9U;
  n ^= n >> 4U;
  n *= 0x27d4eb2dU;
  return n ^ (n >> 15U);
}

/// A PDU on its way: fast path mostly, input of some events or an update.
struct Pdu {
  SealedKind kind{SealedKind::kInput};
  std::uint8_t events{1};
  bool salted{false};
  Bytes plaintext;
  Sealer::Sealed sealed;

  [[nodiscard]] std::size_t header() const { return sealed.data.size() > 100 ? 11 : 10; }
  [[nodiscard]] std::size_t size() const {
    return header() + (sealed.padding != 0 || fips ? 4U : 0U) + sealed.data.size();
  }
  [[nodiscard]] SealedData view() const {
    return {.kind = kind,
            .number_events = events,
            .salted = salted,
            .fips_padding = sealed.padding,
            .signature = sealed.signature,
            .data = sealed.data,
            .pdu_bytes = size()};
  }
  bool fips{false};
};

Pdu make_pdu(Sealer& sealer, std::uint32_t n, bool salted, bool fips) {
  Pdu pdu;
  pdu.salted = salted;
  pdu.fips = fips;
  const auto random = scattered(n);
  if (random % 3 == 0) {
    pdu.kind = SealedKind::kOutput;
    const auto size = random / 3 % 300;
    pdu.plaintext = {std::byte{1}, static_cast<std::byte>(size & 0xffU),
                     static_cast<std::byte>(size >> 8U)};
    for (std::uint32_t i = 0; i < size; ++i) {
      pdu.plaintext.push_back(static_cast<std::byte>(scattered(n * 1000 + i)));
    }
  } else {
    pdu.events = static_cast<std::uint8_t>(1 + random % 4);
    for (int event = 0; event < pdu.events; ++event) {
      const auto key = scattered(n * 7 + static_cast<std::uint32_t>(event));
      if (key % 2 == 0) {
        pdu.plaintext.push_back(static_cast<std::byte>(key / 2 % 2));
        pdu.plaintext.push_back(static_cast<std::byte>(key / 4 % 128));
      } else {
        pdu.plaintext.push_back(std::byte{1U << 5U});
        for (unsigned i = 0; i < 6; ++i) {
          pdu.plaintext.push_back(static_cast<std::byte>(scattered(key + i)));
        }
      }
    }
  }
  pdu.sealed = sealer.seal(pdu.plaintext, salted);
  return pdu;
}

std::vector<Pdu> make_pdus(const Keys& keys, std::uint32_t count, bool salted = false) {
  Sealer sealer{keys.sealing, keys.key, keys.mac};
  std::vector<Pdu> pdus;
  for (std::uint32_t n = 0; n < count; ++n) {
    pdus.push_back(make_pdu(sealer, n, salted, keys.method == EncryptionMethod::kFips));
  }
  return pdus;
}

struct Result {
  std::size_t right{0};
  std::size_t unplaced{0};
  std::size_t abandoned{0};
  std::size_t other{0};
  std::size_t false_data{0};
};

template <typename Direction>
void open(Direction& direction, const Pdu& pdu, Result& result) {
  Bytes plaintext(pdu.sealed.data.size());
  switch (direction.open(pdu.view(), plaintext)) {
    case Opened::kRight:
    case Opened::kUnsigned:
      plaintext.resize(plaintext.size() - pdu.sealed.padding);
      ++(plaintext == pdu.plaintext ? result.right : result.false_data);
      break;
    case Opened::kUnplaced:
      ++result.unplaced;
      break;
    case Opened::kAbandoned:
      ++result.abandoned;
      break;
    case Opened::kWrong:
      ++result.other;
      break;
  }
}

/// Opens all but `missing` PDUs from `from` on; the loss is told by its size.
template <typename Direction>
Result open_with_hole(Direction direction, const std::vector<Pdu>& pdus, std::size_t from,
                      std::size_t missing) {
  Result result;
  std::uint64_t lost = 0;
  for (std::size_t i = 0; i < pdus.size(); ++i) {
    if (i >= from && i < from + missing) {
      lost += pdus[i].size();
      continue;
    }
    if (i == from + missing) { direction.lose(lost); }
    open(direction, pdus[i], result);
  }
  return result;
}

Rc4Direction rc4(const Keys& keys) {
  return {keys.method, keys.key, keys.mac};
}

TEST(Rc4Direction, OpensWhatTheVectorsSeal) {
  const auto keys = all_rc4().back();
  Bytes plaintext(15);
  auto direction = rc4(keys);
  const auto mac = hex("60116c2b83d1fc03");
  for (const auto* text : {"3f108552773241ed7348dd0e4dae12", "3933681bac6558c4184d0c414b11d9"}) {
    const auto data = hex(text);
    EXPECT_EQ(direction.open({.signature = mac, .data = data, .pdu_bytes = 25}, plaintext),
              Opened::kRight);
    EXPECT_EQ(as_text(plaintext), "REMORA test PDU");
  }
}

TEST(Rc4Direction, UpdatesItsKeyTwice) {
  for (const auto& keys : all_rc4()) {
    for (const bool salted : {false, true}) {
      const auto result = open_with_hole(rc4(keys), make_pdus(keys, 8300, salted), 9000, 0);
      EXPECT_EQ(result.right, 8300U);
      EXPECT_EQ(result.false_data, 0U);
    }
  }
}

TEST(Rc4Direction, FindsItsPlaceAfterAHoleAnywhere) {
  for (const auto& keys : all_rc4()) {
    for (const bool salted : {false, true}) {
      const auto pdus = make_pdus(keys, 420, salted);
      for (std::size_t at = 0; at < 100; ++at) {
        const std::size_t missing = 1 + scattered(static_cast<std::uint32_t>(at)) % 30;
        const auto result = open_with_hole(rc4(keys), pdus, at * 3, missing);
        EXPECT_EQ(result.right, 420 - missing) << at << ' ' << missing;
        EXPECT_EQ(result.false_data, 0U);
      }
    }
  }
}

TEST(Rc4Direction, FindsItsPlaceAroundAnUpdate) {
  for (const auto& keys : all_rc4()) {
    for (const bool salted : {false, true}) {
      const auto pdus = make_pdus(keys, 4200, salted);
      for (std::size_t at = 4060; at < 4110; at += 7) {
        for (const std::size_t missing : {1U, 2U, 13U, 40U}) {
          const auto result = open_with_hole(rc4(keys), pdus, at, missing);
          EXPECT_EQ(result.right, 4200 - missing) << at << ' ' << missing << ' ' << salted;
          EXPECT_EQ(result.false_data, 0U);
        }
      }
    }
  }
}

TEST(Rc4Direction, CountsOnWhenTheUpdateComesLongAfterAHole) {
  const auto keys = all_rc4().back();
  const auto result = open_with_hole(rc4(keys), make_pdus(keys, 8300), 100, 25);
  EXPECT_EQ(result.right, 8300U - 25);
}

TEST(Rc4Direction, GivesUpWhereTheHoleIsLargerThanToldOrTooLarge) {
  const auto keys = all_rc4().back();
  const auto pdus = make_pdus(keys, 200);
  for (const std::uint64_t told : {std::uint64_t{20}, std::uint64_t{1} << 40U}) {
    auto direction = rc4(keys);
    Result result;
    for (std::size_t i = 0; i < 10; ++i) { open(direction, pdus[i], result); }
    direction.lose(told);
    for (std::size_t i = 100; i < 200; ++i) { open(direction, pdus[i], result); }
    EXPECT_EQ(result.right, 10U);
    EXPECT_EQ(result.false_data, 0U);
    EXPECT_EQ(result.unplaced, kMaxTries - 1);
    EXPECT_EQ(result.abandoned, 100 - result.unplaced);
  }
}

TEST(Rc4Direction, KeepsReadingWhoeverAlwaysSignsWrongly) {
  const auto keys = all_rc4().back();
  auto pdus = make_pdus(keys, 50);
  for (auto& pdu : pdus) { pdu.sealed.signature.front() ^= std::byte{1}; }
  const auto result = open_with_hole(rc4(keys), pdus, 60, 0);
  EXPECT_EQ(result.right, 50U);
  // But not after a hole: nothing proves where it is.
  const auto holed = open_with_hole(rc4(keys), pdus, 10, 1);
  EXPECT_EQ(holed.right, 10U);
  EXPECT_EQ(holed.false_data, 0U);
}

TEST(Rc4Direction, DoesNotBelieveWhatWasChangedOnItsWay) {
  const auto keys = all_rc4().back();
  auto pdus = make_pdus(keys, 50);
  pdus[20].sealed.data.back() ^= std::byte{1};
  const auto result = open_with_hole(rc4(keys), pdus, 60, 0);
  EXPECT_EQ(result.right, 49U);
  EXPECT_EQ(result.other, 1U);
  EXPECT_EQ(result.false_data, 0U);
}

TEST(Rc4Direction, GivesUpOnAnotherKey) {
  const auto keys = all_rc4().back();
  const auto pdus = make_pdus(keys, 100);
  Rc4Direction direction{keys.method, hex("00112233445566778899aabbccddeeff"), keys.mac};
  Result result;
  for (const auto& pdu : pdus) { open(direction, pdu, result); }
  EXPECT_EQ(result.right, 0U);
}

TEST(FipsDirection, OpensAllAndFindsItsPlaceAfterAHoleAnywhere) {
  const auto keys = fips();
  const auto pdus = make_pdus(keys, 420);
  const auto whole = open_with_hole(FipsDirection{keys.key, keys.mac}, pdus, 500, 0);
  EXPECT_EQ(whole.right, 420U);
  for (std::size_t at = 0; at < 100; ++at) {
    const std::size_t missing = 1 + scattered(static_cast<std::uint32_t>(at)) % 30;
    const auto result = open_with_hole(FipsDirection{keys.key, keys.mac}, pdus, at * 3, missing);
    EXPECT_EQ(result.right, 419 - missing) << at << ' ' << missing;
    EXPECT_EQ(result.unplaced, 1U);
    EXPECT_EQ(result.false_data, 0U);
  }
}

TEST(FipsDirection, GivesUpWhereMoreIsMissingThanToldOrBlocksAreCut) {
  const auto keys = fips();
  auto pdus = make_pdus(keys, 200);
  FipsDirection direction{keys.key, keys.mac};
  Result result;
  direction.lose(20);
  for (std::size_t i = 100; i < 200; ++i) { open(direction, pdus[i], result); }
  EXPECT_EQ(result.right + result.false_data, 0U);
  EXPECT_EQ(result.abandoned, 101 - kMaxTries);

  pdus[3].sealed.data.pop_back();
  const auto cut = open_with_hole(FipsDirection{keys.key, keys.mac}, pdus, 300, 0);
  EXPECT_EQ(cut.right, 198U);  // without the one, and the next, whose block before it is not known
  EXPECT_EQ(cut.false_data, 0U);
}

}  // namespace
}  // namespace remora::rdp
