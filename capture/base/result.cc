#include "capture/base/result.h"

namespace remora {

std::string ReadError::to_text() const {
  return field + " at " + std::to_string(offset) + ": " + reason;
}

}  // namespace remora
