#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dissect/mime/part_sink.h"

namespace remora::mime {

/// Writes down what a sink is told: "text/plain a.txt [bytes] ", "!mime.too_deep ".
class RecordedParts final : public PartSink {
 public:
  bool on_part(const PartHeaders& headers) override {
    told += headers.media_type + " ";
    if (!headers.file_name.empty()) { told += headers.file_name + " "; }
    told += "[";
    ++parts;
    return wanted;
  }
  bool on_part_bytes(ByteView bytes) override {
    told += as_text(bytes);
    return true;
  }
  void on_part_gap() override { told += "<gap>"; }
  void on_part_end() override { told += "] "; }
  void on_oddity(const char* code, const char* /*detail*/) override {
    told += std::string{"!"} + code + " ";
  }

  std::string told;
  std::size_t parts{0};
  bool wanted{true};
};

}  // namespace remora::mime
