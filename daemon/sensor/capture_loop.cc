#include "daemon/sensor/capture_loop.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace remora::sensor {
namespace {

/// Of each interface in one turn: some milliseconds of work.
constexpr std::size_t kFramesAtOnce = 1024;

capture::LoopTime now() {
  return capture::LoopTime::clock::now();
}

}  // namespace

CaptureLoop::CaptureLoop(boost::asio::io_context& io, capture::LiveSources& sources,
                         AfterRead after_read)
    : io_{io}, sources_{sources}, after_read_{std::move(after_read)}, patience_{io} {}

void CaptureLoop::resume() {
  if (!std::exchange(paused_, false)) { return; }
  read_soon();
}

void CaptureLoop::pause() {
  paused_ = true;
  wait_no_longer();
}

void CaptureLoop::tick() {
  wait_no_longer();
  sources_.tick(now());
  if (!paused_) { read_soon(); }
}

void CaptureLoop::read_soon() {
  wait_no_longer();
  if (std::exchange(posted_, true)) { return; }
  boost::asio::post(io_, [this] {
    posted_ = false;
    read();
  });
}

void CaptureLoop::read() {
  if (paused_) { return; }
  const bool more = sources_.read(kFramesAtOnce, now());
  after_read_(more);
  if (more) {
    read_soon();
  } else {
    wait();
  }
}

void CaptureLoop::wait() {
  if (paused_) { return; }
  const auto go_on = [this](const boost::system::error_code& error) {
    if (!error) { read_soon(); }
  };
  for (const auto descriptor : sources_.descriptors()) {
    if (descriptor < 0) { continue; }  // one that cannot be waited on has the patience alone
    auto& waiting = waiting_.emplace_back(io_, descriptor);
    waiting.async_wait(waiting.wait_read, go_on);
  }
  patience_.expires_after(sources_.patience());
  patience_.async_wait(go_on);
}

void CaptureLoop::wait_no_longer() {
  for (auto& descriptor : waiting_) { (void)descriptor.release(); }
  waiting_.clear();
  patience_.cancel();
}

}  // namespace remora::sensor
