#include "dissect/mail/body_structure.h"

#include <string_view>
#include <utility>

#include "dissect/mail/line.h"

namespace remora::mail {
namespace {

using Kind = ImapToken::Kind;

/// An element of the structure: a text, or a list.
struct Element {
  std::string text{};
  std::vector<Element> list{};
  bool is_list{false};
};

class Reader {
 public:
  explicit Reader(ImapTokens& in) : in_{&in} {}

  /// The list behind an opening parenthesis.
  [[nodiscard]] bool read_list(Element& into, std::size_t& depth) {
    into.is_list = true;
    ++depth;
    while (true) {
      const auto token = in_->next();
      if (token.kind == Kind::kClose) {
        --depth;
        return true;
      }
      if (token.kind == Kind::kEnd || token.kind == Kind::kLiteral) { return false; }
      if (++elements_ > kMaxStructureElements) { return pass_over(token, depth); }
      auto& element = into.list.emplace_back();
      if (token.kind != Kind::kOpen) {
        element.text = token.kind == Kind::kQuoted ? unquoted(token.text) : std::string{token.text};
      } else if (depth >= kMaxStructureDepth) {
        return pass_over(token, depth);
      } else if (!read_list(element, depth)) {
        return false;
      }
    }
  }

 private:
  /// The rest of all lists, unread.
  [[nodiscard]] bool pass_over(ImapToken token, std::size_t& depth) {
    while (true) {
      if (token.kind == Kind::kOpen) { ++depth; }
      if (token.kind == Kind::kClose) { --depth; }
      if (depth == 0 || token.kind == Kind::kEnd || token.kind == Kind::kLiteral) { return false; }
      token = in_->next();
    }
  }

  ImapTokens* in_;
  std::size_t elements_{0};
};

[[nodiscard]] const Element* at(const Element& element, std::size_t index) {
  return index < element.list.size() ? &element.list[index] : nullptr;
}
[[nodiscard]] std::string text_at(const Element& element, std::size_t index) {
  const auto* found = at(element, index);
  return found == nullptr || found->is_list ? std::string{} : found->text;
}

/// ("NAME" "x" "CHARSET" "utf-8") as a header's parameters.
[[nodiscard]] std::string parameters_of(const Element* list) {
  std::string text;
  for (std::size_t index = 0; list != nullptr && index + 1 < list->list.size(); index += 2) {
    text += "; " + text_at(*list, index) + "=\"";
    for (const char c : text_at(*list, index + 1)) {
      if (c == '"' || c == '\\') { text += '\\'; }
      text += c;
    }
    text += '"';
  }
  return text;
}

/// ("ATTACHMENT" ("FILENAME" "x")), the first such list behind the fields that every part has.
[[nodiscard]] std::string disposition_of(const Element& part, std::size_t from) {
  for (auto index = from; index < part.list.size(); ++index) {
    const auto& element = part.list[index];
    if (!element.is_list || element.list.empty() || element.list.front().is_list) { continue; }
    const auto word = to_upper(element.list.front().text);
    if (word == "ATTACHMENT" || word == "INLINE") { return word + parameters_of(at(element, 1)); }
  }
  return {};
}

class Describer {
 public:
  void describe(const Element& body, const std::string& section) {
    if (body.list.empty()) { return; }
    if (body.list.front().is_list) {
      describe_multipart(body, section.empty() ? "TEXT" : section, section);
    } else {
      describe_part(body, section.empty() ? "1" : section);
      // The only part of a message is its body.
      if (section.empty()) {
        parts.push_back({.section = "TEXT", .headers = parts.front().headers});
      }
    }
  }
  std::vector<DescribedPart> parts;

 private:
  void describe_multipart(const Element& body, const std::string& name, const std::string& prefix) {
    std::size_t count = 0;
    while (count < body.list.size() && body.list[count].is_list) { ++count; }
    parts.push_back(
        {.section = name,
         .headers = mime::read_part_headers({.content_type = "multipart/" + text_at(body, count) +
                                                             parameters_of(at(body, count + 1))},
                                            "")});
    for (std::size_t index = 0; index < count; ++index) {
      const auto number = std::to_string(index + 1);
      describe(body.list[index], prefix.empty() ? number : prefix + "." + number);
    }
  }

  void describe_part(const Element& body, const std::string& section) {
    constexpr std::size_t kBasicFields = 7;
    parts.push_back({.section = section,
                     .headers = mime::read_part_headers(
                         {.content_type = text_at(body, 0) + "/" + text_at(body, 1) +
                                          parameters_of(at(body, 2)),
                          .content_disposition = disposition_of(body, kBasicFields),
                          .content_transfer_encoding = text_at(body, 5)},
                         "")});
    // Of a message the envelope follows, then the structure of its body.
    const auto* inner = at(body, kBasicFields + 1);
    if (parts.back().headers.media_type != "message/rfc822" || inner == nullptr ||
        !inner->is_list || inner->list.empty()) {
      return;
    }
    if (inner->list.front().is_list) {
      describe_multipart(*inner, section + ".TEXT", section);
    } else {
      describe_part(*inner, section + ".1");
    }
  }
};

}  // namespace

std::vector<DescribedPart> read_body_structure(ImapTokens& in, std::size_t& depth) {
  Element body;
  depth = 0;
  if (!Reader{in}.read_list(body, depth)) { return {}; }
  Describer describer;
  describer.describe(body, "");
  return std::move(describer.parts);
}

}  // namespace remora::mail
