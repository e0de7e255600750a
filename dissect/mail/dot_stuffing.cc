#include "dissect/mail/dot_stuffing.h"

#include <string_view>

namespace remora::mail {

DotStuffedText::Step DotStuffedText::next(ByteView bytes) {
  const char c = as_text(bytes).front();
  switch (state_) {
    case State::kLineStart:
      if (c != '.') { break; }
      state_ = State::kDot;
      return {.used = 1};
    case State::kDot:
      if (c == '\r') {
        state_ = State::kDotReturn;
        return {.used = 1};
      }
      if (c == '\n') {
        strict_ = false;
        return {.used = 1, .ended = true};
      }
      break;
    case State::kDotReturn:
      if (c == '\n') {
        strict_ = after_return_;
        return {.used = 1, .ended = true};
      }
      state_ = State::kText;
      after_return_ = true;
      return {.used = 0, .text = as_bytes("\r")};
    case State::kText:
      break;
  }
  return on_text(bytes);
}

/// Text up to a dot that begins a line. Encoded bodies have no dots: mostly one scan for one byte.
DotStuffedText::Step DotStuffedText::on_text(ByteView bytes) {
  const auto text = as_text(bytes);
  const bool continues = state_ == State::kText;
  auto end = text.find('.');
  while (end != std::string_view::npos && (end == 0 || text[end - 1] != '\n')) {
    end = text.find('.', end + 1);
  }
  if (end == std::string_view::npos) { end = text.size(); }
  const auto taken = text.substr(0, end);
  state_ = taken.ends_with('\n') ? State::kLineStart : State::kText;
  if (taken == "\n") {
    after_return_ = continues && after_return_;
  } else {
    after_return_ = taken.ends_with('\n') ? taken.ends_with("\r\n") : taken.ends_with('\r');
  }
  return {.used = end, .text = bytes.first(end)};
}

}  // namespace remora::mail
