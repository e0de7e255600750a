#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/ticket/refusal.h"

namespace remora::ticket {

struct XmlAttribute {
  std::string name;
  std::string value;  ///< references resolved
};

struct XmlElement {
  std::string name;
  std::size_t parent{0};  ///< index in the document; the root's own
  std::size_t depth{0};   ///< of the root: 0
  std::size_t offset{0};  ///< of its start tag, in the document's text
  std::vector<XmlAttribute> attributes;
};

/// A well-formed document, its elements in document order. What stands between tags is left out:
/// tickets have everything in attributes.
struct XmlDocument {
  std::string_view text;  ///< what was read; borrowed
  std::vector<XmlElement> elements;
  bool missing_space{false};  ///< between an attribute's value and the next attribute
};

/// Reads a whole document by libexpat. Hardened: a document type declaration ends it before any
/// entity is declared ("xml.doctype"), and so do more elements, attributes or levels than a ticket
/// can have ("xml.limit"). Other refusals: "xml.not_wellformed", "truncated" where the text ends
/// inside the root element, "root.missing" where there is none.
///
/// Forgiven are white space before the declaration, and a missing space between attributes: public
/// tickets lack it, and FreeRDP reads them.
[[nodiscard]] Read<XmlDocument> read_xml(std::string_view utf8);

/// Where the value of an attribute stands in an element's start tag; where it is not found, where
/// the element begins.
[[nodiscard]] Position position_of(const XmlDocument& document, const XmlElement& element,
                                   std::string_view attribute);

}  // namespace remora::ticket
