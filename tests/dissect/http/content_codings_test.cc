#include "dissect/http/content_codings.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

namespace remora::http {
namespace {

constexpr int kGzip = 15 + 16;
constexpr int kZlib = 15;
constexpr int kRaw = -15;

[[nodiscard]] std::string deflated(std::string_view text, int window_bits) {
  z_stream zlib{};
  EXPECT_EQ(deflateInit2(&zlib, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&zlib, text.size()) + 64, '\0');
  std::string in{text};
  zlib.next_in = reinterpret_cast<Bytef*>(in.data());
  zlib.avail_in = static_cast<uInt>(in.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&zlib, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - zlib.avail_out);
  deflateEnd(&zlib);
  return out;
}

struct Decoded {
  std::string text;
  bool readable{false};
  bool bomb{false};
};

[[nodiscard]] Decoded decode(const char* codings, std::string_view bytes,
                             std::size_t piece = 1U << 20U) {
  ContentCodings decoder{codings};
  Decoded decoded;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto next = bytes.substr(at, piece);
    const std::vector<char> copy(next.begin(), next.end());
    decoder.decode(as_bytes({copy.data(), copy.size()}), [&](ByteView out) {
      decoded.text += as_text(out);
      return true;
    });
  }
  decoded.readable = decoder.readable();
  decoded.bomb = decoder.is_bomb();
  return decoded;
}

[[nodiscard]] std::string long_text() {
  std::string text;
  for (int line = 0; line < 3000; ++line) { text += "line " + std::to_string(line * 7919) + "\n"; }
  return text;
}

TEST(ContentCodings, AreUndoneHoweverTheBytesAreCut) {
  const auto text = long_text();
  struct {
    const char* codings;
    std::string bytes;
  } const cases[] = {
      {"", text},
      {"identity", text},
      {"gzip", deflated(text, kGzip)},
      {"X-GZip", deflated(text, kGzip)},
      {"deflate", deflated(text, kZlib)},
      {"deflate", deflated(text, kRaw)},
      {"deflate, gzip", deflated(deflated(text, kZlib), kGzip)},
      {"gzip , identity,gzip", deflated(deflated(text, kGzip), kGzip)},
      {"gzip", deflated(text.substr(0, 100), kGzip) + deflated(text.substr(100), kGzip)},
      {"gzip", deflated(text, kGzip) + "\0\0 padding"},
  };
  for (const auto& [codings, bytes] : cases) {
    for (const std::size_t piece : {1U, 2U, 7U, 1000U, 1U << 20U}) {
      const auto decoded = decode(codings, bytes, piece);
      EXPECT_EQ(decoded.text, text) << codings << ' ' << piece;
      EXPECT_TRUE(decoded.readable);
    }
  }
}

TEST(ContentCodings, AreNotAllRead) {
  EXPECT_FALSE(ContentCodings{"br"}.readable());
  EXPECT_FALSE(ContentCodings{"gzip, zstd"}.readable());
  EXPECT_TRUE((ContentCodings{"gzip,gzip,gzip"}.readable()));
  EXPECT_FALSE((ContentCodings{"gzip,gzip,gzip,gzip"}.readable()));
}

TEST(ContentCodings, StopAtDamageAndHoles) {
  auto bytes = deflated(long_text(), kGzip);
  bytes[100] = static_cast<char>(bytes[100] ^ 0x55);
  EXPECT_FALSE(decode("gzip", bytes).readable);
  EXPECT_FALSE(decode("gzip", "plain text").readable);
  ContentCodings gzip{"gzip"};
  gzip.on_gap();
  EXPECT_FALSE(gzip.readable());
  ContentCodings none{""};
  none.on_gap();
  EXPECT_TRUE(none.readable());
}

TEST(ContentCodings, StopABombAndSayIt) {
  const auto bomb = deflated(std::string(8U << 20U, '\0'), kGzip);
  const auto decoded = decode("gzip", bomb);
  EXPECT_TRUE(decoded.bomb);
  EXPECT_FALSE(decoded.readable);
  EXPECT_LE(decoded.text.size(), Inflater::kFreeBytes + Inflater::kPieceBytes);
  // Inside another, where nothing comes out at the end.
  std::string empty;
  for (int member = 0; member < 100'000; ++member) { empty += deflated("", kGzip); }
  EXPECT_TRUE(decode("gzip, gzip", deflated(empty, kGzip)).bomb);
}

TEST(ContentCodings, StopWhenNoMoreIsWanted) {
  ContentCodings gzip{"gzip"};
  std::size_t seen = 0;
  gzip.decode(as_bytes(deflated(long_text(), kGzip)), [&](ByteView out) {
    seen += out.size();
    return false;
  });
  EXPECT_EQ(seen, Inflater::kPieceBytes);
  EXPECT_TRUE(gzip.readable());
}

}  // namespace
}  // namespace remora::http
