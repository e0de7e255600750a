#pragma once

#include <string_view>

#include "dissect/encoding/host_name.h"
#include "dissect/ticket/xml_document.h"

namespace remora::ticket {

/// Finds names as the specification writes them, or else in another case, and remembers that.
class Names {
 public:
  [[nodiscard]] bool is(const XmlElement& element, std::string_view name) {
    return element.name == name || other_case_if(encoding::same_name(element.name, name));
  }
  /// Null when the element has no such attribute.
  [[nodiscard]] const XmlAttribute* attribute(const XmlElement& element, std::string_view name) {
    for (const auto& attribute : element.attributes) {
      if (attribute.name == name) { return &attribute; }
    }
    for (const auto& attribute : element.attributes) {
      if (other_case_if(encoding::same_name(attribute.name, name))) { return &attribute; }
    }
    return nullptr;
  }
  [[nodiscard]] bool other_case() const { return other_case_; }

 private:
  bool other_case_if(bool yes) {
    other_case_ = other_case_ || yes;
    return yes;
  }

  bool other_case_{false};
};

}  // namespace remora::ticket
