#include "dissect/rdp/network_detection.h"

namespace remora::rdp {
namespace {

constexpr std::uint8_t kRequest = 0x00;   // TYPE_ID_AUTODETECT_REQUEST
constexpr std::uint8_t kResponse = 0x01;  // TYPE_ID_AUTODETECT_RESPONSE

// requestType, 2.2.14.1.
constexpr std::uint16_t kRttRequest = 0x0001;
constexpr std::uint16_t kRttRequestWhileConnecting = 0x1001;
constexpr std::uint16_t kBaseAndAverageRtt = 0x0840;
constexpr std::uint16_t kBandwidthAndAverageRtt = 0x0880;
constexpr std::uint16_t kAllCharacteristics = 0x08c0;

// responseType, 2.2.14.2.
constexpr std::uint16_t kRttResponse = 0x0000;
constexpr std::uint16_t kBandwidthResultsWhileConnecting = 0x0003;
constexpr std::uint16_t kBandwidthResults = 0x000b;
constexpr std::uint16_t kCharacteristicsSync = 0x0018;

void read_request(Cursor& in, NetworkDetectionMessage& message) {
  const auto type = message.type;
  if (type == kBaseAndAverageRtt || type == kAllCharacteristics) {
    message.base_rtt = in.u32le("baseRTT");
  }
  if (type == kBandwidthAndAverageRtt || type == kAllCharacteristics) {
    message.bandwidth = in.u32le("bandwidth");
  }
  if (type == kBaseAndAverageRtt || type == kBandwidthAndAverageRtt ||
      type == kAllCharacteristics) {
    message.average_rtt = in.u32le("averageRTT");
  }
}

void read_response(Cursor& in, NetworkDetectionMessage& message) {
  if (message.type == kBandwidthResults || message.type == kBandwidthResultsWhileConnecting) {
    message.time_delta = in.u32le("timeDelta");
    message.byte_count = in.u32le("byteCount");
  } else if (message.type == kCharacteristicsSync) {
    message.bandwidth = in.u32le("bandwidth");
    message.base_rtt = in.u32le("rtt");
  }
}

}  // namespace

NetworkDetectionMessage read_network_detection(Cursor& in) {
  in.skip(1, "headerLength");  // counts no payload, and is not needed to find any field
  NetworkDetectionMessage message{.header_type_id = in.u8("headerTypeId"),
                                  .sequence_number = in.u16le("sequenceNumber"),
                                  .type = in.u16le("requestType"),
                                  .base_rtt = {},
                                  .bandwidth = {},
                                  .average_rtt = {},
                                  .time_delta = {},
                                  .byte_count = {}};
  if (message.header_type_id == kRequest) { read_request(in, message); }
  if (message.header_type_id == kResponse) { read_response(in, message); }
  return message;
}

std::optional<observation::NetworkDetection> to_observation(
    const NetworkDetectionMessage& message) {
  using Kind = observation::NetworkDetection::Kind;
  observation::NetworkDetection told{.sequence = message.sequence_number,
                                     .base_rtt = message.base_rtt,
                                     .average_rtt = message.average_rtt,
                                     .bandwidth = message.bandwidth,
                                     .time_delta = message.time_delta,
                                     .byte_count = message.byte_count};
  if (message.header_type_id == kResponse && message.type == kRttResponse) {
    told.kind = Kind::kRttResponse;
  } else if (message.header_type_id == kResponse && message.time_delta.has_value()) {
    told.kind = Kind::kBandwidthResults;
  } else if (message.header_type_id == kResponse && message.base_rtt.has_value()) {
    told.kind = Kind::kCharacteristicsSync;
  } else if (message.header_type_id == kRequest && message.average_rtt.has_value()) {
    told.kind = Kind::kCharacteristics;
  } else if (message.header_type_id == kRequest &&
             (message.type == kRttRequest || message.type == kRttRequestWhileConnecting)) {
    told.kind = Kind::kRttRequest;
  } else {
    return std::nullopt;
  }
  return told;
}

}  // namespace remora::rdp
