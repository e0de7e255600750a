#include "dissect/clipboard/clipboard_dissector.h"

#include <algorithm>
#include <utility>

namespace remora::clipboard {
namespace {

constexpr const char* kUnreadable = "cliprdr.message";
constexpr const char* kNewFormats = "cliprdr.format_list";
constexpr const char* kUnlocked = "cliprdr.unlock";

constexpr MessagePlan kWhole{.how = MessagePlan::How::kWhole};
constexpr std::size_t kStreamBytes = 4;  // streamId, 2.2.5.4

void tell_damage(const ReadError& error, Side from, Instant at, Findings& out) {
  out.observe(at, from, kUnreadable, observation::Damage{.what = error.to_text()});
}

/// What follows the header as far as it is part of the PDU, Appendix A note 1.
Cursor body_of(Cursor& in, const Header& header) {
  return in.sub(header.data_bytes, "data");
}

}  // namespace

bool reads_channel(std::string_view name) {
  return std::ranges::equal(name, std::string_view{"cliprdr"}, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

/// What the stream of messages calls.
class ClipboardDissector::Reader {
 public:
  Reader(ClipboardDissector& dissector, Side from, Instant at, Findings& out)
      : dissector_{dissector}, from_{from}, at_{at}, out_{out} {}

  MessagePlan plan(ByteView start, std::uint32_t total) {
    return dissector_.plan(start, total, from_, at_, out_);
  }
  void on_message(ByteView message) { dissector_.on_message(message, from_, at_, out_); }
  void on_content(ByteView bytes, bool last) {
    ClipboardDissector::on_content(bytes, last, dissector_.of(from_),
                                   dissector_.telling(from_, at_, out_));
  }

 private:
  ClipboardDissector& dissector_;
  Side from_;
  Instant at_;
  Findings& out_;
};

void ClipboardDissector::on_piece(const ChannelPiece& piece, Instant at, Findings& out) {
  if (piece.kind == ChannelPiece::Kind::kClear) {
    Reader reader{*this, piece.from, at, out};
    of(piece.from).messages.on_piece(piece, reader);
  } else {
    on_loss(piece.from);
  }
}

/// Requests or answers are missing: what is asked of either side cannot be matched any more.
void ClipboardDissector::on_loss(Side from) {
  of(from).messages.drop();
  for (auto& side : sides_) {
    side.asked_data.clear();
    side.asked_contents.clear();
    side.moves.on_loss(&side == &of(from));
  }
}

MessagePlan ClipboardDissector::plan(ByteView start, std::uint32_t total, Side from, Instant at,
                                     Findings& out) {
  Cursor in{start};
  const auto header = read_header(in);
  MessagePlan plan;
  if (in.ok()) {
    switch (header.type) {
      case MessageType::kFormatList:
      case MessageType::kFormatDataRequest:
      case MessageType::kCapabilities:
      case MessageType::kFileContentsRequest:
      case MessageType::kLock:
      case MessageType::kUnlock:
        plan = kWhole;
        break;
      case MessageType::kFormatDataResponse:
        plan = plan_data(header, total, of(from));
        break;
      case MessageType::kFileContentsResponse:
        plan = plan_contents(header, in, total, of(from), telling(from, at, out));
        break;
    }
  }
  if (!in.ok()) { tell_damage(in.error(), from, at, out); }
  return plan;
}

/// Only the list of files is read of what is on a clipboard.
MessagePlan ClipboardDissector::plan_data(const Header& header, std::uint32_t total,
                                          SideState& owner) {
  if (owner.asked_data.empty()) { return {}; }
  const bool files = owner.asked_data.front();
  owner.asked_data.erase(owner.asked_data.begin());
  if (!files || header.failed() || !owner.has_current) { return {}; }
  auto& list = owner.lists.back();
  const auto bytes = std::min<std::uint64_t>(header.data_bytes, total - kHeaderBytes);
  list.begin(bytes);
  owner.content_is_list = true;
  owner.content_list = list.serial();
  return {.how = MessagePlan::How::kContent, .content_at = kHeaderBytes, .content_bytes = bytes};
}

MessagePlan ClipboardDissector::plan_contents(const Header& header, Cursor& in, std::uint32_t total,
                                              SideState& owner, const Telling& telling) {
  const auto stream = in.u32le("streamId");
  if (!in.ok()) { return {}; }
  const auto place = std::ranges::find_if(
      owner.asked_contents, [&](const Asked& one) { return one.request.stream == stream; });
  if (place == owner.asked_contents.end()) { return {}; }
  const auto asked = *place;
  owner.asked_contents.erase(place);
  auto* list = list_of(owner, asked.list);
  if (list == nullptr) { return {}; }
  if (header.failed()) {
    owner.moves.on_failed(*list, asked.request, telling);
    return {};
  }
  if (asked.request.size) {
    const auto size = in.u64le("size");
    if (in.ok()) { owner.moves.on_size(*list, asked.request.index, size); }
    return {};
  }
  const auto at = kHeaderBytes + kStreamBytes;
  const auto announced = std::max<std::uint64_t>(header.data_bytes, kStreamBytes) - kStreamBytes;
  const auto moved =
      std::min<std::uint64_t>({announced, total - at, std::uint64_t{asked.request.length}});
  owner.moves.on_range(*list, asked.request, moved);
  owner.content_is_list = false;
  owner.content_list = asked.list;
  owner.content_index = asked.request.index;
  owner.content_offset = asked.request.offset;
  return {.how = MessagePlan::How::kContent, .content_at = at, .content_bytes = moved};
}

void ClipboardDissector::on_content(ByteView bytes, bool last, SideState& owner,
                                    const Telling& telling) {
  auto* list = list_of(owner, owner.content_list);
  if (list == nullptr) { return; }
  if (owner.content_is_list) {
    list->add(bytes);
    return;
  }
  owner.moves.on_bytes(*list, owner.content_index, owner.content_offset, bytes, last, telling);
  owner.content_offset += bytes.size();
}

void ClipboardDissector::on_message(ByteView message, Side from, Instant at, Findings& out) {
  Cursor in{message};
  read_message(in, from, at, out);
  if (!in.ok()) { tell_damage(in.error(), from, at, out); }
}

void ClipboardDissector::read_message(Cursor& in, Side from, Instant at, Findings& out) {
  const auto header = read_header(in);
  auto body = body_of(in, header);
  // Requests are for what the other side has.
  auto& owner = of(other(from));
  switch (header.type) {
    case MessageType::kCapabilities: {
      const bool long_names = read_long_names(body);
      if (body.ok()) { of(from).long_names = long_names; }
      break;
    }
    case MessageType::kFormatList: {
      const auto format = read_file_list_format(body, name_form(), header.ascii_names());
      if (body.ok()) { on_formats(format, of(from), telling(from, at, out)); }
      break;
    }
    case MessageType::kFormatDataRequest: {
      const auto format = body.u32le("requestedFormatId");
      if (!body.ok() || owner.asked_data.size() >= kMaxPending) { break; }
      owner.asked_data.push_back(owner.file_format == format);
      break;
    }
    case MessageType::kFileContentsRequest: {
      const auto request = read_contents_request(body);
      if (body.ok()) { on_contents_request(request, owner, telling(other(from), at, out)); }
      break;
    }
    case MessageType::kLock: {
      const auto id = body.u32le("clipDataId");
      if (body.ok() && owner.has_current) { owner.lists.back().lock(id); }
      break;
    }
    case MessageType::kUnlock: {
      const auto id = body.u32le("clipDataId");
      if (body.ok()) { on_unlock(id, owner, telling(other(from), at, out)); }
      break;
    }
    case MessageType::kFormatDataResponse:
    case MessageType::kFileContentsResponse:
      break;
  }
}

NameForm ClipboardDissector::name_form() const {
  const auto& [one, two] = sides_;
  if (!one.long_names.value_or(true) || !two.long_names.value_or(true)) { return NameForm::kShort; }
  const bool known = one.long_names.has_value() && two.long_names.has_value();
  return known ? NameForm::kLong : NameForm::kUnknown;
}

/// The side has something else on its clipboard now.
void ClipboardDissector::on_formats(std::optional<std::uint32_t> file_format, SideState& owner,
                                    const Telling& telling) {
  owner.file_format = file_format;
  owner.moves.on_formats();
  if (owner.has_current && !owner.lists.back().locked()) {
    forget(owner, owner.lists.size() - 1, kNewFormats, telling);
  }
  owner.has_current = false;
  if (file_format.has_value()) { (void)current_list(owner, telling); }
}

/// The list on the clipboard; one that was put there unseen is made up.
FileList& ClipboardDissector::current_list(SideState& owner, const Telling& telling) {
  if (!owner.has_current) {
    if (owner.lists.size() >= kMaxLists) { forget(owner, 0, kNewFormats, telling); }
    owner.lists.emplace_back(++owner.last_serial);
    owner.has_current = true;
  }
  return owner.lists.back();
}

FileList* ClipboardDissector::list_of(SideState& owner, std::uint64_t serial) {
  const auto known = std::ranges::find(owner.lists, serial, &FileList::serial);
  return known == owner.lists.end() ? nullptr : &*known;
}

void ClipboardDissector::forget(SideState& owner, std::size_t index, const char* rule,
                                const Telling& telling) {
  const auto place = owner.lists.begin() + static_cast<std::ptrdiff_t>(index);
  owner.moves.forget(*place, rule, telling);
  std::erase_if(owner.asked_contents,
                [&](const Asked& one) { return one.list == place->serial(); });
  owner.lists.erase(place);
}

void ClipboardDissector::on_contents_request(const ContentsRequest& request, SideState& owner,
                                             const Telling& telling) {
  const auto locked = std::ranges::find_if(owner.lists, [&](const FileList& list) {
    return request.lock.has_value() && list.locked_by(*request.lock);
  });
  const auto& list = locked != owner.lists.end() ? *locked : current_list(owner, telling);
  if (owner.asked_contents.size() >= kMaxPending) {
    owner.asked_contents.erase(owner.asked_contents.begin());
  }
  owner.asked_contents.push_back({.request = request, .list = list.serial()});
}

void ClipboardDissector::on_unlock(std::uint32_t id, SideState& owner, const Telling& telling) {
  for (auto index = owner.lists.size(); index-- > 0;) {
    auto& list = owner.lists[index];
    if (!list.locked_by(id)) { continue; }
    list.unlock(id);
    const bool current = owner.has_current && index + 1 == owner.lists.size();
    if (!current && !list.locked()) { forget(owner, index, kUnlocked, telling); }
  }
}

}  // namespace remora::clipboard
