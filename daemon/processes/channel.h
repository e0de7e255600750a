#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <tl/expected.hpp>

#include "daemon/event/delimited.h"
#include "daemon/processes/descriptor.h"

namespace remora::processes {

/// The two ends of a stream between two processes, made before the fork.
struct Pair {
  Descriptor one;
  Descriptor other;
};
[[nodiscard]] tl::expected<Pair, std::string> make_pair();

/// One end of a stream of delimited messages to another process of this daemon. Descriptors may
/// travel with a message. Blocks nobody.
///
/// LIMIT: messages of at most 8 MiB, 253 descriptors that nobody has taken. What is not sent yet
/// is for the sender to bound: `unsent_bytes`.
class Channel {
 public:
  /// `descriptors`: what came with this message or before it and was not taken.
  using OnMessage =
      std::function<void(std::string_view message, std::deque<Descriptor>& descriptors)>;
  /// Empty: the other end is closed. Else what went wrong.
  using OnEnd = std::function<void(const std::string& problem)>;

  Channel(boost::asio::io_context& io, Descriptor end);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  Channel(Channel&&) = delete;
  Channel& operator=(Channel&&) = delete;
  ~Channel() = default;

  /// Called from the event loop, from here on; nothing is after `on_end`.
  void listen(OnMessage on_message, OnEnd on_end);
  /// Reads no more until `resume`. What was read already is still told.
  void pause() { paused_ = true; }
  void resume();

  /// In order. After the other end went away it is lost, and `on_end` tells.
  void send(std::string_view message);
  /// With descriptors, which stay the caller's: only while nothing is unsent, as a first message
  /// is. False when it could not be sent; nothing of it was then.
  [[nodiscard]] bool send_now(std::string_view message, std::span<const int> descriptors);
  [[nodiscard]] bool paused() const { return paused_; }
  [[nodiscard]] std::size_t unsent_bytes() const { return unsent_.size() - sent_; }
  /// Called whenever nothing is unsent any more.
  void on_drained(std::function<void()> call) { on_drained_ = std::move(call); }
  void close();

 private:
  void wait_for_input();
  void read_some();
  void tell_messages();
  void write_some();
  void end(const std::string& problem);

  boost::asio::io_context& io_;
  boost::asio::posix::stream_descriptor stream_;
  DelimitedReader frames_;
  std::deque<Descriptor> descriptors_;
  OnMessage on_message_;
  OnEnd on_end_;
  std::function<void()> on_drained_;
  std::string unsent_;
  std::size_t sent_{0};  ///< of `unsent_`
  bool writing_{false};
  bool reading_{false};
  bool paused_{false};
};

}  // namespace remora::processes
