#include "dissect/conversation/recogniser.h"

namespace remora {

FirstBytes::FirstBytes(Verdict (*recognise)(ByteView first_bytes)) {
  for (std::size_t value = 0; value < excluded_.size(); ++value) {
    const auto first = static_cast<std::byte>(value);
    excluded_[value] = recognise(ByteView{&first, 1}) == Verdict::kNo;
  }
}

RecogniserAnswer recognise(Families families, const Context& context, ByteView first_bytes) {
  for (const auto& family : families) {
    if (family.recognise == nullptr) { continue; }
    if (!first_bytes.empty() && !family.first_bytes.contain(first_bytes[0])) { continue; }
    if (family.wanted != nullptr && !family.wanted(context)) { continue; }
    const auto verdict = family.recognise(first_bytes);
    if (verdict == Verdict::kYes) { return {.verdict = verdict, .family = &family}; }
    if (verdict == Verdict::kMore) { return {.verdict = verdict}; }
  }
  return {};
}

const Family* recognise_datagram(Families families, const Datagram& datagram) {
  for (const auto& family : families) {
    if (family.recognise_datagram != nullptr && family.recognise_datagram(datagram)) {
      return &family;
    }
  }
  return nullptr;
}

}  // namespace remora
