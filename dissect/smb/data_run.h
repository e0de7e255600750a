#pragma once

#include <cstdint>

#include "dissect/smb/open_files.h"

namespace remora::smb {

/// The data of one message on its way into a file's content, or through a pipe.
struct DataRun {
  OpenFiles::Number number{0};
  bool pipe{false};
  bool written{false};           ///< else read
  std::uint64_t file_offset{0};  ///< of its first byte
  std::uint32_t data_offset{0};  ///< from the message's header on
  std::uint64_t left{0};
};

}  // namespace remora::smb
