#include "dissect/smb/smb_dissector.h"

#include <algorithm>
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

/// A session message is judged by its mark.
constexpr std::size_t kMarkBytes = 4;

[[nodiscard]] bool tells_names(const Smb1Header& header) {
  return header.command == Smb1Command::kNegotiate ||
         header.command == Smb1Command::kSessionSetupAndX ||
         header.command == Smb1Command::kTreeConnectAndX;
}

[[nodiscard]] bool tells_names(const Smb2Header& header) {
  return header.command == Smb2Command::kSessionSetup ||
         header.command == Smb2Command::kTreeConnect;
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

/// Both versions number their opens.
[[nodiscard]] std::uint64_t stream_of(const DataRun& data, bool is_smb2) {
  return 2 * data.number + (is_smb2 ? 1 : 0);
}

void on_session_request(Side from, ByteView packet, Instant at, Findings& out) {
  const auto request = decode(packet, read_session_request);
  if (!request) { return; }
  constexpr const char* kRule = "smb.session_request";
  name_end(other(from), request->called, true, from, kRule, at, out);
  name_end(from, request->calling, false, from, kRule, at, out);
}

}  // namespace

std::size_t SmbDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto& here = side(from);
  if (here.data.has_value()) { return on_data(from, bytes, at, out); }
  if (here.frame_left > 0) { return on_message(from, bytes, at, out); }
  if (here.lost) {
    const auto passed = on_lost(from, bytes, out);
    if (here.lost) { return passed; }
  }
  return on_frame(from, bytes, at, out);
}

/// The next message is looked for where the next piece begins.
std::size_t SmbDissector::on_lost(Side from, ByteView bytes, Findings& out) {
  const auto verdict = recognise(bytes);
  if (verdict == Verdict::kMore) { return 0; }
  side(from).lost = verdict == Verdict::kNo;
  if (verdict == Verdict::kNo && ++pieces_without_message_ > kMaxPiecesWithoutMessage) {
    out.leave();
  }
  return bytes.size();
}

void SmbDissector::on_gap(Side from, std::uint64_t size, Instant /*at*/, Findings& out) {
  auto& here = side(from);
  if (here.data.has_value() && size < here.data->left) {
    if (here.data->pipe) { out.pass_on_gap(from, size, stream_of(*here.data, here.is_smb2)); }
    here.data->file_offset += size;
    here.data->left -= size;
    return;
  }
  here = {.lost = true};
}

/// Files that are open for writing will not be closed any more.
void SmbDissector::on_end(Side from, Instant at, Findings& out) {
  if (client_ != from) { return; }
  smb1_.files().on_end(from, at, out);
  smb2_.files().on_end(from, at, out);
}

std::size_t SmbDissector::on_frame(Side from, ByteView bytes, Instant at, Findings& out) {
  if (bytes.size() < kFrameHeaderBytes) { return 0; }
  Cursor in{bytes};
  const auto frame = read_frame_header(in);
  const auto whole = kFrameHeaderBytes + frame.size;
  switch (frame.type) {
    case PacketType::kSessionMessage:
      side(from).frame_left = frame.size;
      return kFrameHeaderBytes;
    case PacketType::kSessionRequest:
      if (frame.size > kMaxMessageBytes) { break; }
      if (bytes.size() < whole) { return 0; }
      on_session_request(from, bytes.first(whole).subspan(kFrameHeaderBytes), at, out);
      return whole;
    case PacketType::kPositiveResponse:
    case PacketType::kKeepAlive:
      out.skip(frame.size);
      return kFrameHeaderBytes;
    case PacketType::kNegativeResponse:
    case PacketType::kRetargetResponse:
      break;
  }
  out.leave();
  return bytes.size();
}

std::size_t SmbDissector::on_message(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto& here = side(from);
  if (here.frame_left < kSmb1HeaderBytes) {  // nothing of SMB is so short
    return pass_over(from, here.frame_left, out);
  }
  if (bytes.size() < kMarkBytes) { return 0; }
  switch (dialect_of(bytes)) {
    case Dialect::kSmb1:
      return on_smb1(from, bytes, at, out);
    case Dialect::kSmb2:
      return on_smb2(from, bytes, at, out);
    case Dialect::kCompressed:  // one message; others may not be
      return pass_over(from, here.frame_left, out);
    case Dialect::kEncrypted:
    case Dialect::kNone:
      break;
  }
  out.leave();
  return bytes.size();
}

/// `size` bytes from here to the next header are of no interest.
std::size_t SmbDissector::pass_over(Side from, std::uint32_t size, Findings& out) {
  side(from).frame_left -= size;
  out.skip(size);
  return 0;
}

std::size_t SmbDissector::on_smb1(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto size = side(from).frame_left;
  if (bytes.size() < kSmb1HeaderBytes) { return 0; }
  const auto header = decode(bytes, read_smb1_header);
  if (!header) { return pass_over(from, size, out); }
  client_ = header->is_response ? other(from) : from;
  const bool whole =
      (Smb1Session::is_read_whole(*header) || (!names_told_ && tells_names(*header))) &&
      size <= kMaxMessageBytes;
  if (whole) {
    if (bytes.size() < size) { return 0; }
    const auto message = bytes.first(size);
    if (!names_told_ && tells_names(*header)) { tell_smb1_names(from, message, at, out); }
    smb1_.on_message(from, *header, message, at, out);
    side(from).frame_left = 0;
    return size;
  }
  if (!Smb1Session::has_data(*header)) { return pass_over(from, size, out); }
  const auto needed = std::min<std::size_t>(Smb1Session::kFixedBytes, size);
  if (bytes.size() < needed) { return 0; }
  const auto data = smb1_.data_of(*header, bytes.first(needed));
  return data.has_value() ? begin_data(from, *data, size, false, out) : pass_over(from, size, out);
}

std::size_t SmbDissector::on_smb2(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto left = side(from).frame_left;
  if (left < kSmb2HeaderBytes) { return pass_over(from, left, out); }
  if (bytes.size() < kSmb2HeaderBytes) { return 0; }
  const auto header = decode(bytes, read_smb2_header);
  if (!header) { return pass_over(from, left, out); }
  client_ = header->is_response ? other(from) : from;
  const auto next = header->next_command;
  const auto size = next < kSmb2HeaderBytes || next > left ? left : next;
  const bool whole =
      (Smb2Session::is_read_whole(*header) || (!names_told_ && tells_names(*header))) &&
      size <= kMaxMessageBytes;
  if (whole) {
    if (bytes.size() < size) { return 0; }
    const auto message = bytes.first(size);
    if (!names_told_) { tell_smb2_names(from, *header, message, at, out); }
    smb2_.on_message(from, *header, message, at, out);
    side(from).frame_left -= size;
    return size;
  }
  if (!Smb2Session::has_data(*header) || size < Smb2Session::fixed_bytes(*header)) {
    return pass_over(from, size, out);
  }
  const auto needed = Smb2Session::fixed_bytes(*header);
  if (bytes.size() < needed) { return 0; }
  const auto data = smb2_.data_of(*header, bytes.first(needed));
  return data.has_value() ? begin_data(from, *data, size, true, out) : pass_over(from, size, out);
}

/// Consumes what stands before the data.
std::size_t SmbDissector::begin_data(Side from, const DataRun& data, std::uint32_t message_bytes,
                                     bool is_smb2, Findings& out) {
  const bool inside = data.left > 0 && data.data_offset > 0 && data.data_offset < message_bytes &&
                      data.left <= message_bytes - data.data_offset;
  if (!inside) { return pass_over(from, message_bytes, out); }
  auto& here = side(from);
  here.frame_left -= message_bytes;
  here.data = data;
  here.is_smb2 = is_smb2;
  here.behind_data = message_bytes - data.data_offset - data.left;
  out.skip(data.data_offset);
  return 0;
}

FileContent* SmbDissector::content_of(const OneSide& of) {
  auto& files = of.is_smb2 ? smb2_.files() : smb1_.files();
  auto* file = files.find(of.data->number);
  if (file == nullptr) { return nullptr; }
  return of.data->written ? &file->written : &file->read;
}

std::size_t SmbDissector::on_data(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& here = side(from);
  auto& data = *here.data;
  if (data.pipe) { return on_pipe_data(from, bytes, out); }
  auto* content = content_of(here);
  const bool wanted = content != nullptr && content->wants(data.file_offset);
  const auto size = std::min<std::uint64_t>(data.left, bytes.size());
  if (!wanted) {
    out.skip(data.left + here.behind_data);
    here.data.reset();
    return 0;
  }
  auto& files = here.is_smb2 ? smb2_.files() : smb1_.files();
  const auto* file = files.find(data.number);
  content->on_piece(carriage_of(file->share, file->path), *context_, from, data.file_offset,
                    bytes.first(static_cast<std::size_t>(size)), at, out);
  data.file_offset += size;
  data.left -= size;
  end_data(here, out);
  return static_cast<std::size_t>(size);
}

std::size_t SmbDissector::on_pipe_data(Side from, ByteView bytes, Findings& out) {
  auto& here = side(from);
  auto& data = *here.data;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(data.left, bytes.size()));
  out.carry(Protocol{"dcerpc"});
  out.pass_on(from, bytes.first(size), stream_of(data, here.is_smb2));
  data.left -= size;
  end_data(here, out);
  return size;
}

void SmbDissector::end_data(OneSide& side, Findings& out) {
  if (side.data->left > 0) { return; }
  out.skip(side.behind_data);
  side.data.reset();
}

void SmbDissector::tell_smb1_names(Side from, ByteView message, Instant at, Findings& out) {
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

void SmbDissector::tell_smb2_names(Side from, const Smb2Header& header, ByteView message,
                                   Instant at, Findings& out) {
  if (header.command == Smb2Command::kSessionSetup) {
    authentication_.on_blob(from, smb2_security_blob(message, header.is_response), at, out);
  } else if (header.command == Smb2Command::kTreeConnect && !header.is_response) {
    on_tree_path(from, smb2_tree_path(message), at, out);
  }
}

void SmbDissector::on_tree_path(Side from, const std::string& path, Instant at, Findings& out) {
  if (path.empty()) { return; }
  name_end(other(from), server_of(path), true, from, "smb.tree_connect", at, out);
  names_told_ = true;
}

}  // namespace remora::smb
