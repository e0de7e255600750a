// A capture in the sensor, by sockets that the supervisor makes, in a network of the test's own.
#include <arpa/inet.h>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <sched.h>
#include <thread>
#include <vector>

#include <pcap/pcap.h>

#include "tests/daemon/confine/child.h"

namespace remora::confine::testing {
namespace {

constexpr const char* kWord = "remora-was-here";

/// Says the word on `address` until it is killed.
void speak(const char* address) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(9);
  ::inet_pton(AF_INET, address, &to.sin_addr);
  const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  for (;;) {
    (void)::sendto(socket, kWord, std::strlen(kWord), 0,
                   static_cast<const sockaddr*>(static_cast<const void*>(&to)), sizeof(to));
    ::usleep(5000);
  }
}

struct PcapClose {
  void operator()(pcap_t* capture) const { pcap_close(capture); }
};
using Capture = std::unique_ptr<pcap_t, PcapClose>;

Capture open_capture(const char* interface) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  Capture capture{pcap_create(interface, error.data())};
  insist(capture != nullptr, error.data());
  pcap_set_snaplen(capture.get(), 65535);
  pcap_set_buffer_size(capture.get(), 4 << 20U);
  pcap_set_timeout(capture.get(), 10);
  pcap_set_promisc(capture.get(), 1);
  pcap_set_tstamp_precision(capture.get(), PCAP_TSTAMP_PRECISION_NANO);
  insist(pcap_activate(capture.get()) >= 0, pcap_geterr(capture.get()));
  insist(pcap_setnonblock(capture.get(), 1, error.data()) == 0, error.data());
  return capture;
}

/// Waits for the word; the alarm of the child ends what would not.
void hear(pcap_t* capture) {
  bool heard = false;
  while (!heard) {
    pollfd waiting{.fd = pcap_get_selectable_fd(capture), .events = POLLIN, .revents = 0};
    ::poll(&waiting, 1, 1000);
    const auto look = [](u_char* found, const pcap_pkthdr* head, const u_char* bytes) {
      if (::memmem(bytes, head->caplen, kWord, std::strlen(kWord)) != nullptr) { *found = 1; }
    };
    u_char found = 0;
    insist(pcap_dispatch(capture, -1, look, &found) >= 0, pcap_geterr(capture));
    heard = found != 0;
  }
}

/// Runs `work` as the sensor, beside a supervisor with packet sockets and nothing else, and
/// somebody who speaks, in a network of their own with `lo` and the pair of `va` and `vb`.
Ended in_network(const std::function<void()>& work) {
  return in_child([&] {
    insist(::unshare(CLONE_NEWNET) == 0, "no network of its own");
    insist(std::system(
               "ip link set lo up && ip link add va type veth peer name vb && "
               "ip addr add 192.0.2.1/24 dev va && ip link set va up && "
               "ip link set vb up && ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev va") == 0,
           "no interfaces; is iproute2 here?");
    std::array<int, 2> channel{};
    insist(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel.data()) == 0, "no channel");
    insist(become(kUser, Keep::kPacketSockets));
    insist(harden());
    std::vector<pid_t> speakers;
    for (const auto* address : {"127.0.0.1", "192.0.2.2"}) {
      speakers.push_back(::fork());
      if (speakers.back() == 0) {
        ::alarm(30);
        speak(address);
      }
    }
    const pid_t sensor = ::fork();
    if (sensor == 0) {
      ::alarm(20);
      ::close(channel[0]);
      insist(drop_capabilities(Keep::kNothing));
      insist(harden());
      insist(confine_files(Role::kSensor, {}));
      insist(confine_calls_of_sensor(channel[1]));
      work();
      ::_exit(0);
    }
    ::close(channel[1]);
    auto sockets = PacketSockets::receive(channel[0]);
    insist(sockets);
    insist(confine_files(Role::kSupervisor, {}));
    insist(confine_calls_of_supervisor(speakers));
    PacketSockets::Answered answered{};
    do {
      pollfd waiting{.fd = sockets->descriptor(), .events = POLLIN, .revents = 0};
      ::poll(&waiting, 1, 1000);
      answered = sockets->answer();
    } while (answered != PacketSockets::Answered::kSensorHasEnded);
    for (const pid_t speaker : speakers) {
      insist(::kill(speaker, SIGKILL) == 0, "does not end a child");
      insist(::waitpid(speaker, nullptr, 0) == speaker, "does not wait for a child");
    }
    int status = 0;
    insist(::waitpid(sensor, &status, 0) == sensor, "does not wait for the sensor");
    insist(!WIFSIGNALED(status), "the sensor died of signal " + std::to_string(WTERMSIG(status)));
    ::_exit(WEXITSTATUS(status));
  });
}

TEST(CaptureInTheSensor, HearsWhatIsOnTheWire) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_network([] {
    for (const auto* interface : {"lo", "va", "vb", "any"}) {
      const auto capture = open_capture(interface);
      bpf_program program{};
      insist(pcap_compile(capture.get(), &program, "udp port 9", 1, PCAP_NETMASK_UNKNOWN) == 0 &&
                 pcap_setfilter(capture.get(), &program) == 0,
             pcap_geterr(capture.get()));
      pcap_freecode(&program);
      hear(capture.get());
      pcap_stat counted{};
      insist(pcap_stats(capture.get(), &counted) == 0 && counted.ps_recv > 0, "counts nothing");
    }
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(CaptureInTheSensor, OpensAsOftenAsInterfacesComeAndGo) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_network([] {
    const auto stays = open_capture("va");
    for (int count = 0; count < 150; ++count) { (void)open_capture("vb"); }
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    const Capture missing{pcap_create("remora-not", error.data())};
    insist(missing == nullptr || pcap_activate(missing.get()) < 0, "opens what is not there");
    hear(stays.get());
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(CaptureInTheSensor, OpensOnSeveralThreadsAtOnce) {
  SKIP_UNDER_SANITIZERS();
  SKIP_UNLESS_ROOT();
  const auto ended = in_network([] {
    std::vector<std::thread> threads;
    for (int count = 0; count < 4; ++count) {
      threads.emplace_back([] {
        for (int times = 0; times < 25; ++times) { hear(open_capture("va").get()); }
      });
    }
    for (auto& thread : threads) { thread.join(); }
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(CaptureInTheSensor, HasALimitOfSockets) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_network([] {
    std::vector<int> sockets;
    for (int count = 0; count < 64; ++count) {
      sockets.push_back(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      insist(sockets.back() >= 512, "is given none");
    }
    insist(::fcntl(sockets[0], F_GETFD) == FD_CLOEXEC, "stays open in programs");
    insist((::fcntl(sockets[0], F_GETFL) & O_NONBLOCK) != 0, "blocks");
    insist(::socket(AF_PACKET, SOCK_RAW, 0) < 0 && errno == EMFILE, "is given one more");
    insist(::socket(AF_UNIX, SOCK_DGRAM, 0) >= 0, "cannot ask for interfaces");
    ::close(sockets[20]);
    insist(::socket(AF_PACKET, SOCK_DGRAM, 0) == sockets[20], "is not given what it gave back");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(CaptureInTheSensor, CannotSend) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_network([] {
    const auto capture = open_capture("va");
    const std::array<unsigned char, 60> frame{};
    (void)pcap_inject(capture.get(), frame.data(), frame.size());
  });
  EXPECT_NE(ended.said.find("died of signal " + std::to_string(SIGSYS)), std::string::npos)
      << ended;
}

TEST(CaptureInTheSensor, FailsOnceTheSupervisorIsGone) {
  SKIP_UNLESS_ROOT();
  std::array<int, 2> channel{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, channel.data()), 0);
  const auto ended = in_child(
      [&] {
        ::close(channel[0]);
        give_up(Role::kSensor);
        insist(confine_calls_of_sensor(channel[1]));
        char gone = 0;
        insist(::read(channel[1], &gone, 1) == 0, "the supervisor is there");
        insist(::socket(AF_PACKET, SOCK_RAW, 0) < 0, "is given one");
      },
      [&](pid_t) {
        ::close(channel[1]);
        { const auto sockets = PacketSockets::receive(channel[0]); }
        ::close(channel[0]);
      });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(CaptureInTheSensor, IsNotWaitedForWithoutEnd) {
  std::array<int, 2> channel{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, channel.data()), 0);
  ASSERT_EQ(::write(channel[1], "x", 1), 1);
  EXPECT_FALSE(PacketSockets::receive(channel[0])) << "something else";
  ::close(channel[1]);
  EXPECT_FALSE(PacketSockets::receive(channel[0])) << "nobody there";
  ::close(channel[0]);
}

}  // namespace
}  // namespace remora::confine::testing
