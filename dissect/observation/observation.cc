#include "dissect/observation/observation.h"

namespace remora {

Observation::Observation() = default;
Observation::Observation(const Observation& other) = default;
Observation::Observation(Observation&& other) noexcept = default;
Observation& Observation::operator=(const Observation& other) = default;
Observation& Observation::operator=(Observation&& other) noexcept = default;
Observation::~Observation() = default;

}  // namespace remora
