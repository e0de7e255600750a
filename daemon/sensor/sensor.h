#pragma once

#include "daemon/processes/descriptor.h"

namespace remora::sensor {

/// The sensor process, started anew by the supervisor: gets its settings and keys from it over
/// `control`, captures and analyses, and gives events and counters to the shipper over `reports`.
/// `confined`: gives up every right first. Ends when it is told to, or when the supervisor is gone,
/// once everything was told. Gives the exit code.
[[nodiscard]] int run(processes::Descriptor control, processes::Descriptor reports, bool confined);

}  // namespace remora::sensor
