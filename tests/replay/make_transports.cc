// Writes captures of RDP-UDP transports that may lose, with DTLS that OpenSSL sealed, a capture for
// each suite: make_transports FOLDER
//
// Beside each NAME.pcap are NAME.keylog and, for the suites in which a server key is enough
// (rsa-*), NAME.pem. For tls_oracle_test.py.

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "tests/dissect/rdp_udp/wrapped.h"
#include "tests/dissect/tls/openssl_datagrams.h"

namespace {

using remora::rdp_udp::testing::Flights;
using remora::tls::testing::DatagramSettings;
using remora::tls::testing::kClient;

struct Made {
  const char* name;
  int version;
  const char* ciphers;
};
constexpr std::array kMade{
    Made{"ecdhe-12", DTLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384"},
    Made{"ecdhe-12", DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256"},
    Made{"ecdhe-12", DTLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305"},
    Made{"ecdhe-12", DTLS1_2_VERSION, "ECDHE-RSA-AES256-SHA384"},
    Made{"ecdhe-12", DTLS1_2_VERSION, "ECDHE-RSA-AES128-SHA"},
    Made{"ecdhe-10", DTLS1_VERSION, "ECDHE-RSA-AES256-SHA"},
    Made{"rsa-12", DTLS1_2_VERSION, "AES128-GCM-SHA256"},
    Made{"rsa-12", DTLS1_2_VERSION, "AES256-SHA256"},
    Made{"rsa-10", DTLS1_VERSION, "AES128-SHA"},
};

void put(std::string& to, std::uint64_t value, unsigned bytes) {
  for (; bytes > 0; --bytes) { to += static_cast<char>(value >> 8U * (bytes - 1)); }
}

void put_little(std::string& to, std::uint64_t value, unsigned bytes) {
  for (unsigned at = 0; at < bytes; ++at) { to += static_cast<char>(value >> 8U * at); }
}

/// RFC 1071.
std::uint16_t checksum(const std::string& bytes) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                      static_cast<unsigned char>(bytes[at + 1]));
  }
  while (sum > 0xffff) { sum = (sum & 0xffffU) + (sum >> 16U); }
  return static_cast<std::uint16_t>(~sum);
}

/// Ethernet, IPv4 and UDP without a checksum.
std::string frame(const remora::tls::testing::Flight& datagram) {
  const bool from_client = datagram.from == kClient;
  constexpr std::uint32_t kClientAddress = 0xc0000201;
  constexpr std::uint32_t kServerAddress = 0xc0000202;
  std::string ip;
  put(ip, 0x4500, 2);
  put(ip, 28 + datagram.bytes.size(), 2);
  put(ip, 0x0001000040110000, 8);
  put(ip, from_client ? kClientAddress : kServerAddress, 4);
  put(ip, from_client ? kServerAddress : kClientAddress, 4);
  const auto sum = checksum(ip);
  ip[10] = static_cast<char>(sum >> 8U);
  ip[11] = static_cast<char>(sum);
  std::string bytes{from_client ? "\2\0\0\0\0\2\2\0\0\0\0\1" : "\2\0\0\0\0\1\2\0\0\0\0\2", 12};
  put(bytes, 0x0800, 2);
  bytes += ip;
  put(bytes, from_client ? 50'000 : 3389, 2);
  put(bytes, from_client ? 3389 : 50'000, 2);
  put(bytes, 8 + datagram.bytes.size(), 2);
  put(bytes, 0, 2);
  bytes.append(reinterpret_cast<const char*>(datagram.bytes.data()), datagram.bytes.size());
  return bytes;
}

std::string capture(const Flights& datagrams) {
  std::string file;
  put_little(file, 0xa1b2c3d4, 4);
  put_little(file, 0x00040002, 4);
  put_little(file, 0, 8);
  put_little(file, 65'535, 4);
  put_little(file, 1, 4);
  std::uint64_t microseconds = 0;
  for (const auto& datagram : datagrams) {
    const auto bytes = frame(datagram);
    microseconds += 1000;
    put_little(file, 1'800'000'000 + microseconds / 1'000'000, 4);
    put_little(file, microseconds % 1'000'000, 4);
    put_little(file, bytes.size(), 4);
    put_little(file, bytes.size(), 4);
    file += bytes;
  }
  return file;
}

void write(const std::string& path, const std::string& content) {
  std::ofstream{path, std::ios::binary} << content;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    (void)std::fputs("usage: make_transports FOLDER\n", stderr);
    return 2;
  }
  for (const auto& made : kMade) {
    for (const bool extended : {true, false}) {
      DatagramSettings settings;
      settings.talk.version = made.version;
      settings.talk.ciphers = made.ciphers;
      settings.talk.extended_master_secret = extended;
      settings.talk.encrypt_then_mac = extended;
      settings.ask_cookie = extended;
      settings.mtu = extended ? 1100 : 400;
      for (int text = 0; text < 40; ++text) {
        settings.talk.texts.emplace_back(static_cast<std::size_t>(1 + text * 23), 'a' + text % 26);
      }
      const auto talk = remora::tls::testing::talk_in_datagrams(settings);
      if (!talk.good) {
        (void)std::fprintf(stderr, "make_transports: no handshake with %s\n", made.ciphers);
        return 1;
      }
      const auto wrapped = wrap(talk.flights, remora::rdp_udp::testing::Way::kLossy2);
      const auto path = std::string{argv[1]} + '/' + made.name + '-' + made.ciphers +
                        (extended ? "-extended" : "-plain");
      write(path + ".pcap", capture(wrapped));
      write(path + ".keylog", talk.key_log);
      write(path + ".pem", talk.server_key);
    }
  }
  return 0;
}
