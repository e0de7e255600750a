#pragma once

#include <deque>
#include <memory>

#include "daemon/processes/descriptor.h"
#include "daemon/secrets/key_logs.h"
#include "dissect/conversation/context.h"
#include "remora/internal/v1/processes.pb.h"

namespace remora::sensor {

/// What dissectors are given, and the key logs among it, which grow.
struct Given {
  std::shared_ptr<Context> context;
  secrets::KeyLogs logs;
};

/// The keys of `files`, whose descriptors are taken off the front of `descriptors`. A file that is
/// of no use is told to the log and left out: a tap that watches without a key is better than none.
[[nodiscard]] Given make_context(const internal::v1::KeyFiles& files,
                                 std::deque<processes::Descriptor>& descriptors, bool scan_streams,
                                 bool open_easy_connect);

}  // namespace remora::sensor
