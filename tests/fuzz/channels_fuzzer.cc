// Messages on the channels of a session. The first byte says on which channel; kChannels has the
// order, and one more stands for chunks with their headers; the messages follow (channel_talk.h).
// The findings must be the same however a message is cut. make_seeds.py knows the format.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "dissect/assistance/assistance_dissector.h"
#include "dissect/dynamic_channels/dynamic_channels_dissector.h"
#include "dissect/rdp/static_channels.h"
#include "tests/fuzz/channel_talk.h"
#include "tests/fuzz/demand.h"

namespace remora {
namespace fuzz {
namespace {

constexpr std::array<std::string_view, 7> kChannels{"remdesk", "encomsp", "drdynvc", "RC_CTL",
                                                    "70",      "71",      "RA_FX"};

void run_channel(std::string_view channel, const std::vector<Message>& messages) {
  const auto listen = [&](std::size_t piece_bytes) {
    if (channel == "drdynvc") {
      dynamic_channels::DynamicChannelsDissector dissector;
      return hear(dissector, channel, messages, piece_bytes);
    }
    assistance::AssistanceDissector dissector;
    return hear(dissector, channel, messages, piece_bytes);
  };
  const auto whole = listen(SIZE_MAX);
  const auto cut = listen(3);
  demand(whole.found == cut.found, "the findings do not depend on how a message is cut");
  demand(whole.passed_on == cut.passed_on, "nor does what is passed on");
}

void run_chunks(const std::vector<Message>& messages) {
  constexpr std::uint16_t kChannel = 1004;
  rdp::StaticChannels channels;
  observation::ClientSettings client;
  client.channels = {{.name = "remdesk"}};
  channels.set_names(client);
  observation::ServerSettings server;
  server.channel_ids = {kChannel};
  channels.set_ids(server);
  Heard heard;
  for (const auto& message : messages) {
    Findings out;
    if (message.kind == ChannelPiece::Kind::kClear) {
      channels.on_chunk(kChannel, message.bytes, message.from, {}, out);
    } else {
      channels.on_gap(message.from, out);
    }
    take(out, heard);
  }
}

void run(ByteView input) {
  if (input.empty()) { return; }
  const auto choice = to_u8(input[0]) % (kChannels.size() + 1);
  const auto messages = split(input.subspan(1));
  if (choice == kChannels.size()) {
    run_chunks(messages);
  } else {
    run_channel(kChannels.at(choice), messages);
  }
}

}  // namespace
}  // namespace fuzz
}  // namespace remora

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
