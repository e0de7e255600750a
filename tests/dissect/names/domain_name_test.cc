#include "dissect/names/domain_name.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::names {
namespace {

using remora::testing::hex;

/// The name that begins at `at`.
Result<std::string> name_at(const std::vector<std::byte>& message, std::size_t at) {
  return decode(message, [&](Cursor& in) {
    in.skip(at, "before");
    return read_domain_name(in, message);
  });
}

// RFC 1035 4.1.4, its own example in short.
const auto kNames =
    hex("01 46 03 495349 04 41525041 00"  // 0: F.ISI.ARPA
        "03 464f4f c000"                  // 12: FOO and a pointer to 0
        "c006"                            // 18: a pointer into the first, ARPA
        "00");                            // 20: the root

TEST(DomainName, FollowsPointersBackwards) {
  EXPECT_EQ(name_at(kNames, 0), "F.ISI.ARPA");
  EXPECT_EQ(name_at(kNames, 12), "FOO.F.ISI.ARPA");
  EXPECT_EQ(name_at(kNames, 18), "ARPA");
  EXPECT_EQ(name_at(kNames, 20), "");
}

TEST(DomainName, LeadsOnBehindThePointer) {
  const auto next = decode(kNames, [](Cursor& in) {
    in.skip(12, "before");
    (void)read_domain_name(in, kNames);
    return in.offset();
  });
  EXPECT_EQ(next, 18U);
}

TEST(DomainName, RefusesPointersThatDoNotGoBack) {
  EXPECT_FALSE(name_at(hex("c000"), 0).has_value());
  EXPECT_FALSE(name_at(hex("c002 0161 00"), 0).has_value());
  EXPECT_FALSE(name_at(hex("0161 c000"), 0).has_value());
  EXPECT_FALSE(name_at(hex("0161 c004 c000"), 4).has_value()) << "each leads to the other";
}

TEST(DomainName, RefusesMorePointersThanAnyNameHas) {
  auto chain = hex("0161 00 00");
  for (unsigned i = 0; i < 40; ++i) {
    const auto target = i == 0 ? 0U : 2 + 2 * i;
    chain.push_back(std::byte{0xc0});
    chain.push_back(static_cast<std::byte>(target));
  }
  EXPECT_TRUE(name_at(chain, 4 + 2 * 20).has_value());
  EXPECT_FALSE(name_at(chain, 4 + 2 * 39).has_value());
}

TEST(DomainName, RefusesUnknownLabelsAndNamesThatAreTooLong) {
  EXPECT_FALSE(name_at(hex("41 00"), 0).has_value());
  EXPECT_FALSE(name_at(hex("80 00"), 0).has_value());
  std::vector<std::byte> endless;
  for (int i = 0; i < 128; ++i) {
    endless.push_back(std::byte{1});
    endless.push_back(std::byte{'a'});
  }
  endless.push_back({});
  EXPECT_FALSE(name_at(endless, 0).has_value()) << "257 bytes";
  endless.erase(endless.begin(), endless.begin() + 2);
  EXPECT_TRUE(name_at(endless, 0).has_value()) << "255 bytes";
}

TEST(DomainName, TellsDotsInsideLabelsFromThoseBetween) {
  EXPECT_EQ(name_at(hex("03 612e62 01 63 00"), 0), "a\\.b.c");
  EXPECT_EQ(name_at(hex("03 615c62 00"), 0), "a\\\\b");
}

TEST(DomainName, MayBePartialWhereItIsNotCompressed) {
  EXPECT_EQ(decode(hex("02 7063"), read_partial_name), "pc");
  EXPECT_EQ(decode(hex("02 7063 00 ff"), read_partial_name), "pc");
  EXPECT_FALSE(decode(hex("02 7063 c000"), read_partial_name).has_value());
}

TEST(DomainName, ComparesWithoutRegardToCase) {
  EXPECT_TRUE(is_same_name("Www.Corp.EXAMPLE", "wWW.corp.example"));
  EXPECT_FALSE(is_same_name("www.corp.example", "www.corp.exampl"));
  EXPECT_FALSE(is_same_name("@", "`"));
}

TEST(DomainName, ObeysTheLawsOfReaders) {
  remora::testing::expect_reader_laws(kNames,
                                      [](Cursor& in) { return read_domain_name(in, kNames); });
  remora::testing::expect_reader_laws(hex("02 7063 04 636f7270 00"), read_partial_name);
}

}  // namespace
}  // namespace remora::names
