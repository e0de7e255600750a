#include "dissect/ticket/first_bytes.h"

#include <algorithm>

#include "dissect/ticket/document_start.h"

namespace remora::ticket {

Verdict judge_first_bytes(ByteView first_bytes) {
  switch (judge_start(first_bytes.first(std::min(first_bytes.size(), kMaxPrologBytes)))) {
    case DocumentStart::kMore:
      return Verdict::kMore;
    case DocumentStart::kInvitation:
    case DocumentStart::kConnectionString2:
    case DocumentStart::kConnectionString1:
      return Verdict::kYes;
    case DocumentStart::kOther:
      break;
  }
  return Verdict::kNo;
}

}  // namespace remora::ticket
