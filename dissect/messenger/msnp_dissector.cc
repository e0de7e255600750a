#include "dissect/messenger/msnp_dissector.h"

namespace remora::messenger {

std::size_t MsnpDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& payload = payloads_.at(index_of(from));
  if (payload.begun()) { return payload.on_bytes(from, bytes, at, out); }
  const auto line = measure_msnp_line(bytes);
  if (line.needs_more()) { return 0; }
  if (line.is_lost()) {
    out.finish();
    return bytes.size();
  }
  const auto command = read_msnp_line(bytes.first(line.size()));
  learn(command);
  if (!command.is_message || command.payload_bytes > kMaxPayload) {
    out.skip(command.payload_bytes);
  } else {
    payload.begin(*context_, carriage_of(command), command.payload_bytes);
  }
  return line.size();
}

void MsnpDissector::on_end(Side from, Instant at, Findings& out) {
  payloads_.at(index_of(from)).on_end(from, at, out);
}

void MsnpDissector::learn(const MsnpCommand& command) {
  if (!command.own_account.empty()) { own_account_ = command.own_account; }
  if (!command.other_account.empty()) { other_account_ = command.other_account; }
}

/// What the server passes on names its sender; else it is of whoever logged on here.
observation::Carriage MsnpDissector::carriage_of(const MsnpCommand& command) const {
  const bool passed_on = !command.sender.empty();
  return {.protocol = "MSN",
          .sender = passed_on ? command.sender : own_account_,
          .receiver = passed_on ? own_account_ : other_account_};
}

/// Where the next command begins is not known.
void MsnpDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& out) {
  out.finish();
}

}  // namespace remora::messenger
