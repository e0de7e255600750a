#include "dissect/http/document_name.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::http {
namespace {

TEST(DocumentName, IsTheLastSegmentOfThePath) {
  EXPECT_EQ(file_name_of_target("/a/Invitation.msrcIncident?code=1/2"), "Invitation.msrcIncident");
  EXPECT_EQ(file_name_of_target("/a/b%20c%C3%A4#x"), "b c\xc3\xa4");
  EXPECT_EQ(file_name_of_target("http://srv:8080/a/b"), "b");
  EXPECT_EQ(file_name_of_target("http://srv"), "");
  EXPECT_EQ(file_name_of_target("/a/"), "");
  EXPECT_EQ(file_name_of_target("/100%"), "100%");
  EXPECT_EQ(file_name_of_target("/a%2Fb"), "b");
  EXPECT_EQ(file_name_of_target("/" + std::string(kMaxPlaceBytes, 'a')), "");
}

TEST(DocumentName, IsAtAPlaceThatIsWrittenInOneWay) {
  EXPECT_EQ(place_of_target("/a/%62%20c?x=%41#top"), "/a/b c?x=A");
  EXPECT_EQ(place_of_target("/a%2fb"), "/a%2fb") << "another path";
  EXPECT_EQ(place_of_target("http://srv/a"), "http://srv/a");
  EXPECT_EQ(place_of_target(std::string(kMaxPlaceBytes + 1, 'a')), "");
}

TEST(DocumentName, MayHaveAnAuthorityBeforeIt) {
  EXPECT_EQ(without_authority("http://srv/dav/b"), "/dav/b");
  EXPECT_EQ(without_authority("https://srv"), "/");
  EXPECT_EQ(without_authority("/a?u=http://x/y"), "/a?u=http://x/y");
}

}  // namespace
}  // namespace remora::http
