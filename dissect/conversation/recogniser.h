#pragma once

#include <optional>

#include "capture/base/bytes.h"
#include "dissect/conversation/family.h"

namespace remora {

/// What the families say of the first bytes of one side of a flow.
struct RecogniserAnswer {
  Verdict verdict{Verdict::kNo};
  const Family* family{nullptr};  ///< set when kYes
};

/// Asks each family that is wanted in the context, in the order of the list: the first that does
/// not say kNo is waited for. So the answer is the same however many bytes come at first, as long
/// as a family's kYes and kNo are final. Cost: a few comparisons a family; allocates nothing.
[[nodiscard]] RecogniserAnswer recognise(Families families, const Context& context,
                                         ByteView first_bytes);

/// The first family whose datagram this is; null when it is nobody's.
[[nodiscard]] const Family* recognise_datagram(Families families, const Datagram& datagram);

}  // namespace remora
