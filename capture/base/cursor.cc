#include "capture/base/cursor.h"

namespace remora {

void Cursor::fail_short(std::size_t wanted, const char* field) {
  fail_at(offset(), field,
          std::to_string(bytes_.size() - position_) + " of " + std::to_string(wanted) + " bytes");
}

void Cursor::fail_at(std::size_t at, const char* field, std::string_view reason) {
  adopt({.field = field, .offset = at, .reason = std::string{reason}});
}

void Cursor::adopt(ReadError error) {
  if (failed_) { return; }
  failed_ = true;
  error_ = error;
  if (parent_ != nullptr) {
    error.field = std::string{name_} + "." + error.field;
    parent_->adopt(std::move(error));
  }
}

}  // namespace remora
