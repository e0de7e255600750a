#include "daemon/event/kind.h"

namespace remora {

std::string kind_name(const v1::Event& event) {
  const auto* field = v1::Event::descriptor()->FindFieldByNumber(event.kind_case());
  return field == nullptr ? "none" : field->name();
}

bool is_kind(std::string_view name) {
  const auto* field = v1::Event::descriptor()->FindFieldByName(std::string{name});
  return field != nullptr && field->containing_oneof() != nullptr;
}

}  // namespace remora
