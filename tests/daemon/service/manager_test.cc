#include "daemon/service/manager.h"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace remora::service {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// The manager's end: a datagram socket, bound to a path or, after '@', to an abstract name.
class Listener {
 public:
  explicit Listener(std::string name) : socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    if (name.front() == '@') { address.sun_path[0] = '\0'; }
    const void* at = &address;
    EXPECT_EQ(::bind(socket_, static_cast<const sockaddr*>(at),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())),
              0);
    (void)::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  Listener(Listener&&) = delete;
  Listener& operator=(Listener&&) = delete;
  ~Listener() {
    (void)::close(socket_);
    (void)::unsetenv("NOTIFY_SOCKET");
  }

  /// The next datagram; "nothing" when there is none.
  [[nodiscard]] std::string next() const {
    std::array<char, 4096> buffer{};
    const auto size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string{buffer.data(), static_cast<std::size_t>(size)};
  }

 private:
  int socket_;
};

void expect_conversation(const Listener& listener) {
  auto manager = Manager::from_environment();
  ASSERT_TRUE(manager.has_value()) << manager.error();
  EXPECT_TRUE(manager->present());
  EXPECT_TRUE(manager->ready().has_value());
  EXPECT_EQ(listener.next(), "READY=1");
  EXPECT_TRUE(manager->status("capturing on 2 interfaces").has_value());
  EXPECT_EQ(listener.next(), "STATUS=capturing on 2 interfaces");
  EXPECT_TRUE(manager->alive().has_value());
  EXPECT_EQ(listener.next(), "WATCHDOG=1");
  EXPECT_TRUE(manager->hangs().has_value());
  EXPECT_EQ(listener.next(), "WATCHDOG=trigger");
  EXPECT_TRUE(manager->stopping().has_value());
  EXPECT_EQ(listener.next(), "STOPPING=1");
  EXPECT_EQ(listener.next(), "nothing");
}

TEST(ManagerTest, IsToldOverASocketWithAPath) {
  const testing::ScratchFolder folder;
  const Listener listener{folder.path() / "notify"};
  expect_conversation(listener);
}

TEST(ManagerTest, IsToldOverAnAbstractSocket) {
  const Listener listener{"@remora-test/" + std::to_string(::getpid())};
  expect_conversation(listener);
}

TEST(ManagerTest, IsToldTheTimeOfAReload) {
  const testing::ScratchFolder folder;
  const Listener listener{folder.path() / "notify"};
  const auto now = [] {
    timespec time{};
    (void)::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000 + time.tv_nsec / 1000;
  };
  const auto manager = Manager::from_environment();
  const auto before = now();
  ASSERT_TRUE(manager->reloading().has_value());
  const auto after = now();
  const auto message = listener.next();
  const std::string begin{"RELOADING=1\nMONOTONIC_USEC="};
  ASSERT_THAT(message, StartsWith(begin));
  const auto told = std::stoll(message.substr(begin.size()));
  EXPECT_LE(before, told);
  EXPECT_GE(after, told);
}

TEST(ManagerTest, CannotBeToldSomethingElseByAStatus) {
  const testing::ScratchFolder folder;
  const Listener listener{folder.path() / "notify"};
  auto manager = Manager::from_environment();
  ASSERT_TRUE(manager->status("interface x\nMAINPID=1\r").has_value());
  EXPECT_EQ(listener.next(), "STATUS=interface x MAINPID=1 ");
  std::string letters;
  for (int i = 0; i < 200; ++i) { letters += "\u00fc"; }
  ASSERT_TRUE(manager->status("x" + letters).has_value());
  EXPECT_EQ(listener.next(), "STATUS=x" + letters.substr(0, 254));
}

TEST(ManagerTest, IsToldTheSameStatusOnce) {
  const testing::ScratchFolder folder;
  const Listener listener{folder.path() / "notify"};
  auto manager = Manager::from_environment();
  for (const auto* text : {"one", "one", "two", "two", "one"}) {
    ASSERT_TRUE(manager->status(text).has_value());
  }
  for (const auto* told : {"STATUS=one", "STATUS=two", "STATUS=one", "nothing"}) {
    EXPECT_EQ(listener.next(), told);
  }
}

TEST(ManagerTest, HearsALostStatusAgain) {
  const testing::ScratchFolder folder;
  const Listener listener{folder.path() / "notify"};
  auto manager = Manager::from_environment();
  while (manager->alive().has_value()) {}
  EXPECT_FALSE(manager->status("one").has_value());
  while (listener.next() != "nothing") {}
  EXPECT_TRUE(manager->status("one").has_value());
  EXPECT_EQ(listener.next(), "STATUS=one");
}

TEST(ManagerTest, IsForgottenByTheEnvironment) {
  const testing::ScratchFolder folder;
  const Listener listener{folder.path() / "notify"};
  const auto manager = Manager::from_environment();
  EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
  EXPECT_FALSE(Manager::from_environment()->present());
}

TEST(ManagerTest, NeedNotBeThere) {
  const auto manager = Manager::from_environment();
  ASSERT_TRUE(manager.has_value());
  EXPECT_FALSE(manager->present());
  EXPECT_TRUE(manager->ready().has_value());
  EXPECT_TRUE(manager->alive().has_value());
}

TEST(ManagerTest, MayGoAndComeBack) {
  const testing::ScratchFolder folder;
  const auto path = folder.path() / "notify";
  auto first = std::make_unique<Listener>(path);
  const auto manager = Manager::from_environment();
  first.reset();
  std::filesystem::remove(path);
  const auto lost = manager->alive();
  ASSERT_FALSE(lost.has_value());
  EXPECT_THAT(lost.error(), HasSubstr("cannot be told"));
  const Listener second{path};
  EXPECT_TRUE(manager->alive().has_value());
  EXPECT_EQ(second.next(), "WATCHDOG=1");
}

TEST(ManagerTest, IsNotWaitedForWithoutEnd) {
  const testing::ScratchFolder folder;
  const Listener listener{folder.path() / "notify"};
  const auto manager = Manager::from_environment();
  bool taken = true;
  for (int i = 0; taken && i < 10'000; ++i) { taken = manager->alive().has_value(); }
  EXPECT_FALSE(taken);
}

TEST(ManagerTest, MovesWithItsSocket) {
  const testing::ScratchFolder folder;
  const Listener listener{folder.path() / "notify"};
  auto manager = std::move(*Manager::from_environment());
  auto other = std::move(manager);
  EXPECT_TRUE(other.ready().has_value());
  EXPECT_EQ(listener.next(), "READY=1");
}

TEST(ManagerTest, MustHaveAnAddressThatTheKernelKnows) {
  for (const auto& name : {std::string{"vsock:2:1234"}, std::string{"notify"},
                           '/' + std::string(200, 'x'), '@' + std::string(200, 'x')}) {
    (void)::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    const auto manager = Manager::from_environment();
    ASSERT_FALSE(manager.has_value()) << name;
    EXPECT_THAT(manager.error(), HasSubstr("NOTIFY_SOCKET"));
  }
}

}  // namespace
}  // namespace remora::service
