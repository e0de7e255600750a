#pragma once

#include "dissect/conversation/dissector.h"
#include "dissect/names/asked.h"

namespace remora::names {

inline constexpr Port kDnsPort{53};

/// Port 53 and the shape of a message with one question, asked or answered.
[[nodiscard]] bool recognise_dns_datagram(const Datagram& datagram);

/// DNS over UDP, of all flows: tells what an answer says to the machine that gets it, where that
/// machine has asked this question of this server under this id.
///
/// State: the questions that wait.
class DnsReader final : public DatagramDissector {
 public:
  void on_datagram(const Datagram& datagram, Findings& out) override;

 private:
  Asked asked_;
};

}  // namespace remora::names
