#include "capture/source/compressed.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#define ZLIB_CONST  // zlib then promises not to write to its input
#include <zlib.h>
#include <zstd.h>

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

constexpr std::uint16_t kGzipMagic = 0x1f8b;
constexpr std::uint32_t kZstdMagic = 0xfd2fb528;
constexpr std::uint32_t kZstdSkippable = 0x184d2a50;  // and the next 15 numbers

tl::unexpected<ByteError> ends_early(const ByteReader& packed, const char* format) {
  if (packed.error().has_value()) { return tl::unexpected{*packed.error()}; }
  return tl::unexpected{ByteError{.ended_early = true,
                                  .reason = std::string{"the "} + format + " data end too early"}};
}

tl::unexpected<ByteError> damaged(const char* format, std::uint64_t packed_offset,
                                  const std::string& reason) {
  return tl::unexpected{ByteError{.reason = std::string{"damaged "} + format + " data near byte " +
                                            std::to_string(packed_offset) +
                                            " of the compressed file: " + reason}};
}

class GzipBytes final : public ByteSource {
 public:
  explicit GzipBytes(ByteReader packed) : packed_{std::move(packed)} {
    constexpr int kGzipOnly = 16;
    ready_ = inflateInit2(&stream_, MAX_WBITS + kGzipOnly) == Z_OK;
  }
  GzipBytes(const GzipBytes&) = delete;
  GzipBytes& operator=(const GzipBytes&) = delete;
  GzipBytes(GzipBytes&&) = delete;
  GzipBytes& operator=(GzipBytes&&) = delete;
  ~GzipBytes() override {
    if (ready_) { inflateEnd(&stream_); }
  }

  [[nodiscard]] tl::expected<std::size_t, ByteError> read(std::span<std::byte> into) override {
    if (!ready_) { return damaged("gzip", 0, "out of memory"); }
    for (;;) {
      if (between_members_) {
        auto more = begin_member();
        if (!more.has_value()) { return tl::unexpected{std::move(more.error())}; }
        if (!*more) { return 0; }
      }
      const auto in = packed_.peek(1);
      stream_.next_in = reinterpret_cast<const Bytef*>(in.data());
      stream_.avail_in = static_cast<uInt>(in.size());
      stream_.next_out = reinterpret_cast<Bytef*>(into.data());
      stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(into.size(), kMaxStep));
      const auto room = stream_.avail_out;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      packed_.skip(in.size() - stream_.avail_in);
      between_members_ = status == Z_STREAM_END;
      // What was unpacked before damage is given first; the damage is met again by the next call.
      if (const std::size_t given = room - stream_.avail_out; given > 0) { return given; }
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
        return damaged("gzip", packed_.offset(),
                       stream_.msg != nullptr ? stream_.msg : "unknown error");
      }
      if (in.empty() && !between_members_) { return ends_early(packed_, "gzip"); }
    }
  }

  [[nodiscard]] bool may_wait() const override { return packed_.may_wait(); }

 private:
  static constexpr std::size_t kMaxStep = 1U << 30U;  // zlib counts in unsigned int

  /// False at the end of the file. Zero bytes behind a member are padding, as gzip(1) has it.
  tl::expected<bool, ByteError> begin_member() {
    for (;;) {
      const auto in = packed_.peek(2);
      if (in.empty()) {
        if (packed_.error().has_value()) { return tl::unexpected{*packed_.error()}; }
        return false;
      }
      if (to_u8(in[0]) == 0) {
        packed_.skip(1);
        continue;
      }
      if (detect_compression(in) != Compression::kGzip) {
        return damaged("gzip", packed_.offset(), "something else follows the compressed data");
      }
      inflateReset(&stream_);
      between_members_ = false;
      return true;
    }
  }

  ByteReader packed_;
  z_stream stream_{};
  bool ready_{false};
  bool between_members_{false};
};

class ZstdBytes final : public ByteSource {
 public:
  explicit ZstdBytes(ByteReader packed) : packed_{std::move(packed)}, context_{ZSTD_createDCtx()} {}

  [[nodiscard]] tl::expected<std::size_t, ByteError> read(std::span<std::byte> into) override {
    if (context_ == nullptr) { return damaged("zstd", 0, "out of memory"); }
    for (;;) {
      const auto packed = packed_.peek(1);
      if (packed.empty() && between_frames_) {
        if (packed_.error().has_value()) { return tl::unexpected{*packed_.error()}; }
        return 0;
      }
      // One block at a time: an error takes back what the same call unpacked before it.
      ZSTD_inBuffer in{
          .src = packed.data(), .size = std::min(packed.size(), wanted_bytes_), .pos = 0};
      ZSTD_outBuffer out{.dst = into.data(), .size = into.size(), .pos = 0};
      const auto status = ZSTD_decompressStream(context_.get(), &out, &in);
      packed_.skip(in.pos);
      between_frames_ = status == 0;
      wanted_bytes_ = std::max<std::size_t>(status, 1);
      if (out.pos > 0) { return out.pos; }
      if (ZSTD_isError(status) != 0U) {
        return damaged("zstd", packed_.offset(), ZSTD_getErrorName(status));
      }
      if (packed.empty() && !between_frames_) { return ends_early(packed_, "zstd"); }
    }
  }

  [[nodiscard]] bool may_wait() const override { return packed_.may_wait(); }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  ByteReader packed_;
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool between_frames_{true};
  std::size_t wanted_bytes_{1};
};

}  // namespace

Compression detect_compression(ByteView start) {
  const auto two = FixedView<2>::of(start);
  if (two.has_value() && two->u16be<0>() == kGzipMagic) { return Compression::kGzip; }
  const auto four = FixedView<4>::of(start);
  if (four.has_value() &&
      (four->u32le<0>() == kZstdMagic || (four->u32le<0>() & 0xffff'fff0U) == kZstdSkippable)) {
    return Compression::kZstd;
  }
  return Compression::kNone;
}

std::unique_ptr<ByteSource> make_decompressor(Compression kind, ByteReader packed) {
  if (kind == Compression::kGzip) { return std::make_unique<GzipBytes>(std::move(packed)); }
  return std::make_unique<ZstdBytes>(std::move(packed));
}

}  // namespace remora::capture
