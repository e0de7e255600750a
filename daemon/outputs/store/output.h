#pragma once

#include <optional>
#include <span>

#include "daemon/delivery/output.h"
#include "daemon/outputs/store/config.h"
#include "daemon/store/store.h"

namespace remora::outputs::store {

/// Keeps events in a store. Takes a whole batch or none of it.
class StoreOutput final : public delivery::Output {
 public:
  explicit StoreOutput(Config config) : config_{std::move(config)} {}

  [[nodiscard]] delivery::Outcome send(std::span<const delivery::Parcel> batch) override;
  void reopen() override { store_.reset(); }

 private:
  Config config_;
  std::optional<remora::store::Store> store_;
};

}  // namespace remora::outputs::store
