#pragma once

#include <cstdint>
#include <memory>

#include "daemon/outputs/byte_sink.h"
#include "remora/v1/event.pb.h"

namespace remora::outputs {

enum class Format : std::uint8_t { kTable, kJsonLines, kProtobuf };

/// Writes events in one format, in the order in which they come.
class EventWriter {
 public:
  EventWriter() = default;
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;
  EventWriter(EventWriter&&) = delete;
  EventWriter& operator=(EventWriter&&) = delete;
  virtual ~EventWriter() = default;

  virtual void write(const v1::Event& event) = 0;
  /// No more events come.
  virtual void finish() = 0;
};

/// `sink` must outlive the writer.
[[nodiscard]] std::unique_ptr<EventWriter> make_writer(Format format, ByteSink& sink);

}  // namespace remora::outputs
