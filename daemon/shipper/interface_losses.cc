#include "daemon/shipper/interface_losses.h"

#include <fstream>

namespace remora::shipper {

std::uint64_t InterfaceLosses::of(const std::string& interface) {
  // A name with a slash is none (dev_valid_name), and would lead elsewhere.
  if (interface.empty() || interface.find('/') != std::string::npos) { return 0; }
  // What libpcap adds up for ps_ifdrop too: no buffer of the card, no descriptor of its ring.
  const auto now = read(interface, "rx_missed_errors") + read(interface, "rx_fifo_errors");
  const auto [place, is_new] = counts_.try_emplace(interface, Count{.last = now});
  auto& count = place->second;
  if (!is_new) { count.lost += now >= count.last ? now - count.last : now; }
  count.last = now;
  return count.lost;
}

std::uint64_t InterfaceLosses::read(const std::string& interface, const char* counter) const {
  std::uint64_t value = 0;
  std::ifstream{folder_ + '/' + interface + "/statistics/" + counter} >> value;
  return value;
}

}  // namespace remora::shipper
