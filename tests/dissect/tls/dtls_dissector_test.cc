#include "dissect/tls/dtls_dissector.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/observation/tls.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::tls {
namespace {

using testing::hex;
using Bytes = std::vector<std::byte>;

/// A record of epoch 0 with a piece of a ClientHello of 52 bytes, RFC 6347 4.1 and 4.2.2.
constexpr std::string_view kHello{
    "feff 356c938660453dfad3aaa4cdf7916c342547371a8507505e7573e2688540581f"
    "00 00 000c 00040005000a0009002f0035 0100"};

Bytes piece(std::size_t offset, std::size_t size) {
  const auto hello = hex(kHello);
  auto bytes = hex("16 feff 0000 000000000000 0000 01 000034 0000 000000 000000");
  bytes[12] = static_cast<std::byte>(12 + size);
  bytes[21] = static_cast<std::byte>(offset);
  bytes[24] = static_cast<std::byte>(size);
  const auto from = hello.begin() + static_cast<std::ptrdiff_t>(offset);
  bytes.insert(bytes.end(), from, from + static_cast<std::ptrdiff_t>(size));
  return bytes;
}

std::string told(const std::vector<Bytes>& datagrams) {
  Findings out;
  const keys::KeyRing none;
  DtlsDissector dissector{none};
  for (const auto& datagram : datagrams) {
    for (ByteView rest = datagram; !rest.empty();) {
      const auto used = dissector.on_bytes(Side::kInitiator, rest, {}, out);
      if (used == 0) { break; }
      rest = rest.subspan(used);
    }
  }
  std::string text;
  for (const auto& finding : out.found()) { text += finding.rule + std::string{" "}; }
  return text;
}

TEST(DtlsDissector, TellsAHelloOnce) {
  EXPECT_EQ(told({piece(0, 52), piece(0, 52)}), "dtls.client_hello ");
}

TEST(DtlsDissector, PutsPiecesTogether) {
  EXPECT_EQ(told({piece(0, 20), piece(20, 32)}), "dtls.client_hello ");
  EXPECT_EQ(told({piece(20, 32), piece(0, 20)}), "dtls.client_hello ");
  EXPECT_EQ(told({piece(0, 20), piece(0, 20), piece(20, 32)}), "dtls.client_hello ");
}

TEST(DtlsDissector, PassesOverWhatIsProtected) {
  EXPECT_EQ(told({hex("16 feff 0001 000000000000 0002 ffff 17 feff 0001 000000000001 0001 ff")}),
            "");
}

TEST(DtlsDissector, FindsARecordAgainInTheNextDatagram) {
  EXPECT_EQ(told({hex("ffff"), piece(0, 52)}), "dtls.damage dtls.client_hello ");
}

TEST(DtlsDissector, PassesOverARecordThatIsCutShort) {
  const auto whole = piece(0, 52);
  EXPECT_EQ(told({Bytes(whole.begin(), whole.begin() + 40), whole}), "dtls.client_hello ");
}

TEST(DtlsDissector, SurvivesDamage) {
  const auto lead = [](const Bytes& bytes) { (void)told({bytes, piece(20, 32)}); };
  testing::for_every_truncation(piece(0, 20), lead);
  testing::for_every_changed_byte(piece(0, 52), lead);
  testing::for_every_changed_byte(piece(0, 20), lead);
}

TEST(DtlsRecord, ReadersObeyTheirLaws) {
  testing::expect_reader_laws(piece(0, 52), read_dtls_record);
  const auto whole = piece(0, 52);
  testing::expect_reader_laws(ByteView{whole}.subspan(kDtlsRecordHeaderBytes),
                              read_handshake_fragment);
  EXPECT_EQ(measure_dtls_record(whole).size(), whole.size());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(measure_dtls_record(ByteView{whole}.first(size)).needs_more());
  }
}

}  // namespace
}  // namespace remora::tls
