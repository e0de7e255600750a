#include "capture/net/tcp_options.h"

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

/// IANA "TCP Option Kind Numbers".
enum class Kind : std::uint8_t {
  kEnd = 0,
  kNoOperation = 1,
  kMaximumSegmentSize = 2,
  kWindowScale = 3,
  kTimestamps = 8,
};

/// |  kind  |  length  |  value  |; one of another length than its own is passed over.
void read_option(ByteView option, TcpOptions& out) {
  switch (Kind{to_u8(option[0])}) {
    case Kind::kMaximumSegmentSize:
      if (option.size() == 4) { out.maximum_segment_bytes = FixedView<4>::of(option)->u16be<2>(); }
      return;
    case Kind::kWindowScale:
      if (option.size() == 3) { out.window_shift = to_u8(option[2]); }
      return;
    case Kind::kTimestamps:
      if (const auto view = FixedView<10>::of(option); view.has_value() && option.size() == 10) {
        out.timestamps = TcpTimestamps{.value = view->u32be<2>(), .echo = view->u32be<6>()};
      }
      return;
    case Kind::kEnd:
    case Kind::kNoOperation:
      return;
  }
}

}  // namespace

TcpOptions read_tcp_options(ByteView options) {
  TcpOptions out;
  while (!options.empty()) {
    const Kind kind{to_u8(options[0])};
    if (kind == Kind::kEnd) { break; }
    std::size_t size = 1;
    if (kind != Kind::kNoOperation) {
      size = options.size() < 2 ? 0 : to_u8(options[1]);
      if (size < 2 || size > options.size()) { break; }
      read_option(options.first(size), out);
    }
    options = options.subspan(size);
  }
  return out;
}

}  // namespace remora::capture
