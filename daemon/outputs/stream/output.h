#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "daemon/delivery/output.h"
#include "daemon/outputs/stream/config.h"
#include "daemon/outputs/stream/session.h"

namespace remora::outputs::stream {

/// To a collector. A batch has `timeout` in all, besides the time that connecting may take; what
/// was not acknowledged by then is left to the next, over a new connection.
class Output final : public delivery::Output {
 public:
  explicit Output(Config config) : config_{std::move(config)} {}
  [[nodiscard]] delivery::Outcome send(std::span<const delivery::Parcel> batch) override;
  void reopen() override { session_.reset(); }

 private:
  [[nodiscard]] std::string connect(const delivery::Parcel& first);
  [[nodiscard]] std::string deliver(std::span<const delivery::Parcel> batch);
  void count(std::span<const delivery::Parcel> batch, std::uint64_t before,
             delivery::Outcome& outcome);

  Config config_;
  std::optional<Session> session_;
};

}  // namespace remora::outputs::stream
