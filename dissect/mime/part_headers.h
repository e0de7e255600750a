#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace remora::mime {

/// Content-Transfer-Encoding, RFC 2045 6.
enum class TransferEncoding : std::uint8_t {
  kIdentity,  ///< 7bit, 8bit, binary, and names that nobody knows
  kBase64,
  kQuotedPrintable,
  kUuencode,  ///< x-uuencode and its other names
};

/// The header fields of an entity that tell what its body is, as they came.
struct RawFields {
  std::string content_type{};
  std::string content_disposition{};
  std::string content_transfer_encoding{};
};

/// What the headers of a part, a message or a form's field say of its body.
struct PartHeaders {
  std::string media_type{};  ///< lower case: "text/plain"; never empty once read
  std::string boundary{};    ///< of a multipart
  TransferEncoding encoding{TransferEncoding::kIdentity};
  std::string file_name{};  ///< UTF-8, safe to print, without folders; empty when none is told
  std::string form_name{};  ///< the field of a form that the part is (RFC 7578), safe to print
  bool operator==(const PartHeaders&) const = default;
};

/// LIMIT: RFC 2046 5.1.1 says 70; of a longer one the beginning is kept and compared.
inline constexpr std::size_t kMaxBoundary = 200;
/// LIMIT: of a file's name, in bytes.
inline constexpr std::size_t kMaxFileName = 255;

/// `default_type` holds where no type is told.
[[nodiscard]] PartHeaders read_part_headers(const RawFields& fields, std::string_view default_type);

[[nodiscard]] TransferEncoding to_transfer_encoding(std::string_view name);

/// A file's name as a stranger wrote it: encoded words decoded, UTF-8, without folders, cut to
/// kMaxFileName.
[[nodiscard]] std::string to_file_name(std::string_view bytes);

}  // namespace remora::mime
