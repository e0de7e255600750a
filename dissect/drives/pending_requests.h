#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "dissect/drives/io_request.h"

namespace remora::drives {

struct Read : Range {};
struct Write : Range {};

/// What the server asked of a drive and has no answer to yet.
struct Pending {
  std::uint32_t device{0};
  std::uint32_t completion{0};
  std::uint32_t file{0};
  std::variant<Create, Read, Write, Query, Change> what;
};

/// Requests by device and completion id, [MS-RDPEFS] 3.1.5.1.
///
/// State: LIMIT `kMaxPending`; of more the oldest is forgotten. An id that is used again replaces.
class PendingRequests {
 public:
  static constexpr std::size_t kMaxPending = 128;

  void add(Pending request);
  [[nodiscard]] const Pending* find(std::uint32_t device, std::uint32_t completion) const;
  [[nodiscard]] std::optional<Pending> take(std::uint32_t device, std::uint32_t completion);
  void forget(std::uint32_t device, std::uint32_t completion);
  void forget_device(std::uint32_t device);

 private:
  std::vector<Pending> pending_;
};

}  // namespace remora::drives
