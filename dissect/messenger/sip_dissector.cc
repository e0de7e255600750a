#include "dissect/messenger/sip_dissector.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dissect/messenger/sip_message.h"
#include "dissect/ticket/stream_scan.h"

namespace remora::messenger {
namespace {

observation::Carriage carriage_of(std::string_view head) {
  auto accounts = sip_accounts(head);
  return {.protocol = "SIP",
          .sender = std::move(accounts.sender),
          .receiver = std::move(accounts.receiver)};
}

}  // namespace

std::size_t SipDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& body = bodies_.at(index_of(from));
  if (body.begun()) { return body.on_bytes(from, bytes, at, out); }
  const auto head = measure_sip_head(bytes);
  if (head.needs_more()) { return 0; }
  if (head.is_lost()) {
    out.finish();
    return bytes.size();
  }
  // Over a stream the length is a must, RFC 3261 18.3; without it there is no body.
  const auto length = sip_content_length(as_text(bytes.first(head.size()))).value_or(0);
  if (length > kMaxBody) {
    out.skip(length);
  } else {
    body.begin(*context_, carriage_of(as_text(bytes.first(head.size()))), length);
  }
  return head.size();
}

void SipDissector::on_end(Side from, Instant at, Findings& out) {
  bodies_.at(index_of(from)).on_end(from, at, out);
}

void SipDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& out) {
  out.finish();
}

void SipDatagrams::on_datagram(const Datagram& datagram, Findings& out) {
  const auto head = measure_sip_head(datagram.bytes);
  if (!head.is_whole()) { return; }
  const auto body = datagram.bytes.subspan(head.size());
  const auto length =
      sip_content_length(as_text(datagram.bytes.first(head.size()))).value_or(body.size());
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(length, body.size()));
  ticket::scan_message(carriage_of(as_text(datagram.bytes.first(head.size()))), *context_,
                       datagram.from, body.first(size), datagram.at, out);
}

}  // namespace remora::messenger
