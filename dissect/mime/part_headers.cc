#include "dissect/mime/part_headers.h"

#include <array>
#include <utility>

#include "capture/base/bytes.h"
#include "dissect/encoding/host_name.h"
#include "dissect/encoding/text.h"
#include "dissect/mime/encoded_word.h"
#include "dissect/mime/parameters.h"

namespace remora::mime {
namespace {

/// UTF-8 cut to `size` bytes, no character in two.
void cut(std::string& text, std::size_t size) {
  if (text.size() <= size) { return; }
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) { --size; }
  text.resize(size);
}

/// RFC 2231 before the plain form, RFC 6266 4.3 says the same for HTTP.
[[nodiscard]] std::string file_name_of(const ParameterizedValue& disposition,
                                       const ParameterizedValue& type) {
  for (const auto& [value, name] : {std::pair{&disposition, "filename*"},
                                    {&disposition, "filename"},
                                    {&type, "name*"},
                                    {&type, "name"}}) {
    if (auto found = to_file_name(value->find(name)); !found.empty()) { return found; }
  }
  return {};
}

}  // namespace

TransferEncoding to_transfer_encoding(std::string_view name) {
  constexpr std::array kNames{
      std::pair{std::string_view{"base64"}, TransferEncoding::kBase64},
      std::pair{std::string_view{"quoted-printable"}, TransferEncoding::kQuotedPrintable},
      std::pair{std::string_view{"x-uuencode"}, TransferEncoding::kUuencode},
      std::pair{std::string_view{"uuencode"}, TransferEncoding::kUuencode},
      std::pair{std::string_view{"x-uue"}, TransferEncoding::kUuencode},
      std::pair{std::string_view{"x-uu"}, TransferEncoding::kUuencode},
  };
  for (const auto& [word, encoding] : kNames) {
    if (encoding::same_name(name, word)) { return encoding; }
  }
  return TransferEncoding::kIdentity;
}

std::string to_file_name(std::string_view bytes) {
  auto name = encoding::to_utf8(as_bytes(decode_encoded_words(bytes)));
  if (const auto folder = name.find_last_of("/\\"); folder != std::string::npos) {
    name.erase(0, folder + 1);
  }
  cut(name, kMaxFileName);
  return name;
}

PartHeaders read_part_headers(const RawFields& fields, std::string_view default_type) {
  const auto type = read_parameters(fields.content_type);
  const auto disposition = read_parameters(fields.content_disposition);
  // A comment may follow: "base64 (RFC 2045)"; some write a semicolon.
  const auto encoding = read_parameters(fields.content_transfer_encoding).value;
  PartHeaders headers{.media_type = type.value,
                      .encoding = to_transfer_encoding(encoding.substr(0, encoding.find(' '))),
                      .file_name = file_name_of(disposition, type)};
  if (headers.media_type.empty()) { headers.media_type = default_type; }
  if (headers.media_type.starts_with("multipart/")) {
    headers.boundary = type.find("boundary");
    if (headers.boundary.size() > kMaxBoundary) { headers.boundary.resize(kMaxBoundary); }
  }
  if (disposition.value == "form-data") {
    headers.form_name = encoding::to_utf8(as_bytes(disposition.find("name")));
    cut(headers.form_name, kMaxFileName);
  }
  return headers;
}

}  // namespace remora::mime
