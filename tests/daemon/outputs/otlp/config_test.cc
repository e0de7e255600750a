#include "daemon/outputs/otlp/config.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::outputs::otlp {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Reading {
  Config config;
  config::Problems problems;
};

Reading read(const std::string& text) {
  Reading reading;
  auto map = config::Map::read_text(text, "remora.yaml", reading.problems);
  reading.config = read_config(map);
  map.done();
  return reading;
}

TEST(OtlpConfig, AnEndpointIsEnough) {
  const auto [config, problems] = read("endpoint: http://collector:4318\n");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(config.url, "http://collector:4318/v1/logs");
  EXPECT_EQ(config.protocol, Protocol::kHttp);
  EXPECT_TRUE(config.gzip);
  EXPECT_EQ(config.timeout, std::chrono::seconds{10});
  EXPECT_EQ(config.body, Body::kNone);
  EXPECT_FALSE(config.tls.enabled);
  EXPECT_TRUE(config.tls.verify);
}

TEST(OtlpConfig, APathOfTheEndpointIsKept) {
  EXPECT_EQ(read("endpoint: https://loki/otlp/v1/logs\n").config.url, "https://loki/otlp/v1/logs");
  EXPECT_EQ(read("endpoint: https://[2001:db8::1]:4318/\n").config.url,
            "https://[2001:db8::1]:4318/v1/logs");
}

TEST(OtlpConfig, GrpcHasThePathOfItsService) {
  EXPECT_EQ(read("{endpoint: 'http://collector:4317', protocol: grpc}").config.url,
            "http://collector:4317/opentelemetry.proto.collector.logs.v1.LogsService/Export");
  EXPECT_THAT(read("{endpoint: 'http://collector:4317/x', protocol: grpc}").problems,
              ElementsAre(HasSubstr("no path")));
}

TEST(OtlpConfig, AddressesThatWillNotDoAreRefused) {
  EXPECT_THAT(read("compression: none\n").problems, ElementsAre(HasSubstr("endpoint")));
  for (const auto* endpoint :
       {"collector:4318", "ftp://collector", "file:///etc/passwd", "http://", "/v1/logs",
        "http://collector/?key=secret", "http://collector/#x", "http://eva:secret@collector/"}) {
    const auto problems = read("endpoint: '" + std::string{endpoint} + "'\n").problems;
    EXPECT_THAT(problems, ElementsAre(AllOf(HasSubstr("endpoint"), Not(HasSubstr("secret")))))
        << endpoint;
  }
}

TEST(OtlpConfig, HeadersAreLinesOfTheirOwn) {
  const auto [config, problems] =
      read("endpoint: http://a\nheaders: ['Authorization: Bearer secret', 'X-Scope-OrgID: one']\n");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_THAT(config.headers, ElementsAre("Authorization: Bearer secret", "X-Scope-OrgID: one"));
  for (const auto* header : {"secret", ": secret", "A B: secret", "A: secret\\r\\nB: x", "A:"}) {
    const auto wrong = read("endpoint: http://a\nheaders: [\"" + std::string{header} + "\"]\n");
    EXPECT_THAT(wrong.problems, ElementsAre(AllOf(HasSubstr("headers"), Not(HasSubstr("secret")))))
        << header;
    EXPECT_THAT(wrong.config.headers, IsEmpty());
  }
}

TEST(OtlpConfig, TlsGoesWithHttps) {
  EXPECT_TRUE(read("endpoint: https://a\n").config.tls.enabled);
  EXPECT_THAT(read("endpoint: http://a\ntls: {verify: false}\n").problems,
              ElementsAre(HasSubstr("https://")));
  EXPECT_THAT(read("endpoint: https://a\ntls: {certificate_file: /dev/null}\n").problems,
              ElementsAre(HasSubstr("key_file")));
  EXPECT_THAT(read("endpoint: https://a\ntls: {ca_file: /nowhere/ca.pem}\n").problems,
              ElementsAre(HasSubstr("cannot be read")));
  EXPECT_THAT(read("endpoint: https://a\ntls: {ca_fil: /dev/null}\n").problems,
              ElementsAre(HasSubstr("ca_file")));
}

TEST(OtlpConfig, ATimeoutHasBounds) {
  EXPECT_EQ(read("{endpoint: 'http://a', timeout: 2s}").config.timeout, std::chrono::seconds{2});
  EXPECT_THAT(read("{endpoint: 'http://a', timeout: 1ms}").problems, Contains(HasSubstr("100ms")));
  EXPECT_THAT(read("{endpoint: 'http://a', timeout: 1h}").problems, Contains(HasSubstr("10m")));
}

}  // namespace
}  // namespace remora::outputs::otlp
