#include "dissect/mime/parameters.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::mime {
namespace {

TEST(Parameters, StandBehindAValueInLowerCase) {
  const auto read = read_parameters(" Multipart/Mixed; Boundary=\"a;b\" ;charset=us-ascii");
  EXPECT_EQ(read.value, "multipart/mixed");
  EXPECT_EQ(read.find("boundary"), "a;b");
  EXPECT_EQ(read.find("charset"), "us-ascii");
  EXPECT_EQ(read.find("name"), "");
}

TEST(Parameters, MayLackQuotesAndHoldBlanks) {
  EXPECT_EQ(read_parameters("attachment; filename=my file.txt ; x=1").find("filename"),
            "my file.txt");
  EXPECT_EQ(read_parameters("attachment;filename = \"x\"").find("filename"), "x");
}

TEST(Parameters, KeepABackslashThatQuotesNothing) {
  EXPECT_EQ(read_parameters(R"(a; filename="C:\dir\x \"y\" \\z")").find("filename"),
            R"(C:\dir\x "y" \z)");
}

TEST(Parameters, AreJoinedFromTheirSections) {
  // RFC 2231 4.1, in another order.
  const auto read = read_parameters(
      "application/x-stuff; title*1*=%2a%2a%2afun%2a%2a%2a%20; title*2=\"isn't it!\";"
      " title*0*=us-ascii'en'This%20is%20even%20more%20");
  EXPECT_EQ(read.find("title*"), "This is even more ***fun*** isn't it!");
  EXPECT_EQ(read_parameters("a; filename*0=in; filename*1=vite").find("filename"), "invite");
  EXPECT_EQ(read_parameters("a; filename*0=in; filename*2=vite").find("filename"), "in");
}

TEST(Parameters, TellWhichHaveACharacterSet) {
  const auto read = read_parameters("attachment; filename=a.txt; filename*=UTF-8''%e2%82%ac.txt");
  EXPECT_EQ(read.find("filename"), "a.txt");
  EXPECT_EQ(read.find("filename*"), "\xe2\x82\xac.txt");
}

TEST(Parameters, SurviveWhatIsNone) {
  EXPECT_EQ(read_parameters("").value, "");
  EXPECT_EQ(read_parameters(";;;=;*=x;*0=y;%=%").value, "");
  EXPECT_EQ(read_parameters("a; filename=\"never ended").find("filename"), "never ended");
  EXPECT_EQ(read_parameters("a; filename*=%4").find("filename*"), "%4");
}

TEST(Parameters, AreReadUpToTheirLimit) {
  std::string many = "a";
  for (int count = 0; count < 1000; ++count) { many += "; p" + std::to_string(count) + "=1"; }
  EXPECT_EQ(read_parameters(many).parameters.size(), kMaxParameters);
}

}  // namespace
}  // namespace remora::mime
