#include "dissect/ticket/body_watch.h"

#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

#include "tests/support/ticket_texts.h"

namespace remora::ticket {
namespace {

struct Watched {
  std::size_t tickets{0};
  bool wanted{false};
};

[[nodiscard]] Watched watch(std::string_view body, std::uint64_t searched, std::size_t piece,
                            const char* name = "") {
  BodyWatch watch{{.protocol = "HTTP", .file_name = name}, searched, nothing_given()};
  Findings out;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    watch.on_bytes(Side::kAcceptor, as_bytes(body.substr(at, piece)), {}, out);
  }
  return {.tickets = out.found().size(), .wanted = watch.wanted()};
}

const std::string kTicket = testing::vista_ticket();

TEST(BodyWatch, FindsATicketHoweverItIsCut) {
  for (const std::size_t piece : {1U, 3U, 255U, 256U, 1U << 20U}) {
    EXPECT_EQ(watch(kTicket, kNotSearched, piece).tickets, 1U) << piece;
    EXPECT_EQ(watch("hello " + kTicket, kSearchedBriefly, piece).tickets, 1U) << piece;
    EXPECT_EQ(watch("hello " + kTicket, kNotSearched, piece).tickets, 0U) << piece;
  }
}

TEST(BodyWatch, ReadsATicketToItsEndThatBeginsBeforeTheLimit) {
  const auto before = static_cast<std::size_t>(kSearchedBriefly) - 60;
  for (const std::size_t piece : {1U, 100U, 1U << 20U}) {
    EXPECT_EQ(watch(std::string(before, 'x') + kTicket, kSearchedBriefly, piece).tickets, 1U);
    EXPECT_EQ(watch(std::string(before + 300, 'x') + kTicket, kSearchedBriefly, piece).tickets, 0U);
  }
}

TEST(BodyWatch, SaysWhenTheRestCannotMatter) {
  EXPECT_FALSE(watch("\x89PNG", kNotSearched, 1).wanted);
  EXPECT_TRUE(watch(std::string(1000, 'x'), kSearchedBriefly, 7).wanted);
  EXPECT_FALSE(watch(std::string(5000, 'x'), kSearchedBriefly, 7).wanted);
  // A NUL byte: no text.
  EXPECT_FALSE(watch(std::string("ab\0", 3) + std::string(600, 'x'), kSearched, 5).wanted);
  EXPECT_TRUE(watch("x", kNotSearched, 1, "a.msrcIncident").wanted) << "named as one";
  EXPECT_FALSE(watch("<?xml version=\"1.0\"?><rss>", kNotSearched, 1).wanted);
}

}  // namespace
}  // namespace remora::ticket
