#include "dissect/ftp/recognise.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace remora::ftp {
namespace {

[[nodiscard]] Verdict judge(std::string_view text) {
  return recognise(as_bytes(text));
}

TEST(RecogniseFtp, KnowsGreetingsAndTheFirstCommand) {
  for (const auto* text :
       {"220 pyftpdlib 2.1.0 ready.\r\n", "220 (vsFTPd 3.0.3)\r\n", "220 Microsoft FTP Service\r\n",
        "220 srv FTP server, not SMTP\r\n", "USER anonymous\r\n", "user x"}) {
    EXPECT_EQ(judge(text), Verdict::kYes) << text;
  }
}

TEST(RecogniseFtp, WaitsWhereTheGreetingDoesNotTell) {
  for (const auto* text : {"", "2", "220", "220 ", "220-FileZilla Server 1.7\r\n",
                           "220-Welcome\r\n220 go\r\n", "US", "USER"}) {
    EXPECT_EQ(judge(text), Verdict::kMore) << text;
  }
}

TEST(RecogniseFtp, KnowsWhatIsNone) {
  for (const auto* text : {"220 mail.example ESMTP Postfix\r\n", "221 x", "250 x", "220x", "HELO",
                           "+OK ready", "GET / HTTP/1.1"}) {
    EXPECT_EQ(judge(text), Verdict::kNo) << text;
  }
  EXPECT_EQ(judge("220 " + std::string(1024, 'a')), Verdict::kNo);
}

}  // namespace
}  // namespace remora::ftp
