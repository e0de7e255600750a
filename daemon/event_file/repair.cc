#include "daemon/event_file/repair.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/event/delimited.h"
#include "daemon/event/size_limit.h"

namespace remora::event_file {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20U;
/// JSON of an event is larger than the event: names of fields, base64, escapes.
constexpr std::size_t kMaxLine = 16 * kMaxEventBytes;

/// Cuts pieces of the file into records; `damaged` when the next one cannot be one.
class Records {
 public:
  virtual ~Records() = default;
  Records() = default;
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;
  Records(Records&&) = delete;
  Records& operator=(Records&&) = delete;
  virtual void append(std::string_view piece, Contents& contents) = 0;
};

class ProtobufRecords final : public Records {
 public:
  void append(std::string_view piece, Contents& contents) override {
    reader_.append(piece);
    while (true) {
      const auto before = reader_.held_bytes();
      const auto record = reader_.next();
      if (record.has_value() && !record->has_value()) { return; }
      if (!record.has_value() || (*record)->empty() || !is_event(**record)) {
        contents.damaged = true;
        return;
      }
      contents.whole_bytes += before - reader_.held_bytes();
    }
  }

 private:
  static bool is_event(std::string_view bytes) {
    v1::Event event;
    return event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  }
  DelimitedReader reader_{kMaxEventBytes};
};

class JsonRecords final : public Records {
 public:
  void append(std::string_view piece, Contents& contents) override {
    held_.append(piece);
    std::size_t start = 0;
    for (auto end = held_.find('\n'); end != std::string::npos; end = held_.find('\n', start)) {
      const auto line = std::string_view{held_}.substr(start, end - start);
      if (!line.starts_with('{') || !line.ends_with('}') ||
          line.find('\0') != std::string_view::npos) {
        contents.damaged = true;
        return;
      }
      contents.whole_bytes += line.size() + 1;
      start = end + 1;
    }
    held_.erase(0, start);
    contents.damaged = held_.size() > kMaxLine || (!held_.empty() && held_.front() != '{');
  }

 private:
  std::string held_;
};

}  // namespace

tl::expected<Contents, std::string> examine(const std::string& path, Format format) {
  std::ifstream in{path, std::ios::binary};
  if (!in) { return tl::unexpected{path + ": cannot be read: " + std::strerror(errno)}; }
  ProtobufRecords protobuf;
  JsonRecords json;
  Records& records = format == Format::kProtobuf ? static_cast<Records&>(protobuf) : json;
  Contents contents;
  std::vector<char> piece(kPiece);
  while (in && !contents.damaged) {
    (void)in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    records.append({piece.data(), static_cast<std::size_t>(in.gcount())}, contents);
  }
  if (in.bad()) { return tl::unexpected{path + ": cannot be read: " + std::strerror(errno)}; }
  return contents;
}

}  // namespace remora::event_file
