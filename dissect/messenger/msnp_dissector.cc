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
  if (!command.joined.empty() && command.joined != other_account_) {
    several_ = several_ || !other_account_.empty();
    other_account_ = command.joined;
  }
  if (!command.left.empty() && command.left == other_account_) { other_account_.clear(); }
}

/// What the server passes on names its sender; else it is of whoever logged on here, to the other
/// one, where there is only one.
observation::Carriage MsnpDissector::carriage_of(const MsnpCommand& command) const {
  if (command.passed_on) {
    return {.protocol = "MSN", .sender = command.sender, .receiver = own_account_};
  }
  return {.protocol = "MSN",
          .sender = own_account_,
          .receiver = several_ ? std::string{} : other_account_};
}

/// Where the next command begins is not known.
void MsnpDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& out) {
  out.finish();
}

}  // namespace remora::messenger
