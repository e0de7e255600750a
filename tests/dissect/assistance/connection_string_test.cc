#include "dissect/assistance/connection_string.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/encoding/digest.h"

namespace remora::assistance {
namespace {

TEST(ConnectionString, HasASessionIdInItsFifthField) {
  EXPECT_EQ(session_id_digest("65538,1,192.0.2.10:3389;pc:3389,*,AAEC,*,*,cGFy"),
            encoding::sha256(as_bytes("AAEC")));
}

TEST(ConnectionString, HasASessionIdInNodeA) {
  EXPECT_EQ(session_id_digest(R"(<E><A KH="x=" ID="AAEC"/><C><T ID="1" SID="7"/></C></E>)"),
            encoding::sha256(as_bytes("AAEC")));
}

TEST(ConnectionString, MayHaveNone) {
  EXPECT_FALSE(session_id_digest("").has_value());
  EXPECT_FALSE(session_id_digest("65538,1,a,*").has_value());
  EXPECT_FALSE(session_id_digest("65538,1,a,*,AAEC").has_value());
  EXPECT_FALSE(session_id_digest("65538,1,a,*,*,*,*,x").has_value());
  EXPECT_FALSE(session_id_digest(R"(<E><C><T ID="1" SID="7"/></C></E>)").has_value());
  EXPECT_FALSE(session_id_digest("<E><A KH=").has_value());
}

TEST(ConnectionString, ListsNamesAmongItsAddresses) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(host_names("65538,1,192.0.2.10:3389;pc.corp.example:3389;[2001:db8::1]:1;pc,*,A,*,*,x"),
            (Names{"pc.corp.example", "pc"}));
  EXPECT_EQ(
      host_names(R"(<E><A ID="A"/><C><T ID="1"><L P="1" N="192.0.2.1"/><L P="1" N="pc"/></T>)"),
      (Names{"pc"}));
  EXPECT_EQ(host_names("65538"), Names{});
  EXPECT_EQ(host_names("<E><L "), Names{});
  std::string many = "65538,1,";
  for (int i = 0; i < 30; ++i) { many += "pc" + std::to_string(i) + ":1;"; }
  EXPECT_EQ(host_names(many + ",*,A,*,*,x").size(), 16U);
}

}  // namespace
}  // namespace remora::assistance
