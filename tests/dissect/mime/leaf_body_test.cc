#include "dissect/mime/leaf_body.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/dissect/mime/recorded_parts.h"

namespace remora::mime {
namespace {

[[nodiscard]] std::string told_in_pieces(const PartHeaders& headers, std::string_view body,
                                         std::size_t size) {
  RecordedParts parts;
  LeafBody leaf;
  leaf.begin(headers, parts);
  for (std::size_t at = 0; at < body.size(); at += size) {
    leaf.on_bytes(as_bytes(body.substr(at, size)), parts);
  }
  leaf.end(parts);
  return parts.told;
}

/// What the sink is told, the same however the body is cut.
[[nodiscard]] std::string told(const PartHeaders& headers, std::string_view body) {
  auto whole = told_in_pieces(headers, body, body.size() + 1);
  for (std::size_t size = 1; size < body.size(); ++size) {
    EXPECT_EQ(told_in_pieces(headers, body, size), whole) << "in pieces of " << size;
  }
  return whole;
}

const PartHeaders kText{.media_type = "text/plain"};

TEST(LeafBody, TakesTheTransferEncodingOff) {
  EXPECT_EQ(told({.media_type = "a/b", .encoding = TransferEncoding::kBase64}, "Zm9v\r\nYmFy"),
            "a/b [foobar] ");
  EXPECT_EQ(
      told({.media_type = "a/b", .encoding = TransferEncoding::kQuotedPrintable}, "=41=\r\nb"),
      "a/b [Ab] ");
  EXPECT_EQ(told({.media_type = "a/b"}, "begin 644 x\n#0V%T\n"), "a/b [begin 644 x\n#0V%T\n] ");
}

TEST(LeafBody, FindsUuencodedFilesInText) {
  EXPECT_EQ(told(kText, "see\r\nbegin 644 a.msrcIncident\r\n#0V%T\r\n`\r\nend\r\nbye\r\n"),
            "text/plain [see\r\n] application/octet-stream a.msrcIncident [Cat] "
            "text/plain [end\r\nbye\r\n] ");
  EXPECT_EQ(told(kText, "begin 644 x\n#0V%T\nend\nbegin 644 y\n#0V%T\n"),
            "text/plain [] application/octet-stream x [Cat] text/plain [end\n] "
            "application/octet-stream y [Cat] ");
}

TEST(LeafBody, TakesOtherLinesForText) {
  constexpr std::string_view kBody{"begin\nbegin with\nb\n\nbegin 644\nbegin 6\n begin 644 x\nbe"};
  EXPECT_EQ(told(kText, kBody), "text/plain [" + std::string{kBody} + "] ");
  const auto endless = "begin 644 " + std::string(1000, 'x') + "\nbegin 644 y\n#0V%T\n";
  EXPECT_EQ(told_in_pieces(kText, endless, 7), "text/plain [begin 644 " + std::string(1000, 'x') +
                                                   "\n] application/octet-stream y [Cat] ");
}

TEST(LeafBody, TellsOfHoles) {
  RecordedParts parts;
  LeafBody leaf;
  leaf.begin(kText, parts);
  leaf.on_bytes(as_bytes("one\nbeg"), parts);
  leaf.on_gap(parts);
  leaf.on_bytes(as_bytes("two"), parts);
  leaf.end(parts);
  leaf.begin({.media_type = "a/b", .encoding = TransferEncoding::kBase64}, parts);
  leaf.on_bytes(as_bytes("Zm9v"), parts);
  leaf.on_gap(parts);
  leaf.on_bytes(as_bytes("m9vZ"), parts);  // nobody knows where a group begins
  leaf.end(parts);
  EXPECT_EQ(parts.told, "text/plain [one\n<gap>two] a/b [foo<gap>] ");
}

TEST(LeafBody, DoesNotDecodeWhatNobodyWants) {
  RecordedParts parts;
  parts.wanted = false;
  LeafBody leaf;
  leaf.begin({.media_type = "image/png", .encoding = TransferEncoding::kBase64}, parts);
  leaf.on_bytes(as_bytes("Zm9v"), parts);
  leaf.end(parts);
  EXPECT_EQ(parts.told, "image/png [] ");
}

}  // namespace
}  // namespace remora::mime
