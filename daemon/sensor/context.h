#pragma once

#include <deque>
#include <memory>

#include "daemon/processes/descriptor.h"
#include "dissect/conversation/context.h"
#include "remora/internal/v1/processes.pb.h"

namespace remora::sensor {

/// What dissectors are given: the keys of `files`, whose descriptors are taken off the front of
/// `descriptors`. A file that is of no use is told to the log and left out: a tap that watches
/// without a key is better than none.
[[nodiscard]] std::shared_ptr<const Context> make_context(
    const internal::v1::KeyFiles& files, std::deque<processes::Descriptor>& descriptors,
    bool scan_streams, bool open_easy_connect);

}  // namespace remora::sensor
