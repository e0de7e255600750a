#include "dissect/ticket/xml_document.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <expat.h>

namespace remora::ticket {
namespace {

// LIMIT: a ticket has two elements, or one for each address and a few around them.
constexpr std::size_t kMaxElements = 256;
constexpr std::size_t kMaxAttributes = 64;
constexpr std::size_t kMaxDepth = 8;
/// LIMIT: missing spaces forgiven; each costs a pass over the text.
constexpr int kMaxMissingSpaces = 16;

constexpr std::string_view kWhite{" \t\r\n"};

using Parser = std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)>;

/// What one pass over the text gave.
struct Pass {
  XML_Parser parser{nullptr};
  std::vector<XmlElement> elements;
  std::vector<std::size_t> open;  ///< indices of elements not yet closed
  const char* refused{nullptr};
  std::size_t refused_at{0};

  [[nodiscard]] std::size_t offset() const {
    return static_cast<std::size_t>(std::max<XML_Index>(XML_GetCurrentByteIndex(parser), 0));
  }
  void stop(const char* why) {
    refused = why;
    refused_at = offset();
    (void)XML_StopParser(parser, XML_FALSE);
  }
};

void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& pass = *static_cast<Pass*>(data);
  if (pass.elements.size() >= kMaxElements || pass.open.size() >= kMaxDepth) {
    pass.stop("xml.limit");
    return;
  }
  XmlElement element{.name = name,
                     .parent = pass.open.empty() ? 0 : pass.open.back(),
                     .depth = pass.open.size(),
                     .offset = pass.offset(),
                     .attributes = {}};
  for (; *attributes != nullptr; attributes += 2) {
    if (element.attributes.size() >= kMaxAttributes) {
      pass.stop("xml.limit");
      return;
    }
    element.attributes.push_back({.name = attributes[0], .value = attributes[1]});
  }
  pass.open.push_back(pass.elements.size());
  pass.elements.push_back(std::move(element));
}

void on_end(void* data, const XML_Char* /*name*/) {
  static_cast<Pass*>(data)->open.pop_back();
}

void on_doctype(void* data, const XML_Char* /*name*/, const XML_Char* /*system*/,
                const XML_Char* /*public_id*/, int /*has_internal_subset*/) {
  static_cast<Pass*>(data)->stop("xml.doctype");
}

struct Failure {
  const char* error{""};
  std::size_t offset{0};
};

Failure failure_of(const Pass& pass, std::string_view text) {
  if (pass.refused != nullptr) { return {.error = pass.refused, .offset = pass.refused_at}; }
  if (pass.elements.empty() && !text.starts_with('<')) {
    return {.error = "root.missing", .offset = 0};
  }
  switch (XML_GetErrorCode(pass.parser)) {
    case XML_ERROR_NO_ELEMENTS:
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR:
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
      return {.error = "truncated", .offset = text.size()};
    default:
      return {.error = "xml.not_wellformed", .offset = std::min(pass.offset(), text.size())};
  }
}

/// Reads the text once; empty when it is well formed.
std::optional<Failure> read_once(std::string_view text, std::vector<XmlElement>& elements) {
  const Parser parser{XML_ParserCreate("UTF-8"), &XML_ParserFree};
  if (parser == nullptr) { return Failure{.error = "xml.limit", .offset = 0}; }
  Pass pass{.parser = parser.get(), .elements = {}, .open = {}};
  XML_SetUserData(parser.get(), &pass);
  XML_SetElementHandler(parser.get(), &on_start, &on_end);
  XML_SetStartDoctypeDeclHandler(parser.get(), &on_doctype);
  const auto status = XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
  if (status != XML_STATUS_OK) { return failure_of(pass, text); }
  elements = std::move(pass.elements);
  return std::nullopt;
}

/// Whether a space before `offset` would part two attributes.
bool is_missing_space(std::string_view text, std::size_t offset) {
  if (offset == 0 || offset >= text.size()) { return false; }
  const auto before = text[offset - 1];
  const auto here = text[offset];
  const bool name_starts = (here >= 'A' && here <= 'Z') || (here >= 'a' && here <= 'z');
  return (before == '"' || before == '\'') && name_starts;
}

}  // namespace

Position position_of(std::string_view utf8, std::size_t offset) {
  Position position;
  for (const char c : utf8.substr(0, offset)) {
    if (c == '\n') {
      ++position.line;
      position.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) {
      ++position.column;
    }
  }
  return position;
}

Read<XmlDocument> read_xml(std::string_view utf8) {
  const auto lead = std::min(utf8.find_first_not_of(kWhite), utf8.size());
  const auto body = utf8.substr(lead);
  XmlDocument document{.text = utf8, .elements = {}};
  std::string mended;
  std::vector<std::size_t> spaces;  // where one was put in, in `mended`
  const auto original = [&](std::size_t offset) {
    const auto before =
        std::ranges::count_if(spaces, [&](std::size_t space) { return space < offset; });
    return std::min(lead + offset - static_cast<std::size_t>(before), utf8.size());
  };
  auto failure = read_once(body, document.elements);
  while (failure.has_value() && std::ssize(spaces) < kMaxMissingSpaces) {
    if (mended.empty()) { mended = body; }
    if (!is_missing_space(mended, failure->offset)) { break; }
    mended.insert(failure->offset, 1, ' ');
    spaces.push_back(failure->offset);
    failure = read_once(mended, document.elements);
  }
  if (failure.has_value()) {
    return tl::unexpected(
        Refusal{.error = failure->error, .at = position_of(utf8, original(failure->offset))});
  }
  document.missing_space = !spaces.empty();
  for (auto& element : document.elements) { element.offset = original(element.offset); }
  return document;
}

Position position_of(const XmlDocument& document, const XmlElement& element,
                     std::string_view attribute) {
  const auto begin = std::min(element.offset, document.text.size());
  if (attribute.empty()) { return position_of(document.text, begin); }
  const auto tag = document.text.substr(begin, document.text.find('>', begin) - begin);
  for (auto at = tag.find(attribute); at != std::string_view::npos;
       at = tag.find(attribute, at + 1)) {
    const auto equals = tag.find_first_not_of(kWhite, at + attribute.size());
    if (equals == std::string_view::npos || tag[equals] != '=') { continue; }
    const auto quote = tag.find_first_not_of(kWhite, equals + 1);
    if (quote != std::string_view::npos) { return position_of(document.text, begin + quote + 1); }
  }
  return position_of(document.text, begin);
}

}  // namespace remora::ticket
