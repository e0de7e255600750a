#include "daemon/event/delimited.h"

#include <cstdint>

namespace remora {
namespace {

constexpr std::size_t kMaxVarint = 10;

}  // namespace

void append_delimited(std::string& out, std::string_view frame) {
  auto length = frame.size();
  while (length >= 0x80) {
    out.push_back(static_cast<char>((length & 0x7fU) | 0x80U));
    length >>= 7U;
  }
  out.push_back(static_cast<char>(length));
  out.append(frame);
}

void DelimitedReader::append(std::string_view bytes) {
  bytes_.erase(0, read_);
  read_ = 0;
  bytes_.append(bytes);
}

tl::expected<std::optional<std::string_view>, std::string> DelimitedReader::next() {
  const auto rest = std::string_view{bytes_}.substr(read_);
  std::uint64_t length = 0;
  std::size_t size = 0;
  while (true) {
    if (size == kMaxVarint) { return tl::unexpected{std::string{"a frame has no length"}}; }
    if (size == rest.size()) { return std::nullopt; }
    const auto byte = static_cast<unsigned char>(rest[size]);
    length |= static_cast<std::uint64_t>(byte & 0x7fU) << (7 * size);
    ++size;
    if ((byte & 0x80U) == 0) { break; }
  }
  if (length > most_) {
    return tl::unexpected{"a frame of " + std::to_string(length) + " bytes is larger than " +
                          std::to_string(most_)};
  }
  if (rest.size() - size < length) { return std::nullopt; }
  read_ += size + static_cast<std::size_t>(length);
  return rest.substr(size, static_cast<std::size_t>(length));
}

}  // namespace remora
