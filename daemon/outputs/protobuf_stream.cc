#include "daemon/outputs/protobuf_stream.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

namespace remora::outputs {
namespace {

constexpr std::uint64_t kMaxEventBytes = 64U << 20U;
constexpr int kMaxVarintBytes = 10;
/// For the length in front, and what the library wants behind what it writes.
constexpr std::size_t kRoomBeside = 64;

}  // namespace

void ProtobufStreamWriter::write(const v1::Event& event) {
  const auto size = event.ByteSizeLong();
  bytes_.clear();
  bytes_.reserve(size + kRoomBeside);
  {
    google::protobuf::io::StringOutputStream stream{&bytes_};
    google::protobuf::io::CodedOutputStream out{&stream};
    out.SetSerializationDeterministic(true);
    out.WriteVarint64(size);
    event.SerializeWithCachedSizes(&out);
  }
  sink_->write(bytes_);
}

tl::expected<std::optional<std::uint64_t>, std::string> ProtobufStreamReader::read_length() {
  std::uint64_t value = 0;
  for (int count = 0; count < kMaxVarintBytes; ++count) {
    const int byte = in_->get();
    if (byte == std::istream::traits_type::eof()) {
      if (count == 0) { return std::nullopt; }
      return tl::unexpected{"ends inside the length of an event at byte " +
                            std::to_string(offset_)};
    }
    value |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * count);
    if ((byte & 0x80) == 0) {
      offset_ += static_cast<std::uint64_t>(count) + 1;
      return value;
    }
  }
  return tl::unexpected{"no event length at byte " + std::to_string(offset_)};
}

tl::expected<std::optional<v1::Event>, std::string> ProtobufStreamReader::next() {
  const auto start = offset_;
  const auto length = read_length();
  if (!length.has_value()) { return tl::unexpected{length.error()}; }
  if (!length->has_value()) { return std::nullopt; }
  const auto size = **length;
  if (size > kMaxEventBytes) {
    return tl::unexpected{"event of " + std::to_string(size) + " bytes at byte " +
                          std::to_string(start) + ": larger than any event"};
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  in_->read(bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uint64_t>(in_->gcount()) != size) {
    return tl::unexpected{"ends inside the event at byte " + std::to_string(start)};
  }
  offset_ += size;
  v1::Event event;
  if (!event.ParseFromString(bytes)) {
    return tl::unexpected{"no event at byte " + std::to_string(start)};
  }
  return event;
}

}  // namespace remora::outputs
