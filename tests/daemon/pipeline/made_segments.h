#pragma once

// A captured conversation in other segments: what the schedule tests share.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include "capture/net/decapsulate.h"
#include "daemon/outputs/json_lines.h"
#include "tests/support/replay.h"

namespace remora::testing {

inline constexpr std::size_t kIpLengthAt = 14 + 2;  // Ethernet and an IPv4 header without options
inline constexpr std::size_t kIpHeaderAt = 14;
inline constexpr std::size_t kSequenceAt = 14 + 20 + 4;

inline void put_u16be(std::vector<std::byte>& bytes, std::size_t at, std::size_t value) {
  bytes.at(at) = static_cast<std::byte>(value >> 8U);
  bytes.at(at + 1) = static_cast<std::byte>(value);
}

inline constexpr std::size_t kIpHeaderBytes = 20;
inline constexpr std::size_t kTcpAt = kIpHeaderAt + kIpHeaderBytes;
inline constexpr std::size_t kIpChecksumAt = kIpHeaderAt + 10;
inline constexpr std::size_t kTcpChecksumAt = kTcpAt + 16;

inline void put_ip_checksum(std::vector<std::byte>& frame) {
  put_u16be(frame, kIpChecksumAt, 0);
  std::uint32_t sum = 0;
  for (std::size_t at = kIpHeaderAt; at < kTcpAt; at += 2) {
    sum += static_cast<std::uint32_t>(to_u8(frame.at(at)) << 8U) | to_u8(frame.at(at + 1));
  }
  while (sum > 0xffff) { sum = (sum & 0xffffU) + (sum >> 16U); }
  put_u16be(frame, kIpChecksumAt, ~sum & 0xffffU);
}

/// RFC 1071, over the pseudo-header of RFC 9293 3.1 and the segment.
inline void put_tcp_checksum(std::vector<std::byte>& frame) {
  const auto word = [&](std::size_t at) {
    const auto low = at + 1 < frame.size() ? to_u8(frame[at + 1]) : 0U;
    return static_cast<std::uint32_t>(to_u8(frame[at]) << 8U) | low;
  };
  put_u16be(frame, kTcpChecksumAt, 0);
  std::uint64_t sum = 6 + frame.size() - kTcpAt;
  for (std::size_t at = kIpHeaderAt + 12; at < frame.size(); at += 2) { sum += word(at); }
  while (sum > 0xffff) { sum = (sum & 0xffffU) + (sum >> 16U); }
  put_u16be(frame, kTcpChecksumAt, ~sum & 0xffffU);
}

/// A frame of the capture, and the TCP payload in it.
struct Original {
  OwnedFrame frame;
  std::uint32_t sequence{0};
  bool from_client{false};  ///< by the higher port
  std::size_t payload_at{0};
  std::size_t payload_bytes{0};
};

inline std::vector<Original> conversation(const std::string& path) {
  std::vector<Original> originals;
  capture::Decapsulator decapsulator;
  capture::Packet packet;
  for (auto& frame : load_capture(path).frames) {
    const auto seen = frame.view();
    EXPECT_EQ(decapsulator.next(seen, packet), capture::Unwrapped::kPacket);
    const auto payload_at = static_cast<std::size_t>(packet.payload.data() - seen.bytes.data());
    originals.push_back({.frame = std::move(frame),
                         .sequence = packet.sequence,
                         .from_client = packet.source_port > packet.destination_port,
                         .payload_at = packet.payload.empty() ? 0 : payload_at,
                         .payload_bytes = packet.payload.size()});
  }
  return originals;
}

/// The frame of `original` with other payload, as a segment of its own.
inline OwnedFrame with_payload(const Original& original, std::uint32_t sequence,
                               std::span<const std::byte> payload) {
  auto made = original.frame;
  const auto begin = made.bytes.begin();
  std::vector<std::byte> bytes(begin, begin + static_cast<std::ptrdiff_t>(original.payload_at));
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  put_u16be(bytes, kIpLengthAt, bytes.size() - kIpHeaderAt);
  put_u16be(bytes, kSequenceAt, sequence >> 16U);
  put_u16be(bytes, kSequenceAt + 2, sequence & 0xffffU);
  put_ip_checksum(bytes);
  put_tcp_checksum(bytes);
  made.bytes = std::move(bytes);
  made.frame.wire_bytes = static_cast<std::uint32_t>(made.bytes.size());
  return made;
}

/// Takes out what another schedule may change: frame numbers, times, and what is made of them.
inline void keep_facts(google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    const auto& name = field->name();
    const bool is_message = field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE;
    const bool is_time = is_message && field->message_type()->full_name().starts_with("google.");
    const bool is_total = message.GetTypeName() == "remora.v1.Totals" && name != "gap_bytes";
    if (is_time || is_total || name == "frame" || name == "session_id" || name == "event_id") {
      reflection->ClearField(&message, field);
    } else if (is_message && field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        keep_facts(*reflection->MutableRepeatedMessage(&message, field, i));
      }
    } else if (is_message) {
      keep_facts(*reflection->MutableMessage(&message, field));
    }
  }
}

/// Every event, without what the schedule may change, each on a line of its own.
inline std::string facts(const std::vector<OwnedFrame>& frames) {
  const auto replayed = replay(frames);
  EXPECT_EQ(find_fault(replayed), "");
  std::string text;
  for (const auto* part : {&replayed.at_frames, &replayed.at_end}) {
    for (auto told : *part) {
      // That segments are tiny is what one of these schedules is about.
      if (told.event.anomaly().code() == "tcp.tiny_segments") { continue; }
      keep_facts(told.event);
      text += outputs::to_json_line(told.event) + '\n';
    }
  }
  return text;
}

}  // namespace remora::testing
