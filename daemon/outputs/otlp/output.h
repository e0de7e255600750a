#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "daemon/delivery/output.h"
#include "daemon/outputs/otlp/config.h"
#include "daemon/outputs/otlp/sender.h"
#include "daemon/outputs/otlp/verdict.h"

namespace remora::outputs::otlp {

/// Sends events as OTLP log records, a request for each batch. A batch that is larger than the
/// receiver takes is cut in halves, as often as it needs; a single event that is too large is
/// refused. Once cut, requests grow again slowly.
class OtlpOutput final : public delivery::Output {
 public:
  explicit OtlpOutput(Config config);

  [[nodiscard]] delivery::Outcome send(std::span<const delivery::Parcel> batch) override;
  void reopen() override {
    sender_.reopen();
    known_ = false;
  }

 private:
  [[nodiscard]] Judgement deliver(std::span<const delivery::Parcel> parcels,
                                  std::chrono::milliseconds patience);

  Config config_;
  Sender sender_;
  std::string request_;
  std::size_t at_once_;  ///< records in a request, at most
  bool known_{false};    ///< the receiver has taken records
};

}  // namespace remora::outputs::otlp
