#include "daemon/settings/capture.h"

#include "tests/daemon/settings/reading.h"

namespace remora::settings {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(CaptureSettings, HaveDefaults) {
  const auto capture = read_good("", read_capture);
  EXPECT_EQ(capture, Capture{});
  EXPECT_THAT(capture.interfaces, IsEmpty());
  EXPECT_THAT(capture.fast_mode_ports, IsEmpty());
}

TEST(CaptureSettings, GiveEveryInterfaceWhatStandsForAllUnlessItSaysOtherwise) {
  const auto capture = read_good(
      "snap_length: 256\nring: 8MiB\nfilter: not port 22\n"
      "interfaces:\n  - eth0\n  - name: eth1\n    promiscuous: false\n    ring: 1MiB\n"
      "    timeout: 1ms\n    filter: tcp\n"
      "threads: 4\nhold: 1s\n",
      read_capture);
  ASSERT_EQ(capture.interfaces.size(), 2U);
  EXPECT_EQ(
      capture.interfaces[0],
      (Interface{.name = "eth0", .snap_length = 256, .ring = 8U << 20U, .filter = "not port 22"}));
  EXPECT_EQ(capture.interfaces[1], (Interface{.name = "eth1",
                                              .promiscuous = false,
                                              .snap_length = 256,
                                              .ring = 1U << 20U,
                                              .timeout = milliseconds{1},
                                              .filter = "tcp"}));
  EXPECT_EQ(capture.threads, 4U);
  EXPECT_EQ(capture.hold, milliseconds{1000});
}

TEST(CaptureSettings, TakeAFilterOrPorts) {
  const auto capture = read_good("fast_mode: {ports: [3389, 3390]}\n", read_capture);
  EXPECT_THAT(capture.fast_mode_ports, ElementsAre(3389, 3390));
  EXPECT_THAT(
      problems_of("filter: tcp\ninterfaces: eth0\nfast_mode: {ports: [3389]}\n", read_capture),
      ElementsAre("r.yaml:3: fast_mode.ports: has no effect beside a filter; leave one of "
                  "them out"));
}

TEST(CaptureSettings, TakeOneNameForAList) {
  const auto capture = read_good("interfaces: eth0\n", read_capture);
  ASSERT_EQ(capture.interfaces.size(), 1U);
  EXPECT_EQ(capture.interfaces[0].name, "eth0");
}

TEST(CaptureSettings, SayAllThatIsWrongWithItsLine) {
  EXPECT_THAT(
      problems_of(
          "snap_length: 95\nring: 5GiB\ntimeout: 11s\nthreads: 65\nhold: 11s\n"
          "fast_mode:\n  ports:\n    - 3389\n    - 0\n    - http\n"
          "interfaces:\n  - eth0\n  - name: eth0\n  - {ring: 2MiB}\n  - {name: e, rnig: 1}\n",
          read_capture),
      ElementsAre("r.yaml:1: snap_length: a whole number from 96 to 262144 is wanted",
                  "r.yaml:2: ring: a size from 1MiB to 1GiB is wanted",
                  "r.yaml:3: timeout: a time from 1ms to 10s is wanted",
                  "r.yaml:13: interfaces[1].name: stands there twice",
                  "r.yaml:14: interfaces[2].name: is missing",
                  "r.yaml:15: interfaces[3].rnig: is not known; did you mean ring?",
                  "r.yaml:9: fast_mode.ports: a port from 1 to 65535 is wanted",
                  "r.yaml:10: fast_mode.ports: a port from 1 to 65535 is wanted",
                  "r.yaml:4: threads: a whole number from 1 to 64 is wanted",
                  "r.yaml:5: hold: a time from 0ms to 10s is wanted"));
}

TEST(CaptureSettings, AreBounded) {
  std::string many = "interfaces:\n";
  for (int i = 0; i < 65; ++i) { many += "  - eth" + std::to_string(i) + '\n'; }
  many += "  - \"a\\u0001\"\nfast_mode:\n  ports:\n";
  for (int i = 1; i <= 65; ++i) { many += "    - " + std::to_string(i) + '\n'; }
  EXPECT_THAT(problems_of(many, read_capture),
              ElementsAre("r.yaml:67: interfaces[65].name: is no name of an interface; remora "
                          "interfaces lists them",
                          "r.yaml:2: interfaces: 64 at most are wanted",
                          "r.yaml:70: fast_mode.ports: 32 at most are wanted"));
}

}  // namespace
}  // namespace remora::settings
