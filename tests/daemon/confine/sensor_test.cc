// What has to go on working in the sensor.
#include <array>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "daemon/secrets/secret_file.h"
#include "tests/daemon/confine/child.h"
#include "tests/support/scratch_folder.h"

namespace remora::confine::testing {
namespace {

namespace asio = boost::asio;

TEST(SensorWorks, ThreadsAndBigBlocks) {
  SKIP_UNDER_SANITIZERS();
  SKIP_UNLESS_ROOT();
  const auto ended = in_sensor([] {
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int count = 0; count < 8; ++count) {
      threads.emplace_back([&] {
        for (std::size_t size = 16; size < (std::size_t{64} << 20U); size *= 2) {
          const std::vector<char> block(size, 'x');
          if (block.back() == 'x') { ++done; }
        }
      });
    }
    for (auto& thread : threads) { thread.join(); }
    insist(done == 8 * 22, "blocks are missing");
    insist(std::thread::hardware_concurrency() > 0, "has no processor");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(SensorWorks, TimersExceptionsAndTheTime) {
  SKIP_UNDER_SANITIZERS();
  SKIP_UNLESS_ROOT();
  const auto ended = in_sensor([] {
    asio::io_context io;
    asio::steady_timer timer{io, std::chrono::milliseconds{5}};
    bool fired = false;
    timer.async_wait([&](const boost::system::error_code& error) { fired = !error; });
    std::thread{[&] { io.run(); }}.join();
    insist(fired, "no timer");
    try {
      (void)std::vector<int>{}.at(1);
      insist(false, "no exception");
    } catch (const std::exception&) {}
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    insist(::localtime_r(&now, &local) != nullptr, "no local time");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(SensorWorks, DecryptionAndLockedKeys) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_sensor([] {
    insist(CRYPTO_secure_malloc_init(1U << 16U, 32) != 0, "no memory for keys");
    const std::array<unsigned char, 16> key{1, 2, 3};
    const std::array<unsigned char, 16> clear{'r', 'e', 'm', 'o', 'r', 'a'};
    std::array<unsigned char, 16> text{};
    int size = 0;
    auto* cipher = EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
    for (const int way : {1, 0}) {
      auto* context = EVP_CIPHER_CTX_new();
      insist(EVP_CipherInit_ex2(context, cipher, key.data(), nullptr, way, nullptr) == 1, "no AES");
      EVP_CIPHER_CTX_set_padding(context, 0);
      const auto& from = way == 1 ? clear : text;
      insist(EVP_CipherUpdate(context, text.data(), &size, from.data(), 16) == 1, "no cipher");
      EVP_CIPHER_CTX_free(context);
    }
    insist(text == clear, "is not what it was");
    EVP_CIPHER_free(cipher);
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(SensorWorks, TalksOnTheSocketThatItWasGiven) {
  SKIP_UNDER_SANITIZERS();
  SKIP_UNLESS_ROOT();
  std::array<int, 2> pair{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  ASSERT_EQ(::write(pair[0], "r", 1), 1);
  const auto ended = in_sensor([&] {
    insist(::write(pair[1], "a", 1) == 1, "does not write");
    insist(::send(pair[1], "b", 1, MSG_NOSIGNAL) == 1, "does not send");
    asio::io_context io;
    asio::local::stream_protocol::socket socket{io, asio::local::stream_protocol{}, pair[1]};
    const std::array<asio::const_buffer, 2> pieces{asio::buffer("c", 1), asio::buffer("d", 1)};
    socket.async_write_some(
        pieces, [](const auto& error, std::size_t) { insist(!error, "asio does not write"); });
    char answer = 0;
    socket.async_read_some(asio::buffer(&answer, 1), [](const auto& error, std::size_t) {
      insist(!error, "asio does not read");
    });
    io.run();
    insist(answer == 'r', "hears nothing");
  });
  EXPECT_EQ(ended.code, 0) << ended;
  std::array<char, 8> heard{};
  EXPECT_EQ(::recv(pair[0], heard.data(), heard.size(), MSG_DONTWAIT), 4);
  EXPECT_STREQ(heard.data(), "abcd");
  ::close(pair[0]);
  ::close(pair[1]);
}

TEST(SensorWorks, FindsNoFile) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_sensor([] {
    insist(::open("/dev/null", O_RDONLY) < 0 && errno == ENOENT, "opens");
    insist(::access("/etc/passwd", F_OK) < 0 && errno == ENOENT, "finds");
    insist(std::fopen("/etc/passwd", "r") == nullptr, "opens by libc");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(SensorWorks, ReadsAKeyFileThatItIsHanded) {
  SKIP_UNLESS_ROOT();
  const remora::testing::ScratchFolder scratch;
  const auto path = scratch.path() / "key";
  std::ofstream{path} << "marker";
  std::filesystem::permissions(path, std::filesystem::perms{0640});
  const auto opened = secrets::SecretFile::open(path);
  ASSERT_TRUE(opened.has_value()) << opened.error();
  const auto ended = in_sensor([&] {
    const auto content = opened->read(100);
    insist(content);
    insist(content->text() == "marker", "reads something else");
    insist(opened->is_open_to_others(), "does not see who else may read it");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(SensorWorks, EndsInOrder) {
  SKIP_UNDER_SANITIZERS();
  SKIP_UNLESS_ROOT();
  EXPECT_EQ(in_sensor([] { std::exit(7); }).code, 7);
  EXPECT_EQ(in_sensor([] { std::abort(); }).signal, SIGABRT);
}

TEST(SensorWorks, SocketsOfOtherFamiliesAreRefused) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_sensor([] {
    for (const int family : {AF_INET, AF_INET6, AF_NETLINK}) {
      insist(::socket(family, SOCK_DGRAM, 0) < 0 && errno == EPERM, "is given one");
    }
    insist(::socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EPERM, "is given a stream");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

}  // namespace
}  // namespace remora::confine::testing
