#pragma once

#include "daemon/processes/descriptor.h"

namespace remora::shipper {

/// The shipper process, started anew by the supervisor: gets the configuration from it over
/// `control`, takes the sensor's events from `reports`, spools and delivers them, and answers who
/// asks how the daemon is. Ends when the sensor has, and what is there is delivered or `drain` is
/// over: what is left stays in the spool. Gives the exit code.
[[nodiscard]] int run(processes::Descriptor control, processes::Descriptor reports);

}  // namespace remora::shipper
