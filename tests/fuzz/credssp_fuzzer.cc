// What authenticates before RDP inside TLS. The first byte says who gets the rest: kTries has the
// order of the readers, and behind them the dissectors of families(). Chunks of a stream are those
// of stream_talk.h. The findings must be the same however the stream is
// cut, holes and damage included. make_seeds.py knows the format.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "dissect/conversation/conversation.h"
#include "dissect/credssp/family.h"
#include "dissect/credssp/negotiation.h"
#include "dissect/credssp/rdstls_pdu.h"
#include "dissect/credssp/ts_request.h"
#include "dissect/encoding/text.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/stream_talk.h"
#include "tests/fuzz/try_reader.h"
#include "tests/support/finding_equality.h"

namespace remora {

namespace fuzz {
namespace {

void demand_told(const std::vector<Finding>& found) {
  for (const auto& finding : found) {
    if (const auto* told = std::get_if<observation::Authentication>(&finding.what)) {
      const bool failed = told->step == observation::Authentication::Step::kFailed;
      demand(failed == told->error.has_value(), "who fails, and nobody else, has an error");
      auto text = told->user + told->domain + told->workstation + told->target;
      for (const auto& name : told->names) { text += name; }
      demand(encoding::is_printable(as_bytes(text)), "what is told is printable UTF-8");
    } else {
      demand(std::holds_alternative<observation::Damage>(finding.what),
             "only authentication and damage are told");
    }
  }
}

template <Extent (*kMeasure)(ByteView)>
void try_measure(ByteView bytes) {
  const auto extent = kMeasure(bytes);
  demand(!extent.is_whole() || (extent.size() > 0 && extent.size() <= bytes.size()),
         "a whole PDU is there");
}

/// What was decided of a beginning stays decided.
template <Verdict (*kRecognise)(ByteView)>
void try_recognise(ByteView bytes) {
  auto verdict = Verdict::kMore;
  for (std::size_t size = 1; size <= std::min<std::size_t>(bytes.size(), 64); ++size) {
    const auto now = kRecognise(bytes.first(size));
    demand(verdict == Verdict::kMore || now == verdict, "a verdict stays");
    verdict = now;
  }
}

/// A token of one side, then the same of the other.
void try_token(ByteView bytes) {
  credssp::Negotiation negotiation;
  Findings out;
  negotiation.on_token(Side::kInitiator, bytes, {}, out);
  negotiation.on_token(Side::kAcceptor, bytes, {}, out);
  demand_told(out.found());
}

using Try = void (*)(ByteView);
constexpr std::array<Try, 7> kTries{
    &try_reader<&credssp::read_ts_request>,
    &try_measure<&credssp::measure_ts_request>,
    &try_recognise<&credssp::recognise_ts_request>,
    &try_token,
    &try_reader<&credssp::read_rdstls_password_request>,
    &try_measure<&credssp::measure_rdstls_pdu>,
    &try_recognise<&credssp::recognise_rdstls>,
};

Families families() {
  static const std::array all{credssp::family(), credssp::rdstls_family(), credssp::aad_family()};
  return all;
}

std::vector<Finding> findings(Protocol protocol, const std::vector<Chunk>& chunks,
                              bool byte_by_byte) {
  std::vector<Finding> found;
  Conversation conversation{families()};
  Instant at;
  conversation.begin(protocol, at, Side::kInitiator, found);
  lead(conversation, chunks, byte_by_byte, 2 * Conversation::kMaxTail, at, found);
  return found;
}

void run_stream(Protocol protocol, ByteView input) {
  const auto chunks = split_chunks(input);
  const auto whole = findings(protocol, chunks, false);
  const auto cut = findings(protocol, chunks, true);
  demand_told(whole);
  demand(whole == cut, "the findings do not depend on how the bytes come");
}

void run(ByteView input) {
  if (input.empty()) { return; }
  const auto choice = to_u8(input[0]) % (kTries.size() + families().size());
  const auto rest = input.subspan(1);
  if (choice < kTries.size()) {
    kTries.at(choice)(rest);
  } else {
    run_stream(families()[choice - kTries.size()].protocol, rest);
  }
}

}  // namespace
}  // namespace fuzz
}  // namespace remora

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
