#include "dissect/ticket/first_bytes.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/ticket/document_start.h"

namespace remora::ticket {
namespace {

using namespace std::string_literals;

[[nodiscard]] Verdict judge(std::string_view text) {
  return judge_first_bytes(as_bytes(text));
}

/// ASCII text in UTF-16, little- or big-endian.
[[nodiscard]] std::string utf16(std::string_view text, bool big_endian = false) {
  std::string wide;
  for (const char c : text) { wide += big_endian ? std::string{'\0', c} : std::string{c, '\0'}; }
  return wide;
}

const std::string kXp = R"(<?xml version="1.0" encoding="Unicode" ?><UPLOADINFO TYPE="Escalated">)";

TEST(FirstBytes, KnowATicketInEveryForm) {
  for (const auto& start :
       {kXp, "<UPLOADINFO "s, "\r\n\t<UPLOADINFO"s,
        "<?xml version=\"1.0\"?>\r\n<!-- a > b -->\r\n<UPLOADINFO"s, "<!DOCTYPE x><UPLOADINFO>"s,
        "<E><A KH=\""s, "65538,1,10.0.0.1:3389"s}) {
    EXPECT_EQ(judge(start), Verdict::kYes) << start;
    EXPECT_EQ(judge("\xef\xbb\xbf" + start), Verdict::kYes) << start;
    EXPECT_EQ(judge(utf16(start)), Verdict::kYes) << start;
    EXPECT_EQ(judge("\xff\xfe" + utf16(start)), Verdict::kYes) << start;
    EXPECT_EQ(judge(utf16(start, true)), Verdict::kYes) << start;
    EXPECT_EQ(judge("\xfe\xff" + utf16(start, true)), Verdict::kYes) << start;
  }
}

TEST(FirstBytes, WaitForTheRoot) {
  const auto root = kXp.find("<UPLOADINFO") + std::string_view{"<UPLOADINFO"}.size();
  for (std::size_t size = 0; size < root; ++size) {
    EXPECT_EQ(judge(kXp.substr(0, size)), Verdict::kMore) << size;
    EXPECT_EQ(judge("\xff\xfe" + utf16(kXp.substr(0, size))), Verdict::kMore) << size;
  }
}

TEST(FirstBytes, KnowWhatIsNoTicket) {
  for (const auto& start :
       {"<?xml version='1.0'?><stream:stream"s, "<!DOCTYPE html><html>"s, "<html>"s,
        "GET / HTTP/1.1"s, "PK\x03\x04"s, "\x16\x03\x01"s, "65537,1,"s, "<E>text"s,
        "\xff\xd8\xff\xe0"s, "\0\0\0\x54\xfeSMB"s, "<?xml?>text"s, "\xef\xbb\xbf#"s, "6 pieces"s}) {
    EXPECT_EQ(judge(start), Verdict::kNo) << start;
  }
}

TEST(FirstBytes, LookNoFurtherThanTheLimit) {
  const auto comment = "<!--" + std::string(kMaxPrologBytes, 'a');
  EXPECT_EQ(judge(comment.substr(0, kMaxPrologBytes - 1)), Verdict::kMore);
  EXPECT_EQ(judge(comment.substr(0, kMaxPrologBytes)), Verdict::kNo);
  EXPECT_EQ(judge(std::string(kMaxPrologBytes, ' ')), Verdict::kNo);
}

TEST(FirstBytes, NeverChangeTheirMind) {
  for (const auto& text : {kXp, "\xff\xfe" + utf16(kXp), utf16(kXp, true), "65538,1,a:1"s}) {
    for (std::size_t changed = 0; changed < text.size(); ++changed) {
      auto bytes = text;
      bytes[changed] = static_cast<char>(bytes[changed] ^ 0x55);
      auto decided = Verdict::kMore;
      for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const std::vector<char> copy(bytes.begin(),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(size));
        const auto now = judge({copy.data(), copy.size()});
        if (decided != Verdict::kMore) { ASSERT_EQ(now, decided) << changed << ' ' << size; }
        decided = now;
      }
    }
  }
}

}  // namespace
}  // namespace remora::ticket
