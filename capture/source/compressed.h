#pragma once

#include <memory>

#include "capture/source/byte_reader.h"
#include "capture/source/byte_source.h"

namespace remora::capture {

enum class Compression : std::uint8_t { kNone, kGzip, kZstd };

/// By the first bytes (gzip 1f 8b, zstd 28 b5 2f fd or a skippable frame), never by a name.
[[nodiscard]] Compression detect_compression(ByteView start);

/// Unpacks gzip (RFC 1952, any number of members) or zstd (RFC 8878, any number of frames) as it is
/// read. Memory does not depend on what comes out: zlib's 32 KiB window, or the window that a zstd
/// frame asks for, up to the library's 128 MiB; a frame that asks for more is an error.
[[nodiscard]] std::unique_ptr<ByteSource> make_decompressor(Compression kind, ByteReader packed);

}  // namespace remora::capture
