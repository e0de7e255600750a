#include "dissect/ticket_file/ticket_file_dissector.h"

namespace remora::ticket_file {

std::size_t TicketFileDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& body = bodies_.at(index_of(from));
  if (!body.has_value()) {
    body.emplace(
        observation::Carriage{.protocol = "TCP", .file_name = {}, .place = {}, .server = {}},
        ticket::kNotSearched, *context_, ticket::Look::kUnnamed);
  }
  body->on_bytes(from, bytes, at, out);
  if (!body->wanted()) { out.leave(); }
  return bytes.size();
}

void TicketFileDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/,
                                 Findings& /*out*/) {
  if (auto& body = bodies_.at(index_of(from)); body.has_value()) { body->on_gap(); }
}

void TicketFileDissector::on_end(Side from, Instant at, Findings& out) {
  if (auto& body = bodies_.at(index_of(from)); body.has_value()) { body->on_end(from, at, out); }
}

}  // namespace remora::ticket_file
