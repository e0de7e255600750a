#include "daemon/secrets/key_log.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/keys/secret.h"

namespace remora::secrets {
namespace {

/// LIMIT: read at once, and of a line. The longest that says something has some 300 bytes.
constexpr std::size_t kChunkBytes = std::size_t{256} << 10U;

/// Memory that held secrets.
class Chunk {
 public:
  Chunk() : bytes_(kChunkBytes) {}
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  Chunk(Chunk&&) = delete;
  Chunk& operator=(Chunk&&) = delete;
  ~Chunk() { keys::wipe(bytes_); }

  [[nodiscard]] std::span<std::byte> memory() { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

/// Up to the end of its last line.
std::size_t whole_lines(std::string_view text) {
  return text.rfind('\n') == std::string_view::npos ? 0 : text.rfind('\n') + 1;
}

}  // namespace

bool KeyLog::has_news() const {
  return file_.size().value_or(seen_) != seen_;
}

tl::expected<KeyLog::Read, std::string> KeyLog::read(keys::TlsSecrets& to) {
  return read(to, false);
}

tl::expected<KeyLog::Read, std::string> KeyLog::read_to_end(keys::TlsSecrets& to) {
  return read(to, true);
}

tl::expected<KeyLog::Read, std::string> KeyLog::read(keys::TlsSecrets& to, bool to_end) {
  const auto size = file_.size();
  if (!size.has_value()) { return tl::unexpected{size.error()}; }
  Read done;
  if (*size < seen_) {
    done.anew = true;
    read_to_ = 0;
    in_long_line_ = false;
  }
  seen_ = *size;
  if (seen_ - read_to_ > kMaxAtOnce) {
    done.passed_over = true;
    read_to_ = seen_ - kMaxAtOnce;
    in_long_line_ = true;  // a line, somewhere in its middle
  }
  Chunk chunk;
  while (read_to_ < seen_) {
    const auto wanted = std::min<std::uint64_t>(kChunkBytes, seen_ - read_to_);
    const auto got = file_.read_at(read_to_, chunk.memory().first(wanted));
    if (!got.has_value()) { return tl::unexpected{got.error()}; }
    auto text = as_text(chunk.memory().first(*got));
    if (text.empty()) { break; }
    const auto whole = to_end && read_to_ + text.size() == seen_ ? text.size() : whole_lines(text);
    if (whole == 0 && text.size() < kChunkBytes) { break; }  // its end is still to be written
    text = text.substr(0, whole == 0 ? text.size() : whole);
    read_to_ += text.size();
    if (in_long_line_) { text.remove_prefix(std::min(text.find('\n'), text.size())); }
    in_long_line_ = whole == 0;
    done.secrets += to.add_key_log(text);
  }
  return done;
}

void KeyLog::go_on_with(SecretFile next) {
  *this = KeyLog{std::move(next)};
}

}  // namespace remora::secrets
