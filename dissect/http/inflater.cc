#include "dissect/http/inflater.h"

#include <algorithm>

#define ZLIB_CONST  // zlib then promises not to write to its input
#include <zlib.h>

namespace remora::http {
namespace {

// windowBits of inflateInit2: by the header's window, and which format.
constexpr int kWindow = 15;
constexpr int kGzipFormat = kWindow + 16;
constexpr int kZlibFormat = kWindow;
constexpr int kDeflateAlone = -kWindow;

constexpr std::size_t kZlibHeaderBytes = 2;

/// CMF and FLG, RFC 1950 2.2: method 8, and a multiple of 31.
[[nodiscard]] bool is_zlib_header(ByteView bytes) {
  const unsigned cmf = to_u8(bytes[0]);
  return (cmf & 0x0fU) == 8 && (cmf << 8U | to_u8(bytes[1])) % 31 == 0;
}

}  // namespace

struct Inflater::Stream {
  z_stream zlib{};

  explicit Stream(int window_bits) { ready = inflateInit2(&zlib, window_bits) == Z_OK; }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  Stream(Stream&&) = delete;
  Stream& operator=(Stream&&) = delete;
  ~Stream() { inflateEnd(&zlib); }

  bool ready{false};
};

Inflater::Inflater(Coding coding) : coding_{coding} {}
Inflater::~Inflater() = default;

/// False while the format is not known.
bool Inflater::begin(ByteView& input) {
  if (stream_ != nullptr) { return true; }
  int format = kGzipFormat;
  if (coding_ == Coding::kDeflate) {
    const auto wanted = std::min(kZlibHeaderBytes - first_.size(), input.size());
    first_.insert(first_.end(), input.begin(), input.begin() + static_cast<std::ptrdiff_t>(wanted));
    input = input.subspan(wanted);
    if (first_.size() < kZlibHeaderBytes) { return false; }
    format = is_zlib_header(first_) ? kZlibFormat : kDeflateAlone;
  }
  stream_ = std::make_unique<Stream>(format);
  piece_.resize(kPieceBytes);
  if (!stream_->ready) { stop(State::kDamaged); }
  return stream_ != nullptr;
}

ByteView Inflater::next(ByteView& input) {
  has_more_ = false;
  if (state_ != State::kReading || !begin(input)) { return {}; }
  if (between_members_ && !begin_member(input)) { return {}; }
  std::size_t size = 0;
  if (!first_.empty()) {
    ByteView header{first_};
    size = inflate_into_piece(header);  // two bytes: never more than fits
    first_.clear();
  }
  if (size == 0 && state_ == State::kReading) { size = inflate_into_piece(input); }
  return ByteView{piece_}.first(size);
}

/// Another gzip member, or bytes that are none.
bool Inflater::begin_member(ByteView input) {
  if (input.empty()) { return false; }
  constexpr std::uint8_t kId1 = 0x1f;
  between_members_ = false;
  if (to_u8(input[0]) != kId1 || inflateReset(&stream_->zlib) != Z_OK) { stop(State::kEnded); }
  return state_ == State::kReading;
}

std::size_t Inflater::inflate_into_piece(ByteView& input) {
  auto& zlib = stream_->zlib;
  // LIMIT: zlib counts in unsigned int.
  const auto offered = static_cast<uInt>(std::min(input.size(), std::size_t{1} << 30U));
  // The one cast that zlib's interface needs: its bytes are unsigned char.
  zlib.next_in = reinterpret_cast<const Bytef*>(input.data());
  zlib.avail_in = offered;
  zlib.next_out = reinterpret_cast<Bytef*>(piece_.data());
  // Never across a multiple of the piece: there the limits are looked at, however the input is cut.
  const auto room = kPieceBytes - static_cast<std::size_t>(out_ % kPieceBytes);
  zlib.avail_out = static_cast<uInt>(room);
  const int result = inflate(&zlib, Z_NO_FLUSH);
  const auto size = room - zlib.avail_out;
  const auto used = offered - zlib.avail_in;
  in_ += used;
  out_ += size;
  input = input.subspan(used);
  has_more_ = zlib.avail_out == 0;
  settle(result);
  return size;
}

void Inflater::settle(int result) {
  const bool looked_at = out_ % kPieceBytes == 0;
  if (looked_at && (out_ > kMaxBytes || (out_ > kFreeBytes && out_ / kMaxRatio > in_))) {
    stop(State::kBomb);
  } else if (result == Z_STREAM_END) {
    between_members_ = true;
    if (coding_ != Coding::kGzip) { stop(State::kEnded); }
  } else if (result != Z_OK && result != Z_BUF_ERROR) {
    stop(State::kDamaged);
  }
}

/// What came out last stays readable.
void Inflater::stop(State state) {
  state_ = state;
  has_more_ = false;
  stream_.reset();
}

}  // namespace remora::http
