// What Remora opens of TLS and DTLS in a capture: opened_streams CAPTURE KEYLOG|- RSAKEY|-
//
// Writes a line for each connection that was opened: how many bytes each side sent inside it,
// and their SHA-256, the TLS client's first; and how many holes there are. For tls_oracle_test.py;
// Remora itself never lets these bytes out.

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "capture/source/embedded_keys.h"
#include "capture/source/open_capture.h"
#include "daemon/pipeline/engine.h"
#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"
#include "dissect/proxy/family.h"
#include "dissect/rdp_udp/family.h"
#include "dissect/tls/family.h"

namespace remora {
namespace {

struct Opened {
  std::array<std::string, 2> bytes;  ///< by index_of(Side)
  std::uint64_t gaps{0};
};

/// All of the run; a conversation may end at any time.
std::vector<std::unique_ptr<Opened>>& opened() {
  static std::vector<std::unique_ptr<Opened>> all;
  return all;
}

/// Whatever TLS carries; other streams are passed over.
class Keeper final : public Dissector {
 public:
  std::size_t on_bytes(Side from, ByteView bytes, Instant /*at*/, Findings& out) override {
    if (out.certainty() == Certainty::kDecrypted) {
      kept().bytes.at(index_of(from)) += as_text(bytes);
    }
    return bytes.size();
  }
  void on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& out) override {
    if (out.certainty() == Certainty::kDecrypted) { ++kept().gaps; }
  }

 private:
  Opened& kept() {
    if (kept_ == nullptr) { kept_ = opened().emplace_back(std::make_unique<Opened>()).get(); }
    return *kept_;
  }

  Opened* kept_{nullptr};
};

bool is_record(ByteView bytes) {
  return to_u8(bytes[0]) == 0x16;
}

/// What stands before TLS in RDP: a request and its confirmation, [MS-RDPBCGR] 2.2.1.1.
class Request final : public Dissector {
 public:
  std::size_t on_bytes(Side /*from*/, ByteView bytes, Instant /*at*/, Findings& out) override {
    if (is_record(bytes)) {
      out.hand_over(tls::kProtocol);
      return 0;
    }
    const std::size_t size =
        bytes.size() < 4 ? 0 : std::size_t{to_u8(bytes[2])} << 8U | std::size_t{to_u8(bytes[3])};
    return size <= bytes.size() ? size : 0;
  }
  void on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) override {}
};

template <typename Made>
std::unique_ptr<Dissector> make(const Context& /*context*/) {
  return std::make_unique<Made>();
}

Verdict is_request(ByteView bytes) {
  if (bytes.size() < 6) { return to_u8(bytes[0]) == 3 ? Verdict::kMore : Verdict::kNo; }
  const auto code = to_u8(bytes[5]);
  return to_u8(bytes[0]) == 3 && (code == 0xe0 || code == 0xd0) ? Verdict::kYes : Verdict::kNo;
}

Verdict is_anything_else(ByteView bytes) {
  return is_record(bytes) || is_request(bytes) != Verdict::kNo ? Verdict::kNo : Verdict::kYes;
}

const std::array kFamilies{
    Family{.protocol = {"request"}, .recognise = is_request, .make = make<Request>},
    tls::family(),
    tls::opened_family(),
    tls::multitransport_family(),
    tls::dtls_family(),
    rdp_udp::family(),
    Family{.protocol = {"multitransport"}, .make = make<Keeper>},
    proxy::socks5_family(),
    proxy::http_connect_family(),
    proxy::proxy_header_family(),
    Family{.protocol = {"keeper"}, .recognise = is_anything_else, .make = make<Keeper>}};

std::string content_of(const char* path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string describe(const std::string& bytes) {
  return std::to_string(bytes.size()) + ' ' + encoding::to_hex(encoding::sha256(as_bytes(bytes)));
}

int run(const char* capture, const std::string& key_log, const std::string& rsa_key) {
  Context context;
  if (key_log != "-") { context.keys.tls().add_key_log(content_of(key_log.c_str())); }
  if (rsa_key != "-") {
    auto read = keys::read_rsa_key(as_bytes(content_of(rsa_key.c_str())), {});
    if (read.key.has_value()) { context.keys.add_rsa_key(std::move(*read.key)); }
  }
  capture::find_embedded_keys(capture,
                              [&](ByteView log) { context.keys.tls().add_key_log(as_text(log)); });
  auto source = capture::open_capture(capture);
  if (!source.has_value()) {
    (void)std::fprintf(stderr, "%s\n", source.error().to_text().c_str());
    return 1;
  }
  pipeline::Engine engine{Families{kFamilies}, {.context = &context}};
  session::Events events;
  Frame frame;
  while ((*source)->next(frame) == capture::ReadStatus::kFrame) {
    engine.on_frame(frame, events);
    events.clear();
  }
  engine.finish(events);
  for (const auto& one : opened()) {
    (void)std::printf("%s %s %llu\n", describe(one->bytes[0]).c_str(),
                      describe(one->bytes[1]).c_str(), static_cast<unsigned long long>(one->gaps));
  }
  return 0;
}

}  // namespace
}  // namespace remora

int main(int argc, char** argv) {
  if (argc != 4) {
    (void)std::fputs("usage: opened_streams CAPTURE KEYLOG|- RSAKEY|-\n", stderr);
    return 2;
  }
  return remora::run(argv[1], argv[2], argv[3]);
}
