#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "daemon/outputs/event_writer.h"

namespace remora::outputs {

/// Each event as a varint of its length and its bytes.
class ProtobufStreamWriter final : public EventWriter {
 public:
  explicit ProtobufStreamWriter(ByteSink& sink) : sink_{&sink} {}
  void write(const v1::Event& event) override;
  void finish() override { sink_->flush(); }

 private:
  ByteSink* sink_;
  std::string bytes_;  ///< of the event; its memory is used again
};

/// Reads such a stream back.
///
/// LIMIT: an event of more than 64 MiB is taken for damage.
class ProtobufStreamReader {
 public:
  explicit ProtobufStreamReader(std::istream& in) : in_{&in} {}

  /// The next event, nothing at the end, or what is wrong and at which byte.
  [[nodiscard]] tl::expected<std::optional<v1::Event>, std::string> next();

 private:
  [[nodiscard]] tl::expected<std::optional<std::uint64_t>, std::string> read_length();
  std::istream* in_;
  std::uint64_t offset_{0};
};

}  // namespace remora::outputs
