#include "dissect/mime/mime_reader.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/dissect/mime/recorded_parts.h"

namespace remora::mime {
namespace {

[[nodiscard]] std::string told_in_pieces(std::string_view message, std::size_t size) {
  RecordedParts parts;
  MimeReader reader;
  for (std::size_t at = 0; at < message.size(); at += size) {
    reader.on_bytes(as_bytes(message.substr(at, size)), parts);
  }
  reader.on_end(parts);
  return parts.told;
}

/// What the sink is told, the same however the message is cut.
[[nodiscard]] std::string told(std::string_view message) {
  auto whole = told_in_pieces(message, message.size() + 1);
  for (std::size_t size = 1; size < message.size(); ++size) {
    EXPECT_EQ(told_in_pieces(message, size), whole) << "in pieces of " << size;
  }
  return whole;
}

/// A multipart with these parts, each with its headers.
[[nodiscard]] std::string multipart(const std::string& boundary, const std::string& parts) {
  return "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\npreamble\r\n" +
         parts + "--" + boundary + "--\r\n";
}

TEST(MimeReader, TakesAMessageWithoutTypeForText) {
  EXPECT_EQ(told("Subject: x\r\n\r\nline\r\n--no delimiter\r\n"),
            "text/plain [line\r\n--no delimiter\r\n] ");
}

TEST(MimeReader, ReadsTheOnlyPartOfAMessage) {
  EXPECT_EQ(told("Content-Type: application/x; name=a.txt\r\n"
                 "Content-Transfer-Encoding: base64\r\n\r\nZm9v\r\nYmFy\r\n"),
            "application/x a.txt [foobar] ");
}

TEST(MimeReader, ReadsPartAfterPart) {
  EXPECT_EQ(told(multipart("b",
                           "--b\r\n\r\ntext\r\nmore\r\n"
                           "--b \t\r\nContent-Type: a/b\r\n"
                           "Content-Transfer-Encoding: base64\r\n\r\nZm9v\r\n") +
                 "epilogue\r\n--b\r\n\r\nnot read"),
            "text/plain [text\r\nmore] a/b [foo] ");
}

TEST(MimeReader, GivesALineEndToTheDelimiterBehindIt) {
  EXPECT_EQ(told(multipart("b", "--b\r\n\r\n\r\n\r\n--b\r\n\r\nx\n\n--b\n\ny\r\r\n--b\r\n\r\n")),
            "text/plain [\r\n] text/plain [x\n] text/plain [y\r] text/plain [] ");
}

TEST(MimeReader, TellsDelimitersFromLinesLikeThem) {
  EXPECT_EQ(told(multipart("b",
                           "--b\r\n\r\n--\r\n--bb\r\n--c\r\n -b--b\r\n--b -\r\n-\r\n- -b\r\n"
                           "--x\r\n")),
            "text/plain [--\r\n--bb\r\n--c\r\n -b--b\r\n--b -\r\n-\r\n- -b\r\n--x] ");
}

TEST(MimeReader, EndsInnerPartsByOuterDelimiters) {
  const auto inner = multipart("in", "--in\r\n\r\n1\r\n--in\r\n\r\n2\r\n");
  EXPECT_EQ(told(multipart("out", "--out\r\n" + inner + "--out\r\n\r\n3\r\n")),
            "text/plain [1] text/plain [2] text/plain [3] ");
  // The inner one is not closed, and its boundary begins with the outer one's.
  EXPECT_EQ(told(multipart("b",
                           "--b\r\nContent-Type: multipart/x; boundary=b2\r\n\r\n"
                           "--b2\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b2\r\n")),
            "text/plain [1] text/plain [2\r\n--b2] ");
}

TEST(MimeReader, EndsHeadersByADelimiter) {
  EXPECT_EQ(told(multipart("b", "--b\r\nContent-Type: a/b\r\n--b\r\n\r\n1\r\n")),
            "text/plain [1] ");
  EXPECT_EQ(told(multipart("b", "--b\r\n-strange: x\r\n--c\r\nContent-Type: a/b\r\n\r\n1\r\n")),
            "a/b [1] ");
}

TEST(MimeReader, ReadsMessagesInsideMessages) {
  EXPECT_EQ(told("Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nhello\r\n"),
            "text/plain [hello\r\n] ");
  EXPECT_EQ(told(multipart("b", "--b\r\nContent-Type: message/rfc822\r\n\r\n" +
                                    multipart("in", "--in\r\nContent-Type: a/b\r\n\r\n1\r\n") +
                                    "--b\r\n\r\n2\r\n")),
            "a/b [1] text/plain [2] ");
}

TEST(MimeReader, ReadsMessagesThatAreEncoded) {
  // "Content-Type: a/b\r\n\r\nhello"
  EXPECT_EQ(told(multipart("b",
                           "--b\r\nContent-Type: message/rfc822\r\n"
                           "Content-Transfer-Encoding: base64\r\n\r\n"
                           "Q29udGVudC1UeXBlOiBhL2INCg0KaGVsbG8=\r\n"
                           "--b\r\n\r\n2\r\n")),
            "a/b [hello] text/plain [2] ");
}

TEST(MimeReader, ExpectsMessagesInADigest) {
  EXPECT_EQ(told("Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n"
                 "Content-Type: a/b\r\n\r\n1\r\n--b\r\nContent-Type: c/d\r\n\r\n2\r\n--b--\r\n"),
            "a/b [1] c/d [2] ");
}

TEST(MimeReader, TakesAMultipartWithoutBoundaryForText) {
  EXPECT_EQ(told("Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx"),
            "text/plain [--b\r\n\r\nx] ");
}

TEST(MimeReader, ReadsABodyWhoseHeadersCameOtherwise) {
  RecordedParts parts;
  MimeReader form{{.media_type = "multipart/form-data", .boundary = "b"}};
  form.on_bytes(as_bytes("--b\r\nContent-Disposition: form-data; name=f; filename=x.bin\r\n"
                         "Content-Type: a/b\r\n\r\n1\r\n--b--"),
                parts);
  form.on_end(parts);
  EXPECT_EQ(parts.told, "a/b x.bin [1] ");
}

TEST(MimeReader, GivesAMessageThatIsCutOffAsFarAsItCame) {
  const auto message = multipart("b", "--b\r\n\r\ntext\r\n");
  EXPECT_EQ(told(message.substr(0, message.find("ext"))), "text/plain [t] ");
  EXPECT_EQ(told("Content-Type: a/b\r\n"), "");
}

TEST(MimeReader, FindsTheNextPartBehindAHole) {
  RecordedParts parts;
  MimeReader reader;
  const auto message = multipart(
      "b", "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nZm9vYmFy\r\n--b\r\n\r\n2\r\n");
  const auto hole = message.find("YmFy");
  reader.on_bytes(as_bytes(message).first(hole), parts);
  reader.on_gap(parts);
  reader.on_bytes(as_bytes(message).subspan(hole + 3), parts);
  reader.on_end(parts);
  EXPECT_EQ(parts.told, "text/plain [foo<gap>] text/plain [2] ");
}

TEST(MimeReader, EndsWithinItsLimitsWhateverComes) {
  std::string deep;
  for (int level = 0; level < 1000; ++level) {
    const auto name = "b" + std::to_string(level);
    deep += "Content-Type: multipart/x; boundary=" + name + "\r\n\r\n--" + name + "\r\n";
  }
  EXPECT_EQ(told_in_pieces(deep + "\r\nx", 1460), "!mime.too_deep ");
  std::string matryoshka;
  for (int level = 0; level < 1000; ++level) {
    matryoshka += "Content-Type: message/rfc822\r\n\r\n";
  }
  EXPECT_EQ(told_in_pieces(matryoshka, 1460), "!mime.too_deep ");

  std::string flood;
  for (std::size_t part = 0; part < 2 * MimeReader::kMaxParts; ++part) { flood += "--b\r\n\r\n"; }
  RecordedParts parts;
  MimeReader reader;
  reader.on_bytes(as_bytes(multipart("b", flood)), parts);
  EXPECT_EQ(parts.parts, MimeReader::kMaxParts);
  EXPECT_TRUE(parts.told.ends_with("!mime.too_many_parts "));

  std::string headers;
  for (int line = 0; line < 100'000; ++line) { headers += "X-Header: x\r\n"; }
  EXPECT_EQ(told_in_pieces(headers + "\r\nx", 1460), "!mime.many_headers text/plain [x] ");
  EXPECT_EQ(told_in_pieces(std::string(1'000'000, 'x') + "\r\n\r\nx", 1460), "text/plain [x] ");
  const std::string dashes(1'000'000, '-');
  EXPECT_EQ(told_in_pieces(multipart("b", "--b\r\n\r\n" + dashes + "\r\n"), 1460),
            "text/plain [" + dashes + "] ");
}

TEST(MimeReader, SurvivesDamage) {
  const auto good = multipart(
      "b",
      "--b\r\nContent-Type: text/plain; name*0*=utf-8''%41; name*1=b\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\nZm9v\r\n--b\r\n\r\nbegin 644 x\r\n#0V%T\r\n"
      "--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
      "Q29udGVudC1UeXBlOiBhL2INCg0KaGVsbG8=\r\n");
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      auto changed = good;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      (void)told_in_pieces(changed, 3);
    }
    (void)told_in_pieces(good.substr(0, at), 3);
    (void)told_in_pieces(good.substr(at), 3);
  }
}

}  // namespace
}  // namespace remora::mime
