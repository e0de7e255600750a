#include "dissect/names/llmnr.h"

#include <utility>

#include "dissect/names/dns_message.h"
#include "dissect/names/domain_name.h"
#include "dissect/names/host_address.h"
#include "dissect/names/host_name.h"

namespace remora::names {
namespace {

/// RFC 4795 2.1.1: C (the name is in conflict), TC (cut short), T (not yet verified to be unique).
constexpr std::uint16_t kConflictTruncatedTentative = 0x0700;

/// 2.5: hosts answer for themselves alone. Whether the question was asked, to a group and from a
/// port of its own, is another flow's to know.
bool is_own(const IpAddress& address, const IpAddress& sender) {
  return address == sender || is_link_local_sibling(address, sender);
}

}  // namespace

bool recognise_llmnr(const Datagram& datagram) {
  if (datagram.source.port != kLlmnrPort && datagram.destination.port != kLlmnrPort) {
    return false;
  }
  const auto header = to_dns_header(datagram.bytes);
  return header.has_value() && header->opcode() == Opcode::kQuery && header->questions == 1;
}

void read_llmnr(const Datagram& datagram, Findings& out) {
  if (datagram.source.port != kLlmnrPort) { return; }
  // 2.4: responses go to the one who asked.
  if (!is_host_address(datagram.destination.address)) { return; }
  const auto header = to_dns_header(datagram.bytes);
  if (!header.has_value() || !header->is_positive_answer() ||
      (header->flags & kConflictTruncatedTentative) != 0) {
    return;
  }
  const auto message = to_dns_message(datagram.bytes, Sections::kAnswers);
  if (!message.has_value() || message->questions.size() != 1) { return; }
  const auto& question = message->questions.front();
  const auto host = to_host_name(question.name);
  if (!host.has_value()) { return; }
  for (const auto& record : message->answers) {
    if (!record.address.has_value() || record.klass != kClassInternet ||
        !is_same_name(record.owner, question.name) || !is_host_address(*record.address) ||
        !is_own(*record.address, datagram.source.address)) {
      continue;
    }
    out.observe(datagram.at, datagram.from, "llmnr.answer",
                observation::NameLearned{.address = *record.address,
                                         .name = *host,
                                         .kind = observation::NameKind::kLlmnr,
                                         .ttl = record.ttl,
                                         .told_to = datagram.destination.address});
  }
}

}  // namespace remora::names
