#pragma once

#include "daemon/settings/hosts.h"
#include "remora/v1/event.pb.h"

namespace remora::publish {

/// Puts the operator's names to the addresses of endpoints, where they stand before all others
/// (`names`, `fqdn`), and of paths.
void name_hosts(const settings::Hosts& hosts, v1::Event& event);

}  // namespace remora::publish
