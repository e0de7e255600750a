#include "daemon/outputs/otlp/gzip.h"

#include <new>

namespace remora::outputs::otlp {
namespace {

constexpr int kLevel = 1;
constexpr int kGzipWindow = 15 + 16;  ///< the largest window, and gzip's head and tail
constexpr int kMemory = 8;            ///< zlib's default

}  // namespace

void Gzip::End::operator()(z_stream* stream) const {
  (void)deflateEnd(stream);
  delete stream;
}

Gzip::Gzip() : stream_{new z_stream{}} {
  if (deflateInit2(stream_.get(), kLevel, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc{};
  }
}

void Gzip::append(std::string_view bytes, std::string& out) {
  auto& stream = *stream_;
  (void)deflateReset(&stream);
  const auto before = out.size();
  out.resize(before + deflateBound(&stream, bytes.size()));
  stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
  stream.avail_out = static_cast<uInt>(out.size() - before);
  (void)deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
}

std::optional<std::string> gunzip(std::string_view bytes, std::size_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) { throw std::bad_alloc{}; }
  std::string out(most, '\0');
  stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int end = inflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  (void)inflateEnd(&stream);
  if (end != Z_STREAM_END) { return std::nullopt; }
  return out;
}

}  // namespace remora::outputs::otlp
