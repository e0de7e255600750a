#pragma once

#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "capture/live/live_sources.h"

namespace remora::sensor {

/// Reads live sources from an event loop: whenever there may be frames, a share of them at a time,
/// so that all else in the loop has its turn.
class CaptureLoop {
 public:
  /// The frames of one turn have been handed on; `more`: but there may be more.
  using AfterRead = std::function<void(bool more)>;

  CaptureLoop(boost::asio::io_context& io, capture::LiveSources& sources, AfterRead after_read);

  /// Begins, or goes on after `pause`.
  void resume();
  /// Reads no more. The kernel keeps what its ring has room for, and counts the rest as lost.
  void pause();
  /// Once a second: interfaces may have been opened and closed.
  void tick();

 private:
  void read();
  void read_soon();
  void wait();
  void wait_no_longer();

  boost::asio::io_context& io_;
  capture::LiveSources& sources_;
  AfterRead after_read_;
  boost::asio::steady_timer patience_;
  /// What the sources wait on, lent to the event loop between turns: in one they may close it.
  std::vector<boost::asio::posix::stream_descriptor> waiting_;
  bool paused_{true};
  bool posted_{false};
};

}  // namespace remora::sensor
