#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dissect/drives/open_file.h"

namespace remora::drives {

/// The files that are open on the drives of a connection.
///
/// State: LIMIT `kMaxOpen` files; of more the oldest whose bytes do not move is forgotten, or else
/// the oldest. LIMIT `kMaxSizes` sizes of files that one handle told and another may need.
class OpenFiles {
 public:
  static constexpr std::size_t kMaxOpen = 256;
  static constexpr std::size_t kMaxSizes = 32;

  [[nodiscard]] OpenFile* find(std::uint32_t device, std::uint32_t id);
  /// What had the id before, or must make room, is ended: `rule`.
  OpenFile& add(OpenFile file, const char* rule, const Telling& telling);
  void close(std::uint32_t device, std::uint32_t id, const Telling& telling);
  /// The drive is gone.
  void remove_device(std::uint32_t device, const char* rule, const Telling& telling);
  void on_loss(bool by_server);

  void note_size(const std::string& name, std::uint64_t size);
  void forget_size(const std::string& name);
  [[nodiscard]] std::optional<std::uint64_t> size_of(const std::string& name) const;

 private:
  struct Size {
    std::string name;
    std::uint64_t size;
  };
  std::vector<OpenFile> open_;
  std::vector<Size> sizes_;
};

}  // namespace remora::drives
