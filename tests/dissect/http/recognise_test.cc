#include "dissect/http/recognise.h"

#include <gtest/gtest.h>

namespace remora::http {
namespace {

TEST(Recognise, KnowsMethodsOfOrdinaryHttp) {
  EXPECT_EQ(recognise(as_bytes("GET / HTTP/1.1")), Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("PROPFIND ")), Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("PROP")), Verdict::kMore);
  EXPECT_EQ(recognise(as_bytes("G")), Verdict::kMore);
  EXPECT_EQ(recognise(as_bytes("GETS ")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("get / HTTP/1.1")), Verdict::kNo);
}

TEST(Recognise, LeavesOtherVerbsToOthers) {
  EXPECT_EQ(recognise(as_bytes("CONNECT srv:3389 HTTP/1.1")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("RDG_OUT_DATA / HTTP/1.1")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("RPC_IN_DATA / HTTP/1.1")), Verdict::kNo);
}

TEST(Recognise, KnowsAnswersWhoseRequestWasNotCaptured) {
  EXPECT_EQ(recognise(as_bytes("HTTP/1.1 200 OK")), Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("HTTP/1.")), Verdict::kMore);
  EXPECT_EQ(recognise(as_bytes("HTTP/2.0 200 OK")), Verdict::kNo);
}

}  // namespace
}  // namespace remora::http
