#pragma once

#include "dissect/conversation/dissector.h"
#include "dissect/names/asked.h"

namespace remora::names {

inline constexpr Port kNbnsPort{137};

/// Port 137 and the shape of a message, RFC 1002 4.2.
[[nodiscard]] bool recognise_nbns(const Datagram& datagram);

/// The NetBIOS name service, of all flows: tells what a response says to the machine that asked for
/// a name (4.2.13), of its sender, or of others where this question was put to the sender; and what
/// a machine says of its own address: registrations and refreshes (4.2.2, 4.2.4), a release (4.2.9;
/// as a time to live of 0), and its node status (4.2.18). Names of groups, domains and services are
/// none.
///
/// State: the questions that wait.
class NbnsReader final : public DatagramDissector {
 public:
  void on_datagram(const Datagram& datagram, Findings& out) override;

 private:
  Asked asked_;
};

}  // namespace remora::names
