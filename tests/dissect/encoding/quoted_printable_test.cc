#include "dissect/encoding/quoted_printable.h"

#include <gtest/gtest.h>

#include "tests/dissect/encoding/stream_decoders.h"

namespace remora::encoding {
namespace {

TEST(QuotedPrintable, DecodesEscapes) {
  EXPECT_EQ(decoded<QuotedPrintableStream>("TYPE=3D\"Escalated\""), "TYPE=\"Escalated\"");
  EXPECT_EQ(decoded<QuotedPrintableStream>("=c3=A9"), "\xc3\xa9");
}

TEST(QuotedPrintable, JoinsLinesAtSoftBreaks) {
  EXPECT_EQ(decoded<QuotedPrintableStream>("one =\r\nline=\n!\r\nnext"), "one line!\r\nnext");
  EXPECT_EQ(decoded<QuotedPrintableStream>("padded= \t\r\nbreak"), "paddedbreak");
}

TEST(QuotedPrintable, LeavesWhatIsNoEscape) {
  EXPECT_EQ(decoded<QuotedPrintableStream>("a=b c"), "a=b c");
  EXPECT_EQ(decoded<QuotedPrintableStream>("a=xyz, 5=4X"), "a=xyz, 5=4X");
  EXPECT_EQ(decoded<QuotedPrintableStream>("a==3Db"), "a==b");
  EXPECT_EQ(decoded<QuotedPrintableStream>("end=4"), "end");
}

}  // namespace
}  // namespace remora::encoding
