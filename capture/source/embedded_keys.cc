#include "capture/source/embedded_keys.h"

#include <sys/stat.h>

#include "capture/source/byte_order.h"
#include "capture/source/open_capture.h"
#include "capture/source/pcapng_file.h"

namespace remora::capture {
namespace {

constexpr std::uint32_t kDecryptionSecrets = 0x0000'000a;
constexpr std::uint32_t kTlsKeyLog = 0x544c'534b;
constexpr std::size_t kHeaderBytes = 8;     // type and total length
constexpr std::size_t kOverheadBytes = 12;  // and the total length again
constexpr std::size_t kSecretsHeaderBytes = 8;

bool is_regular(const std::string& path) {
  struct stat facts {};
  return path != "-" && ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
}

/// |  secrets type (4)  |  secrets length (4)  |  data, padded  |
void read_secrets(ByteView body, ByteOrder order, const std::function<void(ByteView)>& on_key_log) {
  const auto header = OrderedView<kSecretsHeaderBytes>::of(body, order);
  if (!header.has_value() || header->u32<0>() != kTlsKeyLog) { return; }
  const auto data = body.subspan(kSecretsHeaderBytes);
  if (header->u32<4>() <= data.size()) { on_key_log(data.first(header->u32<4>())); }
}

}  // namespace

void find_embedded_keys(const std::string& path, const std::function<void(ByteView)>& on_key_log) {
  if (!is_regular(path)) { return; }
  auto bytes = open_bytes(path);
  if (!bytes.has_value() || !detect_pcapng(bytes->peek(kOverheadBytes))) { return; }
  auto order = ByteOrder::kLittle;
  while (true) {
    const auto start = bytes->peek(kOverheadBytes);
    if (start.size() < kOverheadBytes) { return; }
    if (OrderedView<kHeaderBytes>::of(start, order)->u32<0>() == kSectionHeaderBlock) {
      const auto section = order_of_section(start);
      if (!section.has_value()) { return; }
      order = *section;
    }
    const auto header = OrderedView<kHeaderBytes>::of(start, order);
    const std::size_t length = header->u32<4>();
    if (length < kOverheadBytes || length % 4 != 0) { return; }
    if (header->u32<0>() == kDecryptionSecrets && length <= kMaxEmbeddedKeyBytes) {
      const auto block = bytes->peek(length);
      if (block.size() < length) { return; }
      read_secrets(block.subspan(kHeaderBytes, length - kOverheadBytes), order, on_key_log);
    }
    if (!bytes->skip_far(length)) { return; }
  }
}

}  // namespace remora::capture
