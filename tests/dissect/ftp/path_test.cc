#include "dissect/ftp/path.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::ftp {
namespace {

TEST(Path, IsSeenFromTheFolder) {
  EXPECT_EQ(resolve("/pub", "a.txt"), "/pub/a.txt");
  EXPECT_EQ(resolve("/pub", "/a.txt"), "/a.txt");
  EXPECT_EQ(resolve("/pub/x", "../a/./b//c/"), "/pub/a/b/c");
  EXPECT_EQ(resolve("/", "../../a"), "/a");
  EXPECT_EQ(resolve("/pub", ".."), "/");
  EXPECT_EQ(resolve("~", "a"), "~/a");
  EXPECT_EQ(resolve("~/b", "../a"), "~/a");
  EXPECT_EQ(resolve("~", "/a"), "/a");
  EXPECT_EQ(resolve("/", std::string(kMaxPathBytes, 'a')), "");
}

TEST(Path, EndsInTheName) {
  EXPECT_EQ(file_name_of("/pub/Invitation.msrcIncident"), "Invitation.msrcIncident");
  EXPECT_EQ(file_name_of("a"), "a");
  EXPECT_EQ(file_name_of("/pub/\xe4"), "\xc3\xa4");
  EXPECT_EQ(file_name_of("/" + std::string(256, 'a')), "");
}

}  // namespace
}  // namespace remora::ftp
