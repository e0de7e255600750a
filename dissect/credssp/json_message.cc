#include "dissect/credssp/json_message.h"

namespace remora::credssp {

std::size_t JsonMessage::on_bytes(ByteView bytes) {
  if (!open()) { size_ = 0; }
  std::size_t used = 0;
  for (const auto c : as_text(bytes)) {
    if (too_large()) { break; }
    ++used;
    ++size_;
    on_character(c);
    if (!open()) { break; }
  }
  return used;
}

void JsonMessage::on_character(char c) {
  if (escaped_) {
    escaped_ = false;
  } else if (in_text_) {
    escaped_ = c == '\\';
    in_text_ = c != '"';
  } else if (c == '"') {
    in_text_ = true;
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if (c == '}' || c == ']') {
    depth_ -= depth_ > 0 ? 1 : 0;
  }
}

}  // namespace remora::credssp
