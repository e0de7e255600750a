// What has to go on working in the shipper: the libraries that it stands on, as it uses them.
#include <array>
#include <curl/curl.h>
#include <filesystem>
#include <librdkafka/rdkafka.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <sqlite3.h>
#include <sys/ioctl.h>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include "tests/daemon/confine/child.h"
#include "tests/support/scratch_folder.h"

namespace remora::confine::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using remora::testing::ScratchFolder;

TEST(ShipperWorks, SqliteKeepsAFile) {
  SKIP_UNLESS_ROOT();
  const ScratchFolder scratch;
  std::filesystem::permissions(scratch.path(), std::filesystem::perms::all);
  const auto ended = in_shipper(
      [&] {
        sqlite3* database = nullptr;
        const auto path = (scratch.path() / "spool").string();
        insist(sqlite3_open(path.c_str(), &database) == SQLITE_OK, "does not open");
        for (const char* text :
             {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE t(a BLOB)",
              "INSERT INTO t VALUES(randomblob(100000))", "BEGIN", "DELETE FROM t", "COMMIT",
              "PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM"}) {
          insist(sqlite3_exec(database, text, nullptr, nullptr, nullptr) == SQLITE_OK, text);
        }
        insist(sqlite3_close(database) == SQLITE_OK, "does not close");
        std::filesystem::rename(path, path + ".1");
        insist(std::filesystem::space(scratch.path()).free > 0, "no room");
        std::filesystem::remove(path + ".1");
      },
      {.read_below = {}, .write_below = {scratch.path()}});
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(ShipperWorks, LooksNamesUp) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_shipper([] {
    addrinfo* found = nullptr;
    insist(::getaddrinfo("localhost", "80", nullptr, &found) == 0, "does not find localhost");
    ::freeaddrinfo(found);
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

/// Answers one HTTP request.
void answer_one(tcp::acceptor& acceptor) {
  auto socket = acceptor.accept();
  asio::streambuf request;
  asio::read_until(socket, request, "\r\n\r\n");
  asio::write(socket, asio::buffer(std::string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}));
}

TEST(ShipperWorks, ServesAndAsksByHttpOnThreads) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_shipper([] {
    asio::io_context io;
    tcp::acceptor acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    std::thread server{[&] { answer_one(acceptor); }};
    curl_global_init(CURL_GLOBAL_DEFAULT);
    auto* request = curl_easy_init();
    const auto url = "http://localhost:" + std::to_string(acceptor.local_endpoint().port()) + "/";
    std::string body;
    curl_easy_setopt(request, CURLOPT_URL, url.c_str());
    curl_easy_setopt(request, CURLOPT_IPRESOLVE, CURL_IPRESOLVE_V4);
    curl_easy_setopt(request, CURLOPT_TIMEOUT, 10L);
    curl_easy_setopt(request, CURLOPT_PROXY, "");
    curl_easy_setopt(request, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(
        request, CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, void* into) {
          static_cast<std::string*>(into)->append(data, size);
          return size;
        });
    const auto result = curl_easy_perform(request);
    insist(result == CURLE_OK, curl_easy_strerror(result));
    insist(body == "ok", "another answer");
    curl_easy_cleanup(request);
    server.join();
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(ShipperWorks, AsksWhatThePeerHasNotTakenYet) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_shipper([] {
    int left = 0;  // daemon/net proves by this what was sent
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    insist(::ioctl(socket, SIOCOUTQ, &left) == 0 || errno == EINVAL, "cannot be asked");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(ShipperWorks, KafkasProducerStartsAndEnds) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_shipper([] {
    std::array<char, 256> error{};
    auto* settings = rd_kafka_conf_new();
    for (const auto& [key, value] :
         {std::pair{"bootstrap.servers", "127.0.0.1:1"}, std::pair{"enable.idempotence", "true"},
          std::pair{"log_level", "0"}, std::pair{"compression.type", "zstd"}}) {
      insist(
          rd_kafka_conf_set(settings, key, value, error.data(), error.size()) == RD_KAFKA_CONF_OK,
          error.data());
    }
    auto* producer = rd_kafka_new(RD_KAFKA_PRODUCER, settings, error.data(), error.size());
    insist(producer != nullptr, error.data());
    rd_kafka_poll(producer, 300);
    rd_kafka_destroy(producer);
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(ShipperWorks, ReadsCertificatesOfTheSystem) {
  SKIP_UNLESS_ROOT();
  const auto ended = in_shipper([] {
    if (!std::filesystem::exists("/etc/ssl")) { return; }
    insist(std::filesystem::directory_iterator{"/etc/ssl"} != std::filesystem::directory_iterator{},
           "sees none");
  });
  EXPECT_EQ(ended.code, 0) << ended;
}

TEST(ShipperWorks, EndsInOrder) {
  SKIP_UNDER_SANITIZERS();
  SKIP_UNLESS_ROOT();
  EXPECT_EQ(in_shipper([] { std::exit(7); }).code, 7);
  EXPECT_EQ(in_shipper([] { std::abort(); }).signal, SIGABRT);
}

}  // namespace
}  // namespace remora::confine::testing
