#include "daemon/store/fold.h"

#include <gtest/gtest.h>

namespace remora::store {
namespace {

TEST(Fold, MakesLettersOfAllScriptsSmall) {
  EXPECT_EQ(fold("ALICE.Müller"), "alice.müller");
  EXPECT_EQ(fold("MÜLLER"), "müller");
  EXPECT_EQ(fold("ЕВА"), "ева");
  EXPECT_EQ(fold("ΑΓΑΠΗ"), "αγαπη");
  EXPECT_EQ(fold("木村 9-_$"), "木村 9-_$");
  EXPECT_EQ(fold("\U0001F600 A"), "\U0001F600 a");
  EXPECT_EQ(fold(""), "");
}

TEST(Fold, LeavesWhatIsNoUtf8) {
  EXPECT_EQ(fold("A\xff\xc3"), "a\xff\xc3");
  EXPECT_EQ(fold("\xe2\x82"), "\xe2\x82");
  EXPECT_EQ(fold("\xf5\x80\x80\x80"), "\xf5\x80\x80\x80");
  EXPECT_EQ(fold(std::string("A\0B", 3)), std::string("a\0b", 3));
}

TEST(FoldHost, WritesOneHostOneWay) {
  EXPECT_EQ(fold_host("PC7.Corp.Example."), "pc7.corp.example");
  EXPECT_EQ(fold_host("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(fold_host("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(fold_host("not:an:address"), "not:an:address");
  EXPECT_EQ(fold_host("."), ".");
}

}  // namespace
}  // namespace remora::store
