#include "dissect/encoding/quoted_printable.h"

#include <algorithm>

#include "dissect/encoding/hex.h"

namespace remora::encoding {
std::size_t QuotedPrintableStream::decode(ByteView in, std::span<std::byte> out) {
  std::size_t made = 0;
  for (std::size_t at = 0; at < in.size();) {
    if (escape_ == Escape::kNone) {
      const auto rest = in.subspan(at);
      const auto equals = std::min(as_text(rest).find('='), rest.size());
      std::copy_n(rest.begin(), equals, out.subspan(made).begin());
      made += equals;
      at += equals;
      if (at < in.size()) {
        escape_ = Escape::kEquals;
        ++at;
      }
      continue;
    }
    made += escaped(in[at++], out.subspan(made));
  }
  return made;
}

/// The next byte behind an equals sign; what it gives.
std::size_t QuotedPrintableStream::escaped(std::byte b, std::span<std::byte> out) {
  const auto value = hex_digit(std::to_integer<char>(b));
  if (escape_ == Escape::kDigit && value.has_value()) {
    out[0] = static_cast<std::byte>((hex_digit(std::to_integer<char>(digit_)).value_or(0) << 4U) |
                                    *value);
    escape_ = Escape::kNone;
    return 1;
  }
  if (escape_ == Escape::kEquals && value.has_value()) {
    digit_ = b;
    escape_ = Escape::kDigit;
    return 0;
  }
  if (escape_ != Escape::kDigit) {
    if (b == std::byte{'\n'}) {
      escape_ = Escape::kNone;
      return 0;
    }
    if (escape_ != Escape::kCarriageReturn) {
      const bool blank = b == std::byte{' '} || b == std::byte{'\t'};
      if (blank || b == std::byte{'\r'}) {
        escape_ = blank ? Escape::kBlank : Escape::kCarriageReturn;
        return 0;
      }
    }
  }
  // No escape: it stands for itself, but white space and line ends behind it are lost.
  std::size_t made = 0;
  if (escape_ != Escape::kCarriageReturn) { out[made++] = std::byte{'='}; }
  if (escape_ == Escape::kDigit) { out[made++] = digit_; }
  if (b == std::byte{'='}) {
    escape_ = Escape::kEquals;
    return made;
  }
  escape_ = Escape::kNone;
  out[made++] = b;
  return made;
}

}  // namespace remora::encoding
