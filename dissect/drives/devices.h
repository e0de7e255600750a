#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/drives/announcements.h"

namespace remora::drives {

/// The devices that the client lends at present.
///
/// State: LIMIT `kMaxLent`; of more the oldest is forgotten.
class Devices {
 public:
  static constexpr std::size_t kMaxLent = 128;

  void add(std::vector<Device> devices);
  void remove(std::uint32_t id);
  /// It is used as a drive; its announcement was not seen, if this is news.
  void note_drive(std::uint32_t id);

  /// Files can be opened on it: it is a drive, or nobody told what it is.
  [[nodiscard]] bool may_be_drive(std::uint32_t id) const;
  [[nodiscard]] bool is_drive(std::uint32_t id) const;
  /// "C:\folder\file"; the path alone where the drive's name is not known.
  [[nodiscard]] std::string full_name(std::uint32_t id, std::string_view path) const;

 private:
  [[nodiscard]] const Device* find(std::uint32_t id) const;
  std::vector<Device> lent_;
};

}  // namespace remora::drives
