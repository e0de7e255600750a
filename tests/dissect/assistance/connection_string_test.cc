#include "dissect/assistance/connection_string.h"

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

}  // namespace
}  // namespace remora::assistance
