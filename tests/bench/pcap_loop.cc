// The least that any reader of captures does: libpcap's own loop, touching every packet once.
// pcap_loop FILE

#include <array>
#include <cstdint>
#include <cstdio>

#include <pcap/pcap.h>

namespace {

struct Counts {
  std::uint64_t packets{0};
  std::uint64_t bytes{0};
};

void count(unsigned char* user, const pcap_pkthdr* header, const unsigned char* /*bytes*/) {
  auto& counts = *reinterpret_cast<Counts*>(user);
  ++counts.packets;
  counts.bytes += header->len;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: pcap_loop FILE\n", stderr);
    return 2;
  }
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  pcap_t* capture = pcap_open_offline(argv[1], why.data());
  if (capture == nullptr) {
    std::fprintf(stderr, "pcap_loop: %s\n", why.data());
    return 1;
  }
  Counts counts;
  const int end = pcap_loop(capture, -1, &count, reinterpret_cast<unsigned char*>(&counts));
  pcap_close(capture);
  std::printf("%llu packets, %llu bytes\n", static_cast<unsigned long long>(counts.packets),
              static_cast<unsigned long long>(counts.bytes));
  return end == 0 ? 0 : 1;
}
