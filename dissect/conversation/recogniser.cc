#include "dissect/conversation/recogniser.h"

namespace remora {

RecogniserAnswer recognise(Families families, const Context& context, ByteView first_bytes) {
  RecogniserAnswer answer;
  for (const auto& family : families) {
    if (family.recognise == nullptr) { continue; }
    if (family.wanted != nullptr && !family.wanted(context)) { continue; }
    switch (family.recognise(first_bytes)) {
      case Verdict::kYes:
        return {.verdict = Verdict::kYes, .family = &family};
      case Verdict::kMore:
        answer.verdict = Verdict::kMore;
        break;
      case Verdict::kNo:
        break;
    }
  }
  return answer;
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
