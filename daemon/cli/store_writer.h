#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/store/store.h"
#include "remora/v1/event.pb.h"

namespace remora::cli {

/// Keeps the events of a replay in a store besides, a batch at a time.
///
/// LIMIT: holds 500 events. They are lost when the process is killed; the same replay once more
/// completes the store.
class StoreWriter {
 public:
  /// Warns where a damaged store was set aside.
  [[nodiscard]] static tl::expected<std::unique_ptr<StoreWriter>, std::string> open(
      const std::string& path);

  void take(std::unique_ptr<v1::Event> event);
  /// No more events come.
  void finish() { add_held(); }
  /// Why an event could not be kept; empty while all could.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  explicit StoreWriter(store::Store store) : store_{std::move(store)} {}
  void add_held();
  store::Store store_;
  std::vector<std::unique_ptr<v1::Event>> held_;
  std::string failure_;
};

}  // namespace remora::cli
