#include "daemon/outputs/syslog/output.h"

#include <utility>

namespace remora::outputs::syslog {

using delivery::Outcome;
using delivery::Parcel;

SyslogOutput::SyslogOutput(Config config)
    : config_{std::move(config)},
      stream_{{.address = config_.address,
               .tls = config_.tls,
               .confirm = config_.confirm,
               .timeout = config_.timeout}} {}

void SyslogOutput::reopen() {
  stream_.reopen();
  datagrams_.reset();
}

std::string SyslogOutput::message_of(const Parcel& parcel) const {
  return encode(parcel.event, config_.header, to_payload(config_.payload, parcel.event));
}

std::string SyslogOutput::too_long(std::size_t refused, std::string_view last_problem) const {
  if (refused == 0) { return std::string{last_problem}; }
  std::string text = net::to_string(config_.address) + ": " + std::to_string(refused) +
                     " events are longer than a message may be (" +
                     std::to_string(config_.max_message_bytes) +
                     " bytes) and were not sent; raise max_message here and at the receiver";
  if (!last_problem.empty()) { text += "; " + std::string{last_problem}; }
  return text;
}

Outcome SyslogOutput::send(std::span<const Parcel> batch) {
  return config_.transport == Transport::kUdp ? send_datagrams(batch) : send_stream(batch);
}

Outcome SyslogOutput::send_stream(std::span<const Parcel> batch) {
  std::string bytes;
  std::size_t refused = 0;
  for (const auto& parcel : batch) {
    const auto message = message_of(parcel);
    if (message.size() > config_.max_message_bytes) {
      ++refused;
    } else {
      bytes += framed(message);
    }
  }
  if (!bytes.empty()) {
    if (const auto sent = stream_.send(bytes); !sent.has_value()) {
      return {.taken = 0, .refused = 0, .problem = sent.error(), .retry_after = {}};
    }
  }
  return {.taken = batch.size(),
          .refused = refused,
          .problem = too_long(refused, {}),
          .retry_after = {}};
}

Outcome SyslogOutput::send_datagrams(std::span<const Parcel> batch) {
  if (!datagrams_.has_value()) {
    auto made = net::Datagrams::to(config_.address);
    if (!made.has_value()) {
      return {.taken = 0, .refused = 0, .problem = made.error(), .retry_after = {}};
    }
    datagrams_.emplace(std::move(*made));
  }
  std::size_t taken = 0;
  std::size_t refused = 0;
  std::string problem;
  for (const auto& parcel : batch) {
    const auto message = message_of(parcel);
    const bool longer = message.size() > config_.max_message_bytes;
    const auto departure =
        longer ? net::Departure{.what = net::Departure::What::kTooLong, .problem = {}}
               : datagrams_->send(message);
    if (departure.what == net::Departure::What::kFailed) {
      problem = departure.problem;
      break;
    }
    if (departure.what == net::Departure::What::kTooLong) { ++refused; }
    ++taken;
  }
  return {
      .taken = taken, .refused = refused, .problem = too_long(refused, problem), .retry_after = {}};
}

}  // namespace remora::outputs::syslog
