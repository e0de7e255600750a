#include "daemon/cli/interfaces.h"

#include <cstdio>

#include "capture/source/interfaces.h"
#include "daemon/cli/messages.h"

namespace remora::cli {

int interfaces() {
  const auto found = capture::list_interfaces();
  if (!found.has_value()) {
    tell_error("interfaces: " + found.error());
    return 1;
  }
  if (found->empty()) {
    tell_error("interfaces: none can be captured on; run as root or with CAP_NET_RAW");
    return 1;
  }
  for (const auto& interface : *found) {
    std::printf("%-16s %-5s", interface.name.c_str(), interface.up ? "up" : "down");
    for (const auto& address : interface.addresses) {
      std::printf(" %s", address.to_text().c_str());
    }
    if (!interface.description.empty()) { std::printf("  (%s)", interface.description.c_str()); }
    std::printf("\n");
  }
  return 0;
}

}  // namespace remora::cli
