#pragma once

#include <array>
#include <string>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "daemon/event/delimited.h"
#include "remora/v1/collector.pb.h"
#include "tests/support/loopback_peer.h"

namespace remora::outputs::stream {

/// A collector's side of a connection, for tests that let it do what no collector does.
class CollectorPart {
 public:
  explicit CollectorPart(testing::LoopbackPeer::Socket& client) : client_{&client} {}

  /// The next frame; throws at the end of the connection.
  v1::SensorFrame hear() {
    while (true) {
      const auto frame = reader_.next();
      if (frame.has_value() && frame->has_value()) {
        v1::SensorFrame read;
        (void)read.ParseFromString(std::string{**frame});
        return read;
      }
      std::array<char, 65536> buffer{};
      const auto size = client_->read_some(boost::asio::buffer(buffer));
      reader_.append({buffer.data(), size});
    }
  }
  void say(const v1::CollectorFrame& frame) {
    std::string bytes;
    append_delimited(bytes, frame.SerializeAsString());
    say_raw(bytes);
  }
  void say_raw(const std::string& bytes) {
    boost::asio::write(*client_, boost::asio::buffer(bytes));
  }
  void welcome(std::uint32_t version = 1) {
    (void)hear();
    say_welcome(version);
  }
  void say_welcome(std::uint32_t version = 1) {
    v1::CollectorFrame frame;
    frame.mutable_welcome()->set_version(version);
    say(frame);
  }
  void acknowledge(std::uint64_t number) {
    v1::CollectorFrame frame;
    frame.mutable_acknowledgement()->set_number(number);
    say(frame);
  }
  void reject(std::uint64_t number) {
    v1::CollectorFrame frame;
    frame.mutable_rejection()->set_number(number);
    frame.mutable_rejection()->set_reason("not liked");
    say(frame);
  }

 private:
  testing::LoopbackPeer::Socket* client_;
  DelimitedReader reader_{std::size_t{8} << 20U};
};

}  // namespace remora::outputs::stream
