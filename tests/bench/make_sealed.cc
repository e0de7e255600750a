// Writes a capture of RDP inside TLS, and the key log that opens it:
//
//   make_sealed OUTPUT KEYLOG SUITE SESSIONS BYTES RDP_CAPTURE
//
// SESSIONS connections one after the other, all open until the end. In each the conversation of
// RDP_CAPTURE, which is not encrypted itself, and BYTES of pictures from the server, sealed by
// OpenSSL with SUITE (TLS 1.3, or OpenSSL's name of one of TLS 1.2).

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pcap/pcap.h>

#include "tests/dissect/tls/openssl_talk.h"

namespace {

using remora::Side;
using remora::tls::testing::Text;

constexpr std::size_t kSegment = 1460;
constexpr std::size_t kLinkBytes = 14;
constexpr std::size_t kHeaderBytes = kLinkBytes + 20 + 20;

[[noreturn]] void fail(const std::string& why) {
  (void)std::fprintf(stderr, "make_sealed: %s\n", why.c_str());
  std::exit(1);
}

/// The payloads of a capture of one conversation on Ethernet and IPv4, without its X.224 request
/// and confirmation.
std::vector<Text> conversation(const char* path) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  const std::unique_ptr<pcap_t, void (*)(pcap_t*)> capture{pcap_open_offline(path, error.data()),
                                                           &pcap_close};
  if (capture == nullptr) { fail(error.data()); }
  std::vector<Text> said;
  std::uint32_t client = 0;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  while (pcap_next_ex(capture.get(), &header, &bytes) == 1) {
    if (header->caplen < kHeaderBytes || bytes[12] != 8 || bytes[13] != 0 || bytes[23] != 6) {
      continue;
    }
    const std::size_t ip = (bytes[kLinkBytes] & 0x0fU) * 4U;
    const std::size_t start = kLinkBytes + ip + (bytes[kLinkBytes + ip + 12] >> 4U) * 4U;
    const std::size_t end = kLinkBytes + (std::size_t{bytes[16]} << 8U | bytes[17]);
    std::uint32_t source = 0;
    std::memcpy(&source, bytes + 26, sizeof source);
    if (client == 0) { client = source; }
    if (end <= start || end > header->caplen) { continue; }
    said.push_back({source == client ? Side::kInitiator : Side::kAcceptor,
                    {reinterpret_cast<const char*>(bytes) + start, end - start}});
  }
  if (said.size() < 3) { fail(std::string{path} + ": no conversation"); }
  said.erase(said.begin(), said.begin() + 2);
  return said;
}

/// Fast-path updates with a part of a surface command each, [MS-RDPBCGR] 2.2.9.1.2.
std::string pictures(std::size_t bytes) {
  constexpr std::size_t kPdu = 16'000;
  std::string all;
  std::uint32_t noise = 12345;
  while (all.size() < bytes) {
    const auto start = all.size();
    all.resize(start + kPdu);
    for (std::size_t at = start; at < all.size(); ++at) {
      noise = noise * 1664525U + 1013904223U;
      all[at] = static_cast<char>(noise >> 24U);
    }
    const std::array<unsigned char, 6> head{0x00, 0x80 | (kPdu >> 8U), kPdu & 0xff,
                                            0x34, (kPdu - 6) & 0xff,   (kPdu - 6) >> 8U};
    std::memcpy(&all[start], head.data(), head.size());
  }
  return all;
}

class Capture {
 public:
  explicit Capture(const char* path) : file_{std::fopen(path, "wb")} {
    if (file_ == nullptr) { fail(std::string{path} + ": cannot be written"); }
    const std::array<std::uint32_t, 6> header{0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1};
    write(header.data(), sizeof header);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  Capture(Capture&&) = delete;
  Capture& operator=(Capture&&) = delete;
  ~Capture() { (void)std::fclose(file_); }

  void segment(std::uint16_t port, Side from, std::uint8_t flags, std::string_view payload) {
    std::array<std::uint8_t, kHeaderBytes> frame{};
    auto& mine = sequence_.at(from == Side::kInitiator ? 0 : 1);
    auto& theirs = sequence_.at(from == Side::kInitiator ? 1 : 0);
    const bool client = from == Side::kInitiator;
    frame[12] = 8;
    frame[14] = 0x45;
    put16(&frame[16], kHeaderBytes - kLinkBytes + payload.size());
    frame[22] = 64;
    frame[23] = 6;
    put32(&frame[26], client ? 0xc0000201 : 0xc6336401);
    put32(&frame[30], client ? 0xc6336401 : 0xc0000201);
    put16(&frame[34], client ? port : 3389);
    put16(&frame[36], client ? 3389 : port);
    put32(&frame[38], mine);
    put32(&frame[42], (flags & 0x10U) != 0 ? theirs : 0);
    frame[46] = 0x50;
    frame[47] = flags;
    put16(&frame[48], 0xffff);
    const auto size = static_cast<std::uint32_t>(frame.size() + payload.size());
    now_us_ += 5;
    const std::array<std::uint32_t, 4> record{
        static_cast<std::uint32_t>(1'800'000'000 + now_us_ / 1'000'000),
        static_cast<std::uint32_t>(now_us_ % 1'000'000), size, size};
    write(record.data(), sizeof record);
    write(frame.data(), frame.size());
    write(payload.data(), payload.size());
    mine += static_cast<std::uint32_t>(payload.size()) + ((flags & 0x02U) != 0 ? 1U : 0U);
  }

  void say(std::uint16_t port, Side from, std::string_view bytes) {
    for (int count = 0; !bytes.empty(); ++count) {
      const auto part = bytes.substr(0, kSegment);
      segment(port, from, 0x18, part);
      bytes.remove_prefix(part.size());
      if (count % 2 == 1) {
        segment(port, from == Side::kInitiator ? Side::kAcceptor : Side::kInitiator, 0x10, {});
      }
    }
  }
  void begin(std::uint16_t port) {
    sequence_ = {1000, 2000};
    segment(port, Side::kInitiator, 0x02, {});
    segment(port, Side::kAcceptor, 0x12, {});
    segment(port, Side::kInitiator, 0x10, {});
  }

 private:
  static void put16(std::uint8_t* at, std::size_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8U);
    at[1] = static_cast<std::uint8_t>(value);
  }
  static void put32(std::uint8_t* at, std::uint32_t value) {
    put16(at, value >> 16U);
    put16(at + 2, value & 0xffffU);
  }
  void write(const void* bytes, std::size_t size) {
    if (size > 0 && std::fwrite(bytes, size, 1, file_) != 1) { fail("no room for the capture"); }
  }

  std::FILE* file_;
  std::array<std::uint32_t, 2> sequence_{};
  std::uint64_t now_us_{0};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) { fail("OUTPUT KEYLOG SUITE SESSIONS BYTES RDP_CAPTURE"); }
  const std::string suite = argv[3];
  const auto sessions = std::strtoul(argv[4], nullptr, 10);
  const auto bytes = std::strtoull(argv[5], nullptr, 10);
  const bool newest = suite.starts_with("TLS_");
  remora::tls::testing::TalkSettings settings{.version = newest ? TLS1_3_VERSION : TLS1_2_VERSION,
                                              .ciphers = newest ? nullptr : argv[3],
                                              .suites = newest ? argv[3] : nullptr};
  settings.further = conversation(argv[6]);
  settings.further.push_back({Side::kAcceptor, pictures(bytes)});
  Capture capture{argv[1]};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> log{std::fopen(argv[2], "wb"),
                                                            &std::fclose};
  if (log == nullptr) { fail(std::string{argv[2]} + ": cannot be written"); }
  // The request asks for TLS, and is given it: [MS-RDPBCGR] 2.2.1.1, 2.2.1.2.
  constexpr std::string_view kRequest{
      "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x01\x00\x00\x00", 19};
  constexpr std::string_view kConfirm{
      "\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x00\x08\x00\x01\x00\x00\x00", 19};
  for (unsigned long session = 0; session < sessions; ++session) {
    const auto talk = remora::tls::testing::talk(settings);
    if (!talk.good) { fail(suite + ": OpenSSL's peers do not agree on it"); }
    (void)std::fputs(talk.key_log.c_str(), log.get());
    const auto port = static_cast<std::uint16_t>(10'000 + session);
    capture.begin(port);
    capture.say(port, Side::kInitiator, kRequest);
    capture.say(port, Side::kAcceptor, kConfirm);
    for (const auto& flight : talk.flights) {
      capture.say(port, flight.from,
                  {reinterpret_cast<const char*>(flight.bytes.data()), flight.bytes.size()});
    }
  }
  return 0;
}
