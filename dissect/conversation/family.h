#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "capture/base/bytes.h"
#include "dissect/conversation/dissector.h"
#include "dissect/conversation/findings.h"

namespace remora {

/// What a recogniser thinks of the first bytes that one side of a flow sent.
enum class Verdict : std::uint8_t { kNo, kMore, kYes };

/// One protocol family: a folder under dissect/ and a line in dissect/families.cc.
struct Family {
  Protocol protocol;
  /// Judges by content alone, in any direction and on any port. Null for a protocol that is only
  /// ever reached by hand-over.
  Verdict (*recognise)(ByteView first_bytes){nullptr};
  std::unique_ptr<Dissector> (*make)(){nullptr};
};

using Families = std::span<const Family>;

}  // namespace remora
