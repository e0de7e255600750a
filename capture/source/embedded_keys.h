#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "capture/base/bytes.h"

namespace remora::capture {

/// LIMIT: bytes of one Decryption Secrets Block; a larger one is passed over.
inline constexpr std::size_t kMaxEmbeddedKeyBytes = std::size_t{64} << 20U;

/// Hands on the TLS key logs that a pcapng file brings in Decryption Secrets Blocks
/// (draft-ietf-opsawg-pcapng 4.7), in their order; wherever in the file they stand. Reads the file
/// to its end, or to where it is damaged. Does nothing for other files, and for what can be read
/// only once: pipes, the standard input.
void find_embedded_keys(const std::string& path, const std::function<void(ByteView)>& on_key_log);

}  // namespace remora::capture
