// Any bytes as a document, a message or a stream that may hold tickets. The first byte says which,
// whether its name or carrier claims a ticket, and the size of pieces; the same must be found in
// pieces and in one, and no secret may come out.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dissect/conversation/context.h"
#include "dissect/ticket/document_watch.h"
#include "dissect/ticket/stream_scan.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {
namespace {

using observation::TicketRefused;
using observation::TicketSeen;

/// That of the tickets which make_seeds.py starts from.
const Context& context() {
  static const Context* const given = [] {
    auto* made = new Context;
    (void)made->keys.add_ticket_password("wrong");
    (void)made->keys.add_ticket_password("K7P3ZQ2M9XTB");
    return made;
  }();
  return *given;
}

void demand_good(const Finding& finding) {
  if (const auto* seen = std::get_if<TicketSeen>(&finding.what)) {
    const auto& ticket = seen->ticket;
    demand(ticket.key != observation::Sha256{}, "a ticket has its key");
    demand(ticket.addresses.size() <= 128, "addresses are bounded");
    demand(ticket.user_name.size() <= 1024, "a user's name is bounded");
    for (const auto& address : ticket.addresses) {
      demand(address.address.has_value() != !address.name.empty(), "an address or a name");
    }
    if (ticket.start.has_value() && ticket.valid.has_value()) {
      demand(*ticket.start + *ticket.valid <= kLatest, "validity ends in times that there are");
    }
  } else if (const auto* refused = std::get_if<TicketRefused>(&finding.what)) {
    demand(!refused->error.empty(), "a refusal has its word");
    demand(refused->size <= ticket::DocumentWatch::kMaxTicketBytes, "what is kept is bounded");
    demand(refused->line.value_or(1) > 0 && refused->column.value_or(1) > 0, "places count from 1");
  } else {
    demand(std::holds_alternative<observation::Anomaly>(finding.what), "tickets tell of tickets");
  }
}

template <typename Feed>
std::vector<Finding> in_pieces(ByteView bytes, std::size_t piece, Feed& feed) {
  Findings out;
  while (!bytes.empty()) {
    const auto next = bytes.first(std::min(piece, bytes.size()));
    const std::vector<std::byte> copy(next.begin(), next.end());
    feed.on_bytes(copy, out);
    bytes = bytes.subspan(next.size());
  }
  feed.on_end(out);
  return std::move(out.found());
}

struct Document {
  ticket::DocumentWatch watch;
  void on_bytes(ByteView bytes, Findings& out) { watch.on_bytes(Side::kInitiator, bytes, {}, out); }
  void on_end(Findings& out) { watch.on_end(Side::kInitiator, {}, out); }
};

struct Stream {
  ticket::StreamScan scan{context()};
  void on_bytes(ByteView bytes, Findings& out) {
    demand(scan.on_bytes(Side::kInitiator, bytes, {}, out) == bytes.size(), "all is heard");
  }
  void on_end(Findings& out) { scan.on_end(Side::kInitiator, {}, out); }
};

std::vector<Finding> look(unsigned choice, ByteView bytes, std::size_t piece) {
  if ((choice & 3U) == 3) {
    Stream stream;
    return in_pieces(bytes, piece, stream);
  }
  using ticket::Look;
  // By bits 0 to 2; a document may have a name that claims a ticket.
  constexpr std::array kLooks{Look::kDocument, Look::kMessage, Look::kStream,  Look::kDocument,
                              Look::kDocument, Look::kTicket,  Look::kUnnamed, Look::kDocument};
  const auto* name = (choice & 7U) == 4 ? "a.msrcIncident" : "";
  Document document{ticket::DocumentWatch{
      {.protocol = "FTP", .file_name = name, .place = {}}, context(), kLooks.at(choice & 7U)}};
  return in_pieces(bytes, piece, document);
}

bool same(const Finding& one, const Finding& two) {
  return one.from == two.from && std::string_view{one.rule} == two.rule && one.what == two.what;
}

void run(ByteView input) {
  if (input.empty()) { return; }
  const auto choice = std::to_integer<unsigned>(input[0]);
  const auto bytes = input.subspan(1);
  const auto whole = look(choice, bytes, bytes.size() + 1);
  for (const auto& finding : whole) { demand_good(finding); }
  const auto cut = look(choice, bytes, (choice >> 3U) + 1);
  demand(whole.size() == cut.size(), "as much is found in pieces");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    demand(same(whole[at], cut[at]), "the same is found in pieces");
  }
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
