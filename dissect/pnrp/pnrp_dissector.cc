#include "dissect/pnrp/pnrp_dissector.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "dissect/observation/reachability.h"
#include "dissect/observation/ticket.h"
#include "dissect/pnrp/authority_buffer.h"
#include "dissect/pnrp/cpa.h"
#include "dissect/pnrp/easy_connect.h"
#include "dissect/ticket/document_watch.h"

namespace remora::pnrp {
namespace {

constexpr const char* kRegisteredRule = "infer.ticket.pnrp_registration";
constexpr const char* kAnsweredRule = "infer.ticket.pnrp_classifier";
constexpr const char* kRevokedRule = "pnrp.revoke";
constexpr const char* kCarrier = "PNRP";

/// Offsets of fragments, [MS-PNRP] 2.2.2.6.
constexpr std::size_t kFragmentBytes = 1188;

// That a name is one of Easy Connect. Others register names in the Global cloud too; the form of
// the classifier is Easy Connect's own (protocols-ra.md 6.1, 7).
constexpr double kConfidenceInRegistration = 0.6;
constexpr double kConfidenceInClassifier = 0.9;

/// Global unicast, 2000::/3, Teredo's included: the cloud of Easy Connect is the Global one,
/// [MS-RAIOP] 3.1.3.
[[nodiscard]] bool is_global(const IpAddress& address) {
  return !address.is_v4() && (to_u8(address.bytes()[0]) & 0xe0U) == 0x20U;
}

/// A ticket of which nothing is known but its name and its node.
[[nodiscard]] observation::TicketSeen make_seen(const PnrpId& id,
                                                const std::vector<IpAddress>& addresses,
                                                double confidence) {
  observation::Ticket ticket{.format = observation::Ticket::Format::kConnectionString2};
  ticket.key = ticket_key(id);
  for (const auto& address : addresses) {
    if (is_global(address)) { ticket.addresses.push_back({.address = address}); }
  }
  return {.ticket = std::move(ticket),
          .carriage = {.protocol = kCarrier},
          .known = Certainty::kInferred,
          .confidence = confidence};
}

/// The ticket in the payload, read with what travels in clear beside it.
void tell_opened(const std::string& classifier, ByteView payload, const Datagram& datagram,
                 Findings& out) {
  const auto opened = open_payload(classifier, payload);
  if (!opened.has_value()) { return; }
  const auto before = out.found().size();
  ticket::DocumentWatch watch{{.protocol = kCarrier}, nothing_given(), ticket::Look::kMessage};
  watch.on_bytes(datagram.from, *opened, datagram.at, out);
  watch.on_end(datagram.from, datagram.at, out);
  for (auto told = before; told < out.found().size(); ++told) {
    if (auto* seen = std::get_if<observation::TicketSeen>(&out.found()[told].what)) {
      seen->known = Certainty::kDecrypted;
    }
  }
}

}  // namespace

void PnrpDissector::on_datagram(const Datagram& datagram, Findings& out) {
  if (!is_pnrp(datagram.bytes)) { return; }
  const auto message = decode(datagram.bytes, read_message);
  if (!message) { return; }
  switch (message->type) {
    case MessageType::kLookup:
      on_lookup(*message, datagram, out);
      break;
    case MessageType::kFlood:
      on_flood(*message, datagram, out);
      break;
    case MessageType::kAuthority:
      on_authority(*message, datagram, out);
      break;
    default:
      break;
  }
}

/// Who registers a name looks for its successor and tells its own route entry, 3.2.4.1.
void PnrpDissector::on_lookup(const Message& message, const Datagram& datagram, Findings& out) {
  if (message.lookup_reason != Message::kRegistration || !message.route_entry.has_value() ||
      message.target != successor(message.route_entry->id)) {
    return;
  }
  const auto& entry = *message.route_entry;
  if (std::ranges::none_of(entry.addresses, is_global)) { return; }
  out.observe(datagram.at, datagram.from, kRegisteredRule,
              make_seen(entry.id, entry.addresses, kConfidenceInRegistration));
}

void PnrpDissector::on_flood(const Message& message, const Datagram& datagram, Findings& out) {
  if (!message.revoked_cpa.has_value()) { return; }
  const auto cpa = decode(*message.revoked_cpa, read_cpa);
  if (!cpa || !cpa->revoked) { return; }
  if (const auto id = cpa->id()) {
    out.observe(datagram.at, datagram.from, kRevokedRule,
                observation::TicketNameRevoked{.ticket = ticket_key(*id)});
  }
}

void PnrpDissector::on_authority(const Message& message, const Datagram& datagram, Findings& out) {
  if (!message.fragment.has_value()) { return; }
  const auto& fragment = *message.fragment;
  const std::size_t size = fragment.size;
  const std::size_t offset = fragment.offset;
  if (size > kMaxAuthorityBytes || offset % kFragmentBytes != 0 ||
      offset >= std::max<std::size_t>(size, 1)) {
    return;
  }
  const auto expected = std::min(kFragmentBytes, size - offset);
  if (fragment.bytes.size() < expected) { return; }
  const auto bytes = fragment.bytes.first(expected);
  if (expected == size) {
    on_buffer(bytes, datagram, out);
    return;
  }
  const auto acked = message.acked_id.value_or(0);
  auto place = std::ranges::find_if(incoming_, [&](const Incoming& one) {
    return one.from == datagram.from && one.acked_id == acked && one.bytes.size() == size;
  });
  if (place == incoming_.end()) {
    if (incoming_.size() >= kMaxBuffers) { incoming_.erase(incoming_.begin()); }
    incoming_.push_back(
        {.from = datagram.from,
         .acked_id = acked,
         .bytes = std::vector<std::byte>(size),
         .pieces = std::vector<bool>((size + kFragmentBytes - 1) / kFragmentBytes)});
    place = incoming_.end() - 1;
  }
  std::ranges::copy(bytes, place->bytes.begin() + static_cast<std::ptrdiff_t>(offset));
  place->pieces[offset / kFragmentBytes] = true;
  if (std::ranges::find(place->pieces, false) != place->pieces.end()) { return; }
  const auto whole = std::move(place->bytes);
  incoming_.erase(place);
  on_buffer(whole, datagram, out);
}

void PnrpDissector::on_buffer(ByteView bytes, const Datagram& datagram, Findings& out) const {
  const auto buffer = decode(bytes, read_authority_buffer);
  if (!buffer) { return; }
  if (!is_easy_connect(buffer->classifier) && !is_contact(buffer->classifier)) { return; }
  std::optional<PnrpId> id = buffer->cpa_id;
  if (buffer->extended_payload.has_value()) { id = buffer->extended_payload->id; }
  if (!id.has_value()) { return; }
  const auto addresses =
      buffer->route_entry.has_value() ? buffer->route_entry->addresses : std::vector<IpAddress>{};
  out.observe(datagram.at, datagram.from, kAnsweredRule,
              make_seen(*id, addresses, kConfidenceInClassifier));
  if (context_->open_easy_connect && is_easy_connect(buffer->classifier) &&
      buffer->extended_payload.has_value()) {
    tell_opened(buffer->classifier, buffer->extended_payload->payload, datagram, out);
  }
}

}  // namespace remora::pnrp
