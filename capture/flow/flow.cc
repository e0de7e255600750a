#include "capture/flow/flow.h"

namespace remora::capture {

FlowDetail::FlowDetail(const FlowLimits& limits, HeldBytes& held_by_all)
    : held{&held_by_all},
      streams{Reassembler{limits, held_by_all, &evasions},
              Reassembler{limits, held_by_all, &evasions}} {
  held->overhead += sizeof *this;
}

FlowDetail::~FlowDetail() {
  held->overhead -= sizeof *this + charged;
}

void FlowDetail::charge(std::size_t bytes) {
  held->overhead += bytes - charged;
  charged = bytes;
}

}  // namespace remora::capture
