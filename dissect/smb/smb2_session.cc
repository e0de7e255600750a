#include "dissect/smb/smb2_session.h"

#include <algorithm>

namespace remora::smb {
namespace {

// [MS-ERREF] 2.3.1.
constexpr std::uint32_t kSuccess = 0x00000000;
constexpr std::uint32_t kPending = 0x00000103;  // an interim answer, 3.3.4.2

constexpr std::uint32_t kBufferOverflow = 0x80000005;  // more of a pipe's message follows

[[nodiscard]] ByteView body_of(ByteView message) {
  return message.subspan(std::min(message.size(), kSmb2HeaderBytes));
}

}  // namespace

bool Smb2Session::is_read_whole(const Smb2Header& header) {
  switch (header.command) {
    case Smb2Command::kTreeConnect:
    case Smb2Command::kCreate:
    case Smb2Command::kClose:
    case Smb2Command::kSetInfo:
      return true;
    case Smb2Command::kRead:
      return !header.is_response;
    default:
      return false;
  }
}

bool Smb2Session::has_data(const Smb2Header& header) {
  return header.command == Smb2Command::kIoctl ||
         header.command == (header.is_response ? Smb2Command::kRead : Smb2Command::kWrite);
}

std::size_t Smb2Session::fixed_bytes(const Smb2Header& header) {
  if (header.command == Smb2Command::kIoctl) {
    return kSmb2HeaderBytes +
           (header.is_response ? kSmb2IoctlResponseBytes : kSmb2IoctlRequestBytes);
  }
  return kSmb2HeaderBytes + (header.is_response ? kSmb2ReadResponseBytes : kSmb2WriteRequestBytes);
}

void Smb2Session::on_message(Side from, const Smb2Header& header, ByteView message, Instant at,
                             Findings& out) {
  if (header.is_response) {
    on_response(from, header, message, at, out);
  } else {
    on_request(from, header, message);
  }
}

std::string Smb2Session::share_of_tree(const Smb2Header& header) const {
  const auto tree = header.is_related ? chain_tree_ : header.tree_id;
  const auto place = trees_.find({header.session_id, tree.value_or(0)});
  return place == trees_.end() ? std::string{} : place->second;
}

std::optional<OpenFiles::Number> Smb2Session::number_of(const Smb2Header& header, FileKey file) {
  if (header.is_related && is_of_chain(file)) {
    return chain_ == 0 ? std::nullopt : std::optional{chain_};
  }
  file.session = header.session_id;
  const auto number = files_.number_of(file);
  chain_ = number.value_or(0);
  return number;
}

void Smb2Session::on_request(Side /*from*/, const Smb2Header& header, ByteView message) {
  if (!header.is_related) {
    chain_ = 0;
    chain_tree_ = header.tree_id;
  }
  const auto body = body_of(message);
  switch (header.command) {
    case Smb2Command::kTreeConnect:
      asked_.ask(header.message_id,
                 {.kind = Asked::Kind::kTree, .share = share_of(smb2_tree_path(message))});
      break;
    case Smb2Command::kCreate:
      ask_create(header, message);
      break;
    case Smb2Command::kRead:
      ask_read(header, body);
      break;
    case Smb2Command::kClose:
      if (const auto file = decode(body, read_smb2_close_request)) {
        if (const auto number = number_of(header, *file)) {
          asked_.ask(header.message_id, {.kind = Asked::Kind::kClose, .number = *number});
        }
      }
      break;
    case Smb2Command::kSetInfo:
      ask_set_info(header, message);
      break;
    default:
      break;
  }
}

void Smb2Session::ask_create(const Smb2Header& header, ByteView message) {
  const auto request = decode(body_of(message), read_smb2_create_request, message);
  const auto share = share_of_tree(header);
  if (!request) { return; }
  const bool is_pipe = share == kPipeShare;
  chain_ = files_.ask({.share = share,
                       .path = header.is_dfs ? without_dfs_prefix(request->name) : request->name,
                       .is_pipe = is_pipe,
                       .deleted_on_close = !is_pipe && request->deletes_on_close()});
  asked_.ask(header.message_id, {.kind = Asked::Kind::kOpen, .number = chain_});
}

/// A read whose answer cannot matter is not remembered: then the answer is passed over.
void Smb2Session::ask_read(const Smb2Header& header, ByteView body) {
  const auto request = decode(body, read_smb2_read_request);
  if (!request) { return; }
  const auto number = number_of(header, request->file);
  if (!number.has_value()) { return; }
  const auto* file = files_.find(*number);
  if (file == nullptr || !file->wants_read(request->offset)) { return; }
  asked_.ask(header.message_id,
             {.kind = Asked::Kind::kRead, .number = *number, .file_offset = request->offset});
}

void Smb2Session::ask_set_info(const Smb2Header& header, ByteView message) {
  const auto request = decode(body_of(message), read_smb2_set_info_request, message);
  if (!request) { return; }
  const auto number = number_of(header, request->file);
  const auto* file = number.has_value() ? files_.find(*number) : nullptr;
  if (file == nullptr || file->is_pipe) { return; }
  if (request->delete_pending.has_value()) {
    asked_.ask(header.message_id, {.kind = Asked::Kind::kDeletePending,
                                   .number = *number,
                                   .delete_pending = *request->delete_pending});
  } else if (!request->new_name.empty()) {
    asked_.ask(header.message_id,
               {.kind = Asked::Kind::kRename, .number = *number, .new_path = request->new_name});
  }
}

void Smb2Session::on_response(Side from, const Smb2Header& header, ByteView message, Instant at,
                              Findings& out) {
  if (header.status == kPending || asked_.empty()) { return; }
  const auto asked = asked_.take(header.message_id);
  if (!asked.has_value()) { return; }
  if (header.status == kSuccess) {
    on_success(other(from), *asked, header, body_of(message), at, out);
  } else if (asked->kind == Asked::Kind::kOpen) {
    files_.refuse(asked->number);
  }
}

void Smb2Session::on_success(Side client, const Asked& asked, const Smb2Header& header,
                             ByteView body, Instant at, Findings& out) {
  switch (asked.kind) {
    case Asked::Kind::kTree:
      if (header.tree_id.has_value() && trees_.size() < kMaxTrees) {
        trees_[{header.session_id, *header.tree_id}] = asked.share;
      }
      break;
    case Asked::Kind::kOpen:
      if (auto response = decode(body, read_smb2_create_response)) {
        response->file.session = header.session_id;
        files_.grant(asked.number, response->file, response->end_of_file);
      } else {
        files_.refuse(asked.number);
      }
      break;
    case Asked::Kind::kClose:
      files_.close(asked.number, client, "smb2.close", at, out);
      break;
    case Asked::Kind::kDeletePending:
      if (auto* file = files_.find(asked.number)) { file->deleted_on_close = asked.delete_pending; }
      break;
    case Asked::Kind::kRename:
      files_.rename(asked.number, asked.new_path, client, "smb2.rename", at, out);
      break;
    case Asked::Kind::kRead:
    case Asked::Kind::kTransceive:
    case Asked::Kind::kDeletePath:
    case Asked::Kind::kRenamePath:
      break;
  }
}

std::optional<DataRun> Smb2Session::data_of(const Smb2Header& header, ByteView fixed) {
  const auto body = body_of(fixed);
  return header.is_response ? data_of_response(header, body) : data_of_request(header, body);
}

std::optional<DataRun> Smb2Session::data_of_response(const Smb2Header& header, ByteView body) {
  if (header.status == kPending || asked_.empty()) { return std::nullopt; }
  const auto asked = asked_.take(header.message_id);
  if (!asked.has_value()) { return std::nullopt; }
  const auto* file = files_.find(asked->number);
  if (file == nullptr) { return std::nullopt; }
  const bool has_data =
      header.status == kSuccess || (file->is_pipe && header.status == kBufferOverflow);
  const bool ioctl = header.command == Smb2Command::kIoctl;
  if (!has_data || asked->kind != (ioctl ? Asked::Kind::kTransceive : Asked::Kind::kRead)) {
    return std::nullopt;
  }
  const auto data =
      ioctl ? decode(body, read_smb2_transceive, true) : decode(body, read_smb2_read_response);
  if (!data || !file->wants_read(asked->file_offset)) { return std::nullopt; }
  return DataRun{.number = asked->number,
                 .pipe = file->is_pipe,
                 .written = false,
                 .file_offset = asked->file_offset,
                 .data_offset = data->data_offset,
                 .left = data->length};
}

std::optional<DataRun> Smb2Session::data_of_request(const Smb2Header& header, ByteView body) {
  const bool ioctl = header.command == Smb2Command::kIoctl;
  const auto data =
      ioctl ? decode(body, read_smb2_transceive, false) : decode(body, read_smb2_write_request);
  if (!data || (ioctl && data->length == 0)) { return std::nullopt; }
  const auto number = number_of(header, data->file);
  const auto* file = number.has_value() ? files_.find(*number) : nullptr;
  if (file == nullptr || !file->wants_written(data->file_offset) || (ioctl && !file->is_pipe)) {
    return std::nullopt;
  }
  if (ioctl) {
    asked_.ask(header.message_id, {.kind = Asked::Kind::kTransceive, .number = *number});
  }
  return DataRun{.number = *number,
                 .pipe = file->is_pipe,
                 .written = true,
                 .file_offset = data->file_offset,
                 .data_offset = data->data_offset,
                 .left = data->length};
}

}  // namespace remora::smb
