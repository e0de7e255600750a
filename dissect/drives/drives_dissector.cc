#include "dissect/drives/drives_dissector.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "dissect/drives/announcements.h"
#include "dissect/drives/io_completion.h"
#include "dissect/drives/status_names.h"

namespace remora::drives {
namespace {

using observation::SharedFileStep;

constexpr const char* kUnreadable = "rdpdr.message";
constexpr const char* kDeviceGone = "rdpdr.device_remove";

constexpr MessagePlan kWhole{.how = MessagePlan::How::kWhole};

void tell_damage(const ReadError& error, Side from, Instant at, Findings& out) {
  out.observe(at, from, kUnreadable, observation::Damage{.what = error.to_text()});
}

MessagePlan content(std::size_t at, std::uint64_t bytes, std::uint32_t total) {
  return {.how = MessagePlan::How::kContent,
          .content_at = at,
          .content_bytes = std::min<std::uint64_t>(bytes, total - at)};
}

}  // namespace

bool reads_channel(std::string_view name) {
  return std::ranges::equal(name, std::string_view{"rdpdr"}, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

/// What the stream of messages calls.
class DrivesDissector::Reader {
 public:
  Reader(DrivesDissector& dissector, Stream& stream, const ChannelPiece& piece, Instant at,
         Findings& out)
      : dissector_{dissector}, stream_{stream}, piece_{piece}, at_{at}, out_{out} {}

  MessagePlan plan(ByteView start, std::uint32_t total) {
    return dissector_.plan(start, total, stream_, piece_, at_, out_);
  }
  void on_message(ByteView message) { dissector_.on_message(message, piece_.from, at_, out_); }
  void on_content(ByteView bytes, bool last) {
    const auto server = stream_.writes ? piece_.from : other(piece_.from);
    dissector_.on_content(bytes, last, stream_, dissector_.by(server, at_, out_));
  }

 private:
  DrivesDissector& dissector_;
  Stream& stream_;
  const ChannelPiece& piece_;
  Instant at_;
  Findings& out_;
};

void DrivesDissector::on_piece(const ChannelPiece& piece, Instant at, Findings& out) {
  auto& stream = streams_.at(index_of(piece.from));
  if (piece.kind == ChannelPiece::Kind::kClear) {
    Reader reader{*this, stream, piece, at, out};
    stream.messages.on_piece(piece, reader);
  } else {
    on_loss(stream, piece.from);
  }
}

/// Of what is missing, or encrypted, nobody knows which files it was of.
void DrivesDissector::on_loss(Stream& stream, Side from) {
  stream.messages.drop();
  // Only the server writes; without its requests answers mean nothing.
  files_.on_loss(server_.value_or(from) == from);
}

MessagePlan DrivesDissector::plan(ByteView start, std::uint32_t total, Stream& stream,
                                  const ChannelPiece& piece, Instant at, Findings& out) {
  Cursor in{start};
  const auto header = read_header(in);
  MessagePlan plan;
  if (in.ok() && header.component == kCore) {
    switch (header.packet) {
      case PacketId::kClientName:
      case PacketId::kDeviceListAnnounce:
      case PacketId::kDeviceListRemove:
        plan = kWhole;
        break;
      case PacketId::kIoRequest: {
        const auto request = read_io_request(in);
        server_ = piece.from;
        if (in.ok()) { plan = plan_request(request, in, total, stream, by(piece.from, at, out)); }
        break;
      }
      case PacketId::kIoCompletion: {
        const auto completion = read_io_completion(in);
        if (in.ok()) {
          plan = plan_completion(completion, in, total, stream, by(other(piece.from), at, out));
        }
        break;
      }
    }
  }
  if (!in.ok()) { tell_damage(in.error(), piece.from, at, out); }
  return plan;
}

MessagePlan DrivesDissector::plan_request(const IoRequest& request, Cursor& in, std::uint32_t total,
                                          Stream& stream, const Telling& telling) {
  if (!devices_.may_be_drive(request.device)) { return {}; }
  pending_.forget(request.device, request.completion);
  switch (request.major) {
    case Major::kCreate:
    case Major::kClose:
    case Major::kRead:
    case Major::kQueryInformation:
    case Major::kSetInformation:
      return kWhole;
    case Major::kWrite:
      break;
    default:
      return {};
  }
  const auto range = read_range(in);
  auto* file = in.ok() ? file_of(request.device, request.file, telling) : nullptr;
  if (file == nullptr) { return {}; }
  pending_.add({.device = request.device,
                .completion = request.completion,
                .file = request.file,
                .what = Write{range}});
  files_.forget_size(file->name());
  stream.device = request.device;
  stream.file = request.file;
  stream.offset = file->place_of(range);
  stream.writes = true;
  return content(kWriteDataAt, range.length, total);
}

MessagePlan DrivesDissector::plan_completion(const IoCompletion& completion, Cursor& in,
                                             std::uint32_t total, Stream& stream,
                                             const Telling& telling) {
  const auto* asked = pending_.find(completion.device, completion.completion);
  if (asked == nullptr) { return {}; }
  if (!std::holds_alternative<Read>(asked->what)) { return kWhole; }
  const auto read = pending_.take(completion.device, completion.completion);
  const auto& range = std::get<Read>(read->what);
  auto* file = files_.find(read->device, read->file);
  if (!completion.succeeded()) {
    if (file != nullptr) { file->on_read_failed(range, completion.status); }
    return {};
  }
  const auto moved = read_moved(in);
  if (!in.ok()) { return {}; }
  if (file == nullptr) { file = file_of(read->device, read->file, telling); }
  if (file == nullptr) { return {}; }
  const auto here = std::min<std::uint64_t>({moved, range.length, total - kReadDataAt});
  file->on_read_done(range, here);
  stream.device = read->device;
  stream.file = read->file;
  stream.offset = range.offset;
  stream.writes = false;
  return content(kReadDataAt, here, total);
}

/// The open file; one that was opened before the capture began has no name.
OpenFile* DrivesDissector::file_of(std::uint32_t device, std::uint32_t file,
                                   const Telling& telling) {
  if (auto* known = files_.find(device, file); known != nullptr) { return known; }
  if (!devices_.is_drive(device)) { return nullptr; }
  return &files_.add({device, file, {}}, "rdpdr.create", telling);
}

void DrivesDissector::on_content(ByteView bytes, bool last, Stream& stream,
                                 const Telling& telling) {
  auto* file = files_.find(stream.device, stream.file);
  if (file == nullptr) { return; }
  if (stream.writes) {
    file->on_write(stream.offset, bytes, last, telling);
  } else {
    file->on_read(stream.offset, bytes, last, telling);
  }
  stream.offset += bytes.size();
}

void DrivesDissector::on_message(ByteView message, Side from, Instant at, Findings& out) {
  Cursor in{message};
  read_message(in, from, at, out);
  if (!in.ok()) { tell_damage(in.error(), from, at, out); }
}

void DrivesDissector::read_message(Cursor& in, Side from, Instant at, Findings& out) {
  const auto header = read_header(in);
  switch (header.packet) {
    case PacketId::kClientName: {
      auto name = read_client_name(in);
      if (in.ok() && !name.empty()) {
        out.observe(at, from, "rdpdr.client_name",
                    observation::ClientNamed{.name = std::move(name)});
      }
      break;
    }
    case PacketId::kDeviceListAnnounce:
      devices_.add(read_devices(in));
      break;
    case PacketId::kDeviceListRemove:
      for (const auto id : read_removed(in)) {
        files_.remove_device(id, kDeviceGone, by(other(from), at, out));
        pending_.forget_device(id);
        devices_.remove(id);
      }
      break;
    case PacketId::kIoRequest:
      on_request(in, by(from, at, out));
      break;
    case PacketId::kIoCompletion:
      on_completion(in, by(other(from), at, out));
      break;
  }
}

void DrivesDissector::on_request(Cursor& in, const Telling& telling) {
  const auto request = read_io_request(in);
  Pending asked{.device = request.device,
                .completion = request.completion,
                .file = request.file,
                .what = Query{}};
  switch (request.major) {
    case Major::kClose:
      if (in.ok()) { files_.close(request.device, request.file, telling); }
      return;
    case Major::kCreate: {
      auto create = read_create(in);
      // Only drives have paths.
      if (in.ok() && !create.path.empty()) { devices_.note_drive(request.device); }
      asked.what = std::move(create);
      break;
    }
    case Major::kRead:
      asked.what = Read{read_range(in)};
      break;
    case Major::kQueryInformation:
      asked.what = read_query(in);
      break;
    case Major::kSetInformation:
      asked.what = read_change(in);
      break;
    case Major::kWrite:
      return;
  }
  if (in.ok()) { pending_.add(std::move(asked)); }
}

void DrivesDissector::on_completion(Cursor& in, const Telling& telling) {
  const auto answer = read_io_completion(in);
  const auto asked = pending_.take(answer.device, answer.completion);
  if (!in.ok() || !asked.has_value()) { return; }
  auto* file = files_.find(asked->device, asked->file);
  if (const auto* create = std::get_if<Create>(&asked->what)) {
    on_created(*asked, *create, answer, in, telling);
  } else if (file == nullptr) {
    return;
  } else if (const auto* write = std::get_if<Write>(&asked->what)) {
    const auto moved = answer.succeeded() ? read_moved(in) : 0;
    if (in.ok()) { file->on_written(*write, answer.status, moved); }
  } else if (const auto* query = std::get_if<Query>(&asked->what);
             query != nullptr && answer.succeeded()) {
    const auto told = read_described(in, query->what);
    if (!in.ok()) { return; }
    file->on_described(told);
    if (told.end_of_file.has_value() && !told.directory.value_or(false)) {
      files_.note_size(file->name(), *told.end_of_file);
    }
  } else if (const auto* change = std::get_if<Change>(&asked->what);
             change != nullptr && answer.succeeded()) {
    on_changed(*asked, *change, telling);
  }
}

void DrivesDissector::on_created(const Pending& asked, const Create& create,
                                 const IoCompletion& answer, Cursor& in, const Telling& telling) {
  const auto name = devices_.full_name(asked.device, create.path);
  if (!answer.succeeded()) {
    on_refused(create, name, answer.status, telling);
    return;
  }
  const auto created = read_created(in);
  if (!in.ok()) { return; }
  auto& file = files_.add({asked.device, created.file, name}, "rdpdr.create", telling);
  file.on_opened(create, created, files_.size_of(name));
}

/// Programs find out what there is by trying; an attempt to take or change something that was
/// forbidden is worth telling, once.
void DrivesDissector::on_refused(const Create& create, const std::string& name,
                                 std::uint32_t status, const Telling& telling) {
  const bool changes = create.changes();
  if (!is_refusal(status) || (!changes && !create.reads_file())) { return; }
  if (create.path.empty() || !refusals_.is_news(name)) { return; }
  telling.out.observe(telling.at, changes ? telling.server : other(telling.server), "rdpdr.create",
                      SharedFileStep{.mechanism = SharedFileStep::Mechanism::kDrive,
                                     .kind = SharedFileStep::Kind::kRefused,
                                     .name = name,
                                     .status = named_status(status)});
}

void DrivesDissector::on_changed(const Pending& asked, const Change& change,
                                 const Telling& telling) {
  auto* file = files_.find(asked.device, asked.file);
  files_.forget_size(file->name());
  const auto new_name = change.what == InformationClass::kRename
                            ? devices_.full_name(asked.device, change.new_path)
                            : std::string{};
  file->on_changed(change, new_name, telling);
}

}  // namespace remora::drives
