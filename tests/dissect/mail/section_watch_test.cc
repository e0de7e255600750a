#include "dissect/mail/section_watch.h"

#include <gtest/gtest.h>

#include "tests/dissect/mail/mails.h"

namespace remora::mail {
namespace {

constexpr auto kServer = Side::kAcceptor;

[[nodiscard]] std::string guessed(std::string_view section, std::size_t size) {
  SectionWatch watch{{.protocol = "IMAP"}, std::nullopt, nothing_given()};
  Findings out;
  for (std::size_t at = 0; at < section.size(); at += size) {
    watch.on_bytes(kServer, as_bytes(section.substr(at, size)), {}, out);
  }
  watch.on_end(kServer, {}, out);
  return told(out.found());
}

TEST(SectionWatch, GuessesTheEncodingOfWhatNobodyDescribed) {
  const auto ticket = testing::xp_ticket();
  std::string quoted;
  for (const char c : ticket) { quoted += c == '=' ? "=3D" : std::string{c}; }
  const auto mail = mail_with_ticket();
  for (const std::size_t size : {1U, 100U, 100'000U}) {
    EXPECT_EQ(guessed(ticket, size), "IMAP Dave; ");
    EXPECT_EQ(guessed(base64(ticket), size), "IMAP Dave; ");
    EXPECT_EQ(guessed(quoted, size), "IMAP Dave; ");
    EXPECT_EQ(guessed("See\r\n" + ticket, size), "IMAP Dave; ");
    EXPECT_EQ(guessed(std::string_view{mail}.substr(mail.find("--=_b")), size),
              "IMAP Dave in Invitation.msrcIncident; ");
  }
}

TEST(SectionWatch, FindsNothingInOtherThings) {
  EXPECT_EQ(guessed("", 1), "");
  EXPECT_EQ(guessed("hello", 1), "");
  EXPECT_EQ(guessed(base64("\x89PNG\r\n\x1a\n"), 3), "");
}

TEST(SectionWatch, PutsPartsInOrder) {
  const auto text = base64(testing::xp_ticket());
  const auto bytes = as_bytes(text);
  for (const bool twice : {false, true}) {
    SectionWatch watch{{.protocol = "IMAP"}, std::nullopt, nothing_given()};
    Findings out;
    watch.on_bytes_at(300, kServer, bytes.subspan(300), {}, out);
    watch.on_bytes_at(100, kServer, bytes.subspan(100, 250), {}, out);
    EXPECT_EQ(told(out.found()), "");
    watch.on_bytes_at(0, kServer, bytes.first(100), {}, out);
    if (twice) { watch.on_bytes_at(0, kServer, bytes, {}, out); }
    EXPECT_EQ(told(out.found()), "IMAP Dave; ");
    EXPECT_EQ(watch.offset(), bytes.size());
    EXPECT_EQ(watch.keys().size(), 1U);
  }
}

TEST(SectionWatch, KeepsOnlySoMuchOfWhatComesEarly) {
  SectionWatch watch{{.protocol = "IMAP"}, std::nullopt, nothing_given()};
  Findings out;
  const std::vector<std::byte> piece(1000);
  for (std::uint64_t offset = 1'000'000; offset > 1000; offset -= 1000) {
    watch.on_bytes_at(offset, kServer, piece, {}, out);
  }
  const std::vector<std::byte> first(1'000'000 - 130'000, std::byte{'x'});
  watch.on_bytes_at(0, kServer, first, {}, out);
  EXPECT_EQ(watch.offset(), first.size());  // what follows at once was not kept
}

TEST(SectionWatch, GivesUpAtAHole) {
  SectionWatch watch{{.protocol = "IMAP"}, std::nullopt, nothing_given()};
  Findings out;
  const auto text = testing::xp_ticket();
  watch.on_bytes(kServer, as_bytes(text).first(200), {}, out);
  watch.on_gap(10);
  watch.on_bytes(kServer, as_bytes(text).subspan(210), {}, out);
  watch.on_end(kServer, {}, out);
  EXPECT_EQ(told(out.found()), "");
}

}  // namespace
}  // namespace remora::mail
