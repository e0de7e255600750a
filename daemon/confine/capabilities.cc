#include "daemon/confine/capabilities.h"

#include <cap-ng.h>
#include <cerrno>
#include <cstring>
#include <linux/capability.h>
#include <sys/prctl.h>

#include "daemon/confine/single_thread.h"

namespace remora::confine {
namespace {

// prctl(2), PR_CAPBSET_DROP: EINVAL beyond the last capability of this kernel, EPERM without
// CAP_SETPCAP. Without that right, as under a service manager, the manager has set the bounds
// (CapabilityBoundingSet=).
void shrink_bounding_set() {
  // A change of user leaves capabilities permitted, not effective.
  if (capng_get_caps_process() == 0 && capng_have_capability(CAPNG_PERMITTED, CAP_SETPCAP) == 1) {
    capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, CAP_SETPCAP);
    (void)capng_apply(CAPNG_SELECT_CAPS);
  }
  constexpr unsigned long kMost = 64;  // bits in a set, capabilities(7)
  for (unsigned long capability = 0; capability < kMost; ++capability) {
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) { return; }
  }
}

}  // namespace

tl::expected<void, std::string> drop_capabilities(Keep keep) {
  if (auto alone = require_single_thread("capabilities"); !alone) { return alone; }
  shrink_bounding_set();
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) {
    return tl::unexpected{std::string{"ambient capabilities cannot be given up: "} +
                          std::strerror(errno) + "; this needs Linux 4.3 or later"};
  }
  capng_clear(CAPNG_SELECT_CAPS);
  if (keep == Keep::kPacketSockets) {
    capng_update(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED),
                 CAP_NET_RAW);
  }
  if (capng_apply(CAPNG_SELECT_CAPS) == 0) { return {}; }
  // capset(2) refuses only what was not there before.
  return tl::unexpected{std::string{
      "packet sockets: this process may not make them; start it as root, give it "
      "AmbientCapabilities=CAP_NET_RAW in its unit, or run setcap cap_net_raw=ep on the program"}};
}

}  // namespace remora::confine
