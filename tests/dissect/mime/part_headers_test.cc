#include "dissect/mime/part_headers.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::mime {
namespace {

[[nodiscard]] PartHeaders read(const std::string& type, const std::string& disposition = "",
                               const std::string& encoding = "") {
  return read_part_headers({type, disposition, encoding}, "text/plain");
}

TEST(PartHeaders, TellTypeEncodingAndName) {
  const auto headers = read("application/octet-stream; name=\"other\"",
                            "attachment; filename=\"Invitation.msrcIncident\"", " Base64 ");
  EXPECT_EQ(headers.media_type, "application/octet-stream");
  EXPECT_EQ(headers.encoding, TransferEncoding::kBase64);
  EXPECT_EQ(headers.file_name, "Invitation.msrcIncident");
  EXPECT_EQ(headers.boundary, "");
}

TEST(PartHeaders, DefaultToText) {
  EXPECT_EQ(read("").media_type, "text/plain");
  EXPECT_EQ(read("", "", "8bit").encoding, TransferEncoding::kIdentity);
  EXPECT_EQ(read("", "", "X-UUencode").encoding, TransferEncoding::kUuencode);
  EXPECT_EQ(read("", "", "quoted-printable (x)").encoding, TransferEncoding::kQuotedPrintable);
}

TEST(PartHeaders, HaveABoundaryWhereTheyAreAMultipart) {
  EXPECT_EQ(read("multipart/mixed; boundary=\"=_x\"").boundary, "=_x");
  EXPECT_EQ(read("text/plain; boundary=x").boundary, "");
  EXPECT_EQ(read("multipart/mixed; boundary=" + std::string(1000, 'x')).boundary.size(),
            kMaxBoundary);
}

TEST(PartHeaders, DecodeNamesByWhicheverRule) {
  EXPECT_EQ(read("a/b; name=\"=?iso-8859-1?Q?f=FCr.msrcIncident?=\"").file_name,
            "f\xc3\xbcr.msrcIncident");
  EXPECT_EQ(read("a/b", "attachment; filename*=utf-8''f%C3%BCr.x; filename=fuer.x").file_name,
            "f\xc3\xbcr.x");
  EXPECT_EQ(read("a/b; name*0*=utf-8''in; name*1=vite.x").file_name, "invite.x");
}

TEST(PartHeaders, KeepNoFoldersAndNothingUnprintable) {
  EXPECT_EQ(read("a/b; name=\"C:\\\\x\\\\y.txt\"").file_name, "y.txt");
  EXPECT_EQ(read("a/b; name=\"../../etc/passwd\"").file_name, "passwd");
  EXPECT_EQ(read("a/b; name=\"a\x01\x1b[2J\"").file_name, "a\xef\xbf\xbd\xef\xbf\xbd[2J");
}

TEST(PartHeaders, CutLongNamesBetweenCharacters) {
  std::string name = "x";
  while (name.size() < 400) { name += "\xc3\xbc"; }
  const auto cut = read("a/b; name=\"" + name + "\"").file_name;
  EXPECT_EQ(cut, name.substr(0, 255));
  EXPECT_EQ(read("a/b; name=\"y" + name + "\"").file_name, "y" + name.substr(0, 253));
}

TEST(PartHeaders, NameTheFieldOfAForm) {
  EXPECT_EQ(read("", "form-data; name=\"upload\"; filename=\"a.txt\"").form_name, "upload");
  EXPECT_EQ(read("", "attachment; name=\"upload\"").form_name, "");
}

}  // namespace
}  // namespace remora::mime
