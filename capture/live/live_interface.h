#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "capture/base/frame.h"
#include "capture/live/platform.h"

namespace remora::capture {

/// How an interface is to be captured.
struct LiveSettings {
  std::string interface;
  /// Of the kernel's ring. The kernel may give less where it has no more.
  std::size_t ring_bytes{std::size_t{64} << 20U};
  /// How long frames may wait in the kernel until a block of 256 KiB is full; it takes up to twice
  /// as long.
  std::chrono::milliseconds timeout{100};
  int snap_bytes{65535};
  bool promiscuous{true};
  /// pcap-filter(7); empty: every frame. Names of hosts and services make libpcap ask files and the
  /// network: where the process may not do that, numbers only.
  std::string filter{};
  /// Fast mode, where `filter` is empty: only these ports, see `fast_filter`. Empty: every frame.
  std::vector<std::uint16_t> only_ports{};
};

/// Since the interface was opened; never go back.
struct LiveCounts {
  std::uint64_t received{0};  ///< passed the filter; those dropped by the kernel are among them
  std::uint64_t dropped_by_kernel{0};  ///< the ring was full
  /// Missed by the card or its driver. Linux: from /sys/class/net, so 0 where that is not to be
  /// read, and where capture is not promiscuous (libpcap).
  std::uint64_t dropped_by_interface{0};

  LiveCounts& operator+=(const LiveCounts& more);
};

enum class OpenFailure : std::uint8_t {
  kNoSuchInterface,  ///< may pass
  kDown,             ///< may pass
  kNoRight,          ///< passes when the operator gives the right
  kBadFilter,        ///< does not pass: libpcap cannot compile the filter for this kind of link
  kOther,
};

struct LiveError {
  OpenFailure failure{};
  std::string reason;  ///< begins with the interface; says what to do where that is known
};

/// What a read found.
enum class ReadState : std::uint8_t {
  kSome,    ///< frames were handed on; there may be more
  kNone,    ///< no frames now
  kDown,    ///< no frames, for the interface is down; goes on by itself when it is up
  kGone,    ///< no interface has this name, or another one does: open it anew
  kFailed,  ///< `problem()` says why: open it anew
};

/// An interface that is captured. Never waits. Frames have nanoseconds, and no numbers.
class LiveInterface {
 public:
  /// Must not throw: libpcap stands between it and the caller.
  using Take = std::function<void(const Frame&)>;

  [[nodiscard]] static tl::expected<std::unique_ptr<LiveInterface>, LiveError> open(
      const LiveSettings& settings);

  /// Wait on it until `read` may find something, but for a second at most: an interface that came
  /// up or went is not always told of by it.
  [[nodiscard]] platform::Waitable descriptor() const;

  /// Hands at most `most` frames to `take`, whose bytes are borrowed for the call. What is still in
  /// the ring can be read for twice the timeout after kGone.
  [[nodiscard]] ReadState read(const Take& take, std::size_t most);

  /// kNone, kDown or kGone, without reading.
  [[nodiscard]] ReadState state() const;

  /// Why the last read failed, beginning with the interface.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  /// LIMIT: to be asked before two thousand million frames have come since it was last asked;
  /// libpcap counts with 32 bits.
  [[nodiscard]] const LiveCounts& counts();

  [[nodiscard]] LinkType link() const { return link_; }

 private:
  struct Close {
    void operator()(pcap* handle) const;
  };
  struct Handing;
  using Handle = std::unique_ptr<pcap, Close>;

  LiveInterface(std::string name, Handle handle);

  std::string name_;
  Handle handle_;
  LinkType link_{};
  std::int64_t fraction_nanoseconds_{1};  ///< what libpcap counts parts of a second in
  LiveCounts counts_;
  LiveCounts last_;  ///< what libpcap counted last, of 32 bits
  std::string problem_;
};

}  // namespace remora::capture
