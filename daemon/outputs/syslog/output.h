#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/delivery/output.h"
#include "daemon/net/datagrams.h"
#include "daemon/outputs/syslog/config.h"
#include "daemon/outputs/syslog/stream_sender.h"

namespace remora::outputs::syslog {

/// Events to a syslog receiver. Over UDP what this machine has sent counts as taken: UDP loses.
///
/// Messages longer than the limit are refused for good, with a problem that tells how many.
class SyslogOutput final : public delivery::Output {
 public:
  explicit SyslogOutput(Config config);

  [[nodiscard]] delivery::Outcome send(std::span<const delivery::Parcel> batch) override;
  void reopen() override;

 private:
  [[nodiscard]] delivery::Outcome send_stream(std::span<const delivery::Parcel> batch);
  [[nodiscard]] delivery::Outcome send_datagrams(std::span<const delivery::Parcel> batch);
  [[nodiscard]] std::string message_of(const delivery::Parcel& parcel) const;
  [[nodiscard]] std::string too_long(std::size_t refused, std::string_view last_problem) const;

  Config config_;
  StreamSender stream_;
  std::optional<net::Datagrams> datagrams_;
};

}  // namespace remora::outputs::syslog
