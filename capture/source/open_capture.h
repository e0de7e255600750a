#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "capture/source/byte_reader.h"
#include "capture/source/frame_source.h"

namespace remora::capture {

/// Why a capture could not be opened, and what its user can do. Both parts are lower case without a
/// full stop.
struct OpenError {
  std::string path;
  std::string reason;  ///< "not a capture file: starts with \"#!/bin/sh\""
  std::string advice;  ///< "expected pcap or pcapng, plain or compressed by gzip or zstd"

  /// "path: reason; advice"
  [[nodiscard]] std::string to_text() const;
};

/// The bytes of a file, uncompressed where gzip or zstd compressed it; "-" is the standard input.
[[nodiscard]] tl::expected<ByteReader, OpenError> open_bytes(const std::string& path);

/// Opens a pcap or pcapng file, plain or compressed by gzip or zstd; "-" is the standard input.
/// What the file is comes from its first bytes, never from its name. Memory is constant however
/// large the file or whatever it unpacks to: about 1 MiB, more only while a single record needs it
/// (at most `limits.block_bytes`), and up to 128 MiB of window where a zstd frame asks for it.
[[nodiscard]] tl::expected<std::unique_ptr<FrameSource>, OpenError> open_capture(
    const std::string& path, const ReadLimits& limits = {});

}  // namespace remora::capture
