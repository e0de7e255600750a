// Any bytes as what a client sends to `remora collect`. The first byte is the size of pieces and
// whether everything is made durable after each; the same must be stored and answered in pieces and
// in one, nothing is acknowledged that was not delivered, and what is stored is an event.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/collect/dialogue.h"
#include "daemon/event/delimited.h"
#include "daemon/event/size_limit.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {
namespace {

struct Said {
  std::string stored;
  std::string answers;  ///< but acknowledgements, which depend on when it was durable
  std::uint64_t acknowledged{0};
  bool finished{false};
};

void read_answers(const std::string& output, Said& said) {
  DelimitedReader reader{std::size_t{1} << 20U};
  reader.append(output);
  auto bytes = reader.next();
  for (; bytes.has_value() && bytes->has_value(); bytes = reader.next()) {
    v1::CollectorFrame frame;
    demand(frame.ParseFromArray((*bytes)->data(), static_cast<int>((*bytes)->size())),
           "an answer is a frame");
    if (!frame.has_acknowledgement()) {
      said.answers += frame.ShortDebugString();
      continue;
    }
    demand(frame.acknowledgement().number() > said.acknowledged, "acknowledgements grow");
    said.acknowledged = frame.acknowledgement().number();
  }
  demand(bytes.has_value() && reader.held_bytes() == 0, "answers are whole");
}

[[nodiscard]] Said talk(std::string_view stream, std::size_t piece, bool durable_each_time) {
  Said said;
  collect::Dialogue dialogue{[&said](const v1::Event& event, std::string_view bytes) {
    demand(!event.event_id().empty(), "an event has its id");
    demand(!bytes.empty() && bytes.size() <= kMaxEventBytes, "events are bounded");
    append_delimited(said.stored, bytes);
    return true;
  }};
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    dialogue.on_bytes(stream.substr(at, piece));
    if (durable_each_time) { dialogue.on_durable(); }
    read_answers(dialogue.take_output(), said);
  }
  dialogue.on_durable();
  read_answers(dialogue.take_output(), said);
  demand(!dialogue.awaits_durability(), "what is durable is acknowledged");
  said.finished = dialogue.finished();
  return said;
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using remora::fuzz::demand;
  if (size == 0) { return 0; }
  const std::string_view stream{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto whole = remora::fuzz::talk(stream, stream.size() + 1, false);
  const auto pieces =
      remora::fuzz::talk(stream, static_cast<std::size_t>(data[0] & 0x7fU) + 1, data[0] >= 0x80);
  demand(whole.stored == pieces.stored, "the same is stored however the stream is cut");
  demand(whole.answers == pieces.answers, "the same is answered however the stream is cut");
  demand(whole.finished == pieces.finished, "it ends the same however the stream is cut");
  demand(whole.acknowledged <= pieces.acknowledged || data[0] < 0x80,
         "more moments of durability acknowledge no less");
  return 0;
}
