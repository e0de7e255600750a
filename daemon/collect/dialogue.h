#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/event/delimited.h"
#include "remora/v1/collector.pb.h"
#include "remora/v1/event.pb.h"

namespace remora::collect {

/// The protocol with one client, without I/O: bytes in, events and bytes out.
///
///   waits for hello --hello--> open --(error, idle, stop)--> finished
///
/// LIMIT: holds one frame that is not whole, of at most 4 MiB; before the hello of 1 KiB.
class Dialogue {
 public:
  /// Gets each event with its bytes, in order. False: it cannot be stored, now or ever.
  using Store = std::function<bool(const v1::Event& event, std::string_view bytes)>;

  explicit Dialogue(Store store);

  void on_bytes(std::string_view bytes);
  /// What was stored so far is durable.
  void on_durable();
  /// The last word. What is not durable yet will not be acknowledged.
  void say_goodbye(v1::Goodbye::Reason reason, const std::string& text);

  /// What is to be sent.
  [[nodiscard]] std::string take_output() { return std::exchange(output_, {}); }
  [[nodiscard]] std::size_t output_bytes() const { return output_.size(); }
  /// Whether events were stored of which `on_durable` has not heard.
  [[nodiscard]] bool awaits_durability() const { return !finished_ && last_ > durable_; }
  /// Nothing is taken any more; the connection ends when the output is sent.
  [[nodiscard]] bool finished() const { return finished_; }
  /// Whole frames so far.
  [[nodiscard]] std::uint64_t frames() const { return frame_count_; }

 private:
  void on_frame(std::string_view bytes);
  void on_hello(const v1::Hello& hello);
  void on_delivery(const v1::Delivery& delivery);
  void say(const v1::CollectorFrame& frame);

  Store store_;
  DelimitedReader frames_;
  std::string output_;
  bool open_{false};
  bool finished_{false};
  std::uint64_t last_{0};     ///< number that was delivered
  std::uint64_t durable_{0};  ///< number that was acknowledged
  std::uint64_t frame_count_{0};
};

}  // namespace remora::collect
