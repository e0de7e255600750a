#include "dissect/smb/smb_dissector.h"

#include <string>
#include <utility>

#include "dissect/encoding/host_name.h"
#include "dissect/smb/smb1.h"
#include "dissect/smb/smb2.h"

namespace remora::smb {
namespace {

using observation::AccountSeen;
using observation::EndAccount;
using observation::EndNamed;
using observation::NameKind;

/// A message is judged by its mark and command, which stand this far at most.
constexpr std::size_t kPeekBytes = 14;

/// Whether anything in the message can tell a name: else its body is passed over unread.
[[nodiscard]] bool is_of_interest(Dialect dialect, ByteView message) {
  if (dialect == Dialect::kSmb1) {
    switch (Smb1Command{to_u8(message[4])}) {
      case Smb1Command::kNegotiate:
      case Smb1Command::kSessionSetupAndX:
      case Smb1Command::kTreeConnectAndX:
        return true;
    }
    return false;
  }
  const auto command =
      static_cast<unsigned>(to_u8(message[12])) | static_cast<unsigned>(to_u8(message[13])) << 8U;
  return command == static_cast<unsigned>(Smb2Command::kSessionSetup) ||
         command == static_cast<unsigned>(Smb2Command::kTreeConnect);
}

/// The server of "\\srv\share"; empty when it is no path.
[[nodiscard]] std::string server_of(const std::string& path) {
  const auto first = path.find_first_not_of('\\');
  if (first == std::string::npos) { return {}; }
  const auto end = path.find('\\', first);
  return end == std::string::npos ? std::string{} : path.substr(first, end - first);
}

void name_end(Side whose, std::string name, bool told_to_peer, Side from, const char* rule,
              Instant at, Findings& out) {
  if (name.ends_with('.')) { name.pop_back(); }
  if (!encoding::may_be_host_name(name)) { return; }
  out.observe(at, from, rule,
              EndNamed{.whose = whose,
                       .name = std::move(name),
                       .kind = NameKind::kSmb,
                       .told_to_peer = told_to_peer});
}

void on_session_request(Side from, ByteView packet, Instant at, Findings& out) {
  const auto request = decode(packet, read_session_request);
  if (!request) { return; }
  constexpr const char* kRule = "smb.session_request";
  name_end(other(from), request->called, true, from, kRule, at, out);
  name_end(from, request->calling, false, from, kRule, at, out);
}

/// The first tree connect ends what a session tells of names.
void on_tree_path(Side from, const std::string& path, Instant at, Findings& out) {
  if (path.empty()) { return; }
  name_end(other(from), server_of(path), true, from, "smb.tree_connect", at, out);
  out.leave();
}

}  // namespace

std::size_t SmbDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (messages_ >= kMaxMessages || bytes_ >= kMaxBytes) {
    out.leave();
    return bytes.size();
  }
  auto& lost = lost_.at(index_of(from));
  if (lost) {  // the next message is looked for where the next piece begins
    const auto verdict = recognise(bytes);
    if (verdict == Verdict::kMore) { return 0; }
    lost = verdict == Verdict::kNo;
    if (lost) {
      ++messages_;
      return bytes.size();
    }
  }
  if (bytes.size() < kFrameHeaderBytes) { return 0; }
  Cursor in{bytes};
  const auto frame = read_frame_header(in);
  const auto whole = kFrameHeaderBytes + frame.size;
  switch (frame.type) {
    case PacketType::kSessionMessage:
      return on_session_message(from, frame.size, bytes, at, out);
    case PacketType::kSessionRequest:
      if (frame.size > kMaxMessageBytes) { break; }
      if (bytes.size() < whole) { return 0; }
      on_session_request(from, bytes.first(whole).subspan(kFrameHeaderBytes), at, out);
      return whole;
    case PacketType::kPositiveResponse:
    case PacketType::kKeepAlive:
      out.skip(frame.size);
      ++messages_;
      return kFrameHeaderBytes;
    case PacketType::kNegativeResponse:
    case PacketType::kRetargetResponse:
      break;
  }
  out.leave();
  return bytes.size();
}

void SmbDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  lost_.at(index_of(from)) = true;
}

std::size_t SmbDissector::on_session_message(Side from, std::uint32_t size, ByteView bytes,
                                             Instant at, Findings& out) {
  if (size < kPeekBytes) {  // nothing of SMB is so short
    out.leave();
    return bytes.size();
  }
  if (bytes.size() < kFrameHeaderBytes + kPeekBytes) { return 0; }
  const auto dialect = dialect_of(bytes.subspan(kFrameHeaderBytes));
  if (dialect != Dialect::kSmb1 && dialect != Dialect::kSmb2) {
    out.leave();  // sealed, compressed or not SMB: no name will be seen again
    return bytes.size();
  }
  const auto whole = kFrameHeaderBytes + size;
  const bool wanted =
      size <= kMaxMessageBytes && is_of_interest(dialect, bytes.subspan(kFrameHeaderBytes));
  if (wanted && bytes.size() < whole) { return 0; }
  ++messages_;
  bytes_ += size;
  if (!wanted) {
    out.skip(size);
    return kFrameHeaderBytes;
  }
  const auto message = bytes.first(whole).subspan(kFrameHeaderBytes);
  if (dialect == Dialect::kSmb1) {
    on_smb1(from, message, at, out);
  } else {
    on_smb2(from, message, at, out);
  }
  return whole;
}

void SmbDissector::on_smb1(Side from, ByteView message, Instant at, Findings& out) {
  auto told = decode(message, read_smb1_message);
  if (!told) { return; }
  authentication_.on_blob(from, told->security_blob, at, out);
  if (!told->account.empty()) {
    out.observe(at, from, "smb.session_setup",
                EndAccount{.kind = AccountSeen::Kind::kNtlm,
                           .client = from,
                           .user = std::move(told->account),
                           .domain = std::move(told->domain)});
  }
  name_end(from, told->server_name, false, from, "smb.negotiate", at, out);
  on_tree_path(from, told->tree_path, at, out);
}

void SmbDissector::on_smb2(Side from, ByteView message, Instant at, Findings& out) {
  for (const auto part : split_smb2_compound(message)) {
    const auto header = decode(part, read_smb2_header);
    if (!header) { return; }
    if (header->command == Smb2Command::kSessionSetup) {
      authentication_.on_blob(from, smb2_security_blob(part, header->is_response), at, out);
    } else if (header->command == Smb2Command::kTreeConnect && !header->is_response) {
      on_tree_path(from, smb2_tree_path(part), at, out);
    }
  }
}

}  // namespace remora::smb
