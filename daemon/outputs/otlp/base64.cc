#include "daemon/outputs/otlp/base64.h"

#include <openssl/evp.h>

namespace remora::outputs::otlp {

std::string from_base64(std::string_view text) {
  while (text.ends_with('=')) { text.remove_suffix(1); }
  const auto padding = (4 - text.size() % 4) % 4;
  const auto padded = std::string{text} + std::string(padding, '=');
  std::string bytes(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(padded.data()),
                                   static_cast<int>(padded.size()));
  if (padding == 3 || size < static_cast<int>(padding)) { return {}; }
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace remora::outputs::otlp
