#include "dissect/mime/header_reader.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "dissect/encoding/host_name.h"

namespace remora::mime {
namespace {

/// Longer than any name of interest.
constexpr std::size_t kMaxName = 32;

}  // namespace

std::size_t HeaderReader::on_bytes(ByteView bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !done() && !at_dash_) {
    const auto rest = bytes.subspan(used);
    switch (state_) {
      case State::kLineStart:
      case State::kEmptyLine:
        used += on_line_start(rest);
        break;
      case State::kName:
        used += on_name(rest);
        break;
      case State::kValue:
      case State::kSkip:
        used += on_rest(rest);
        break;
      case State::kDone:
        break;
    }
  }
  return used;
}

std::size_t HeaderReader::on_line_start(ByteView bytes) {
  const auto c = as_text(bytes).front();
  if (c == '\n') {
    state_ = State::kDone;
    return 1;
  }
  if (c == '\r') {  // with what is no LF behind it, it belongs to no line
    state_ = State::kEmptyLine;
    return 1;
  }
  if (c == '-') {
    at_dash_ = true;
    return 0;
  }
  ++lines_;
  if (c == ' ' || c == '\t') {
    state_ = field_ == nullptr ? State::kSkip : State::kValue;
    return 0;
  }
  field_ = nullptr;
  name_.clear();
  state_ = State::kName;
  return 0;
}

std::size_t HeaderReader::on_name(ByteView bytes) {
  const auto text = as_text(bytes);
  const auto end = std::min(text.find_first_of(":\n"), text.size());
  if (name_.size() + end > kMaxName) {
    state_ = State::kSkip;
    return 0;
  }
  name_ += text.substr(0, end);
  if (end == text.size()) { return end; }
  field_ = text[end] == ':' ? field_of_name() : nullptr;
  state_ = field_ == nullptr ? State::kSkip : State::kValue;
  return text[end] == ':' ? end + 1 : end;
}

/// The rest of a line, kept or not, with its end.
std::size_t HeaderReader::on_rest(ByteView bytes) {
  const auto text = as_text(bytes);
  const auto end = text.find('\n');
  if (state_ == State::kValue) {
    auto& value = fields_.*field_;
    value.append(text.substr(0, std::min(end, kMaxField - value.size())));
    if (end != std::string_view::npos && value.ends_with('\r')) { value.pop_back(); }
  }
  if (end == std::string_view::npos) { return text.size(); }
  state_ = State::kLineStart;
  return end + 1;
}

void HeaderReader::on_gap() {
  if (field_ != nullptr) { (fields_.*field_).clear(); }
  field_ = nullptr;
  at_dash_ = false;
  if (!done()) { state_ = State::kSkip; }
}

/// Null unless the field is of interest and the first of its name.
std::string RawFields::*HeaderReader::field_of_name() const {
  constexpr std::array kFields{
      std::pair{std::string_view{"content-type"}, &RawFields::content_type},
      std::pair{std::string_view{"content-disposition"}, &RawFields::content_disposition},
      std::pair{std::string_view{"content-transfer-encoding"},
                &RawFields::content_transfer_encoding},
  };
  const auto last = name_.find_last_not_of(" \t");
  const auto name = std::string_view{name_}.substr(0, last + 1);
  for (const auto& [word, field] : kFields) {
    if (encoding::same_name(name, word)) { return (fields_.*field).empty() ? field : nullptr; }
  }
  return nullptr;
}

}  // namespace remora::mime
