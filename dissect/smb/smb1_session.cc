#include "dissect/smb/smb1_session.h"

#include <algorithm>

#include "dissect/smb/smb1_files.h"

namespace remora::smb {
namespace {

constexpr std::uint32_t kBufferOverflow = 0x80000005;  // more of a pipe's message follows

/// What a request and its answer have in common, [MS-CIFS] 2.2.3.1.
[[nodiscard]] std::uint64_t id_of(const Smb1Header& header) {
  return std::uint64_t{header.process} << 16U | header.number;
}

/// Names of many files at once.
[[nodiscard]] bool has_wildcards(const std::string& name) {
  return name.find_first_of("*?<>\"") != std::string::npos;
}

}  // namespace

bool Smb1Session::is_read_whole(const Smb1Header& header) {
  switch (header.command) {
    case Smb1Command::kOpen:
    case Smb1Command::kClose:
    case Smb1Command::kDelete:
    case Smb1Command::kRename:
    case Smb1Command::kOpenAndX:
    case Smb1Command::kTransaction2:
    case Smb1Command::kTreeConnectAndX:
    case Smb1Command::kSessionSetupAndX:  // a tree connect may follow in its chain
    case Smb1Command::kNtCreateAndX:
    case Smb1Command::kNtRename:
      return true;
    case Smb1Command::kRead:
    case Smb1Command::kReadAndX:
      return !header.is_response;
    default:
      return false;
  }
}

bool Smb1Session::has_data(const Smb1Header& header) {
  if (header.command == Smb1Command::kTransaction) { return true; }
  if (header.is_response) {
    return header.command == Smb1Command::kRead || header.command == Smb1Command::kReadAndX;
  }
  return header.command == Smb1Command::kWrite || header.command == Smb1Command::kWriteAndX;
}

void Smb1Session::on_message(Side from, const Smb1Header& header, ByteView message, Instant at,
                             Findings& out) {
  if (header.is_response) {
    on_response(other(from), header, message, at, out);
  } else {
    on_request(header, message);
  }
}

std::string Smb1Session::share_of_tree(const Smb1Header& header) const {
  const auto place = trees_.find(header.tree);
  return place == trees_.end() ? std::string{} : place->second;
}

std::optional<OpenFiles::Number> Smb1Session::number_of(std::uint16_t fid) const {
  return files_.number_of({.transient = fid});
}

/// Of a chain the first command that matters is remembered: its answer comes under the same id.
void Smb1Session::on_request(const Smb1Header& header, ByteView message) {
  for (const auto& block : read_smb1_blocks(message, header)) {
    switch (block.command) {
      case Smb1Command::kTreeConnectAndX: {
        Cursor in{message};
        asked_.ask(id_of(header), {.kind = Asked::Kind::kTree,
                                   .share = share_of(read_smb1_message(in).tree_path)});
        return;
      }
      case Smb1Command::kOpen:
      case Smb1Command::kOpenAndX:
      case Smb1Command::kNtCreateAndX:
        ask_open(header, block);
        return;
      case Smb1Command::kRead:
      case Smb1Command::kReadAndX:
        if (const auto read = read_smb1_read_request(block)) {
          const auto number = number_of(read->fid);
          const auto* file = number.has_value() ? files_.find(*number) : nullptr;
          if (file != nullptr && file->wants_read(read->offset)) {
            asked_.ask(
                id_of(header),
                {.kind = Asked::Kind::kRead, .number = *number, .file_offset = read->offset});
          }
        }
        return;
      case Smb1Command::kClose:
        if (const auto number = number_of(static_cast<std::uint16_t>(smb1_word(block.words, 0)))) {
          asked_.ask(id_of(header), {.kind = Asked::Kind::kClose, .number = *number});
        }
        return;
      case Smb1Command::kDelete:
      case Smb1Command::kRename:
      case Smb1Command::kNtRename:
        ask_names(header, block);
        return;
      case Smb1Command::kTransaction2:
        ask_set_file(header, block, message);
        return;
      default:
        break;
    }
  }
}

void Smb1Session::ask_open(const Smb1Header& header, const Smb1Block& block) {
  const auto request = read_smb1_open_request(block, header.unicode);
  const auto share = share_of_tree(header);
  if (!request.has_value()) { return; }
  const bool is_pipe = share == kPipeShare;
  const auto number = files_.ask({.share = share,
                                  .path = request->name,
                                  .is_pipe = is_pipe,
                                  .deleted_on_close = !is_pipe && request->deletes_on_close});
  asked_.ask(id_of(header), {.kind = Asked::Kind::kOpen, .number = number});
}

void Smb1Session::ask_names(const Smb1Header& header, const Smb1Block& block) {
  const auto names = read_smb1_names(block, header.unicode);
  if (!names.has_value() || has_wildcards(names->name)) { return; }
  const bool deletes = block.command == Smb1Command::kDelete;
  asked_.ask(id_of(header), {.kind = deletes ? Asked::Kind::kDeletePath : Asked::Kind::kRenamePath,
                             .share = share_of_tree(header),
                             .path = names->name,
                             .new_path = names->new_name});
}

void Smb1Session::ask_set_file(const Smb1Header& header, const Smb1Block& block, ByteView message) {
  const auto set = read_smb1_set_file(block, message);
  const auto number = set.has_value() ? number_of(set->fid) : std::nullopt;
  if (!number.has_value()) { return; }
  if (set->delete_pending.has_value()) {
    asked_.ask(id_of(header), {.kind = Asked::Kind::kDeletePending,
                               .number = *number,
                               .delete_pending = *set->delete_pending});
  } else if (!set->new_name.empty()) {
    asked_.ask(id_of(header),
               {.kind = Asked::Kind::kRename, .number = *number, .new_path = set->new_name});
  }
}

void Smb1Session::on_response(Side client, const Smb1Header& header, ByteView message, Instant at,
                              Findings& out) {
  if (asked_.empty()) { return; }
  const auto asked = asked_.take(id_of(header));
  if (!asked.has_value()) { return; }
  if (header.status != 0) {
    if (asked->kind == Asked::Kind::kOpen) { files_.refuse(asked->number); }
    return;
  }
  const auto blocks = read_smb1_blocks(message, header);
  on_success(client, *asked, header, blocks.empty() ? nullptr : &blocks.front(), at, out);
}

void Smb1Session::on_success(Side client, const Asked& asked, const Smb1Header& header,
                             const Smb1Block* block, Instant at, Findings& out) {
  switch (asked.kind) {
    case Asked::Kind::kTree:
      if (trees_.size() < kMaxTrees) { trees_[header.tree] = asked.share; }
      break;
    case Asked::Kind::kOpen: {
      const auto opened = block == nullptr ? std::nullopt : read_smb1_open_response(*block);
      if (opened.has_value()) {
        files_.grant(asked.number, {.transient = opened->fid}, opened->size);
      } else {
        files_.refuse(asked.number);
      }
      break;
    }
    case Asked::Kind::kClose:
      files_.close(asked.number, client, "smb1.close", at, out);
      break;
    case Asked::Kind::kDeletePending:
      if (auto* file = files_.find(asked.number)) { file->deleted_on_close = asked.delete_pending; }
      break;
    case Asked::Kind::kRename:
      files_.rename(asked.number, asked.new_path, client, "smb1.rename", at, out);
      break;
    case Asked::Kind::kDeletePath:
      tell_deleted(carriage_of(asked.share, asked.path), client, "smb1.delete", at, out);
      break;
    case Asked::Kind::kRenamePath:
      tell_moved(carriage_of(asked.share, asked.path), place_of(asked.share, asked.new_path),
                 client, "smb1.rename", at, out);
      break;
    case Asked::Kind::kRead:
    case Asked::Kind::kTransceive:
      break;
  }
}

std::optional<DataRun> Smb1Session::data_of(const Smb1Header& header, ByteView start) {
  const auto blocks = read_smb1_blocks(start, header);
  if (blocks.empty()) { return std::nullopt; }
  return header.is_response ? data_of_response(header, blocks.front())
                            : data_of_request(header, blocks.front());
}

std::optional<DataRun> Smb1Session::data_of_response(const Smb1Header& header,
                                                     const Smb1Block& block) {
  const auto asked = asked_.take(id_of(header));
  const auto data = read_smb1_data(block, true);
  if (!asked.has_value() || !data.has_value()) { return std::nullopt; }
  const bool transceived = block.command == Smb1Command::kTransaction;
  const auto* file = files_.find(asked->number);
  const bool has_data = header.status == 0 || header.status == kBufferOverflow;
  if (file == nullptr || !has_data || !file->wants_read(asked->file_offset) ||
      asked->kind != (transceived ? Asked::Kind::kTransceive : Asked::Kind::kRead) ||
      (header.status != 0 && !file->is_pipe)) {
    return std::nullopt;
  }
  if (data->more) { asked_.ask(id_of(header), *asked); }
  return DataRun{.number = asked->number,
                 .pipe = file->is_pipe,
                 .written = false,
                 .file_offset = asked->file_offset,
                 .data_offset = static_cast<std::uint32_t>(data->data_offset),
                 .left = data->length};
}

std::optional<DataRun> Smb1Session::data_of_request(const Smb1Header& header,
                                                    const Smb1Block& block) {
  const auto data = read_smb1_data(block, false);
  const auto number = data.has_value() ? number_of(data->fid) : std::nullopt;
  const auto* file = number.has_value() ? files_.find(*number) : nullptr;
  const bool transceived = block.command == Smb1Command::kTransaction;
  if (file == nullptr || !file->wants_written(data->file_offset) ||
      (transceived && !file->is_pipe)) {
    return std::nullopt;
  }
  if (transceived) {
    asked_.ask(id_of(header), {.kind = Asked::Kind::kTransceive, .number = *number});
  }
  return DataRun{.number = *number,
                 .pipe = file->is_pipe,
                 .written = true,
                 .file_offset = data->file_offset,
                 .data_offset = static_cast<std::uint32_t>(data->data_offset),
                 .left = data->length};
}

}  // namespace remora::smb
