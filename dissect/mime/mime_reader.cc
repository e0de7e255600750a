#include "dissect/mime/mime_reader.h"

#include <algorithm>
#include <utility>

namespace remora::mime {
namespace {

/// LIMIT: of a line that is compared with boundaries: dashes before and behind, padding.
constexpr std::size_t kMaxDelimiterLine = kMaxBoundary + 80;
constexpr std::string_view kDashes{"--"};
constexpr std::string_view kWhite{" \t\r\n"};

/// How much of `text`, which begins with a line end or with none, is that line end.
[[nodiscard]] std::size_t line_end_size(std::string_view text) {
  if (text.starts_with("\r\n")) { return 2; }
  return text.starts_with('\n') || text.starts_with('\r') ? 1 : 0;
}

/// Where the line end that `text` ends with begins; its size where it ends with none. A carriage
/// return counts as the first half of one.
[[nodiscard]] std::size_t last_line_end(std::string_view text) {
  auto end = text.size();
  if (text.ends_with('\n')) { --end; }
  if (end > 0 && text[end - 1] == '\r') { --end; }
  return end;
}

/// The next dash at the start of a line; npos where there is none. Most bodies have few dashes, and
/// base64 none at all.
[[nodiscard]] std::size_t find_dash_at_line_start(std::string_view text) {
  for (std::size_t at = text.find('-'); at != std::string_view::npos; at = text.find('-', at)) {
    if (at > 0 && text[at - 1] == '\n') { return at; }
    at = std::min(text.find_first_not_of('-', at), text.size());
  }
  return std::string_view::npos;
}

[[nodiscard]] bool is_message(std::string_view media_type) {
  return media_type == "message/rfc822" || media_type == "message/global" ||
         media_type == "message/news";
}

}  // namespace

/// Leads what an encoded message decodes to through a reader of its own.
class MimeReader::InnerSink final : public PartSink {
 public:
  InnerSink(MimeReader& inner, PartSink& sink) : inner_{&inner}, sink_{&sink} {}

  bool on_part(const PartHeaders& /*headers*/) override { return true; }
  bool on_part_bytes(ByteView bytes) override {
    inner_->on_bytes(bytes, *sink_);
    return inner_->state_ != State::kIgnored;
  }
  void on_part_gap() override { inner_->on_gap(*sink_); }
  void on_part_end() override { inner_->on_end(*sink_); }
  void on_oddity(const char* code, const char* detail) override { sink_->on_oddity(code, detail); }

 private:
  MimeReader* inner_;
  PartSink* sink_;
};

void MimeReader::on_bytes(ByteView bytes, PartSink& sink) {
  if (given_.has_value()) { enter(*std::exchange(given_, std::nullopt), sink); }
  while (!bytes.empty() && state_ != State::kIgnored) {
    std::size_t used = 0;
    if (holding_) {
      used = on_held(bytes, sink);
    } else if (state_ == State::kHeaders) {
      used = on_headers(bytes, sink);
    } else {
      used = on_body(bytes, sink);
    }
    bytes = bytes.subspan(used);
  }
}

std::size_t MimeReader::on_headers(ByteView bytes, PartSink& sink) {
  const auto used = headers_.on_bytes(bytes);
  if (headers_.lines() > kManyHeaderLines && !std::exchange(told_headers_, true)) {
    sink.on_oddity("mime.many_headers", "thousands of header lines in one part");
  }
  if (headers_.at_dash()) {
    holding_ = has_boundaries_;
    if (!holding_) { headers_.pass_line(false); }
  }
  if (headers_.done()) { on_headers_end(sink); }
  return used;
}

/// Content up to the next line that may be a delimiter. The line end before that belongs to it
/// (RFC 2046 5.1.1), so one at the end of the bytes is held back.
std::size_t MimeReader::on_body(ByteView bytes, PartSink& sink) {
  if (!has_boundaries_) {
    on_content(bytes, sink);
    return bytes.size();
  }
  const auto text = as_text(bytes);
  if (std::exchange(at_line_start_, false) && text.front() == '-') {
    holding_ = true;
    return 0;
  }
  const auto dash = find_dash_at_line_start(text);
  const auto end = std::min(dash, text.size());
  const auto content = last_line_end(text.substr(0, end));
  on_content(bytes.first(content), sink);
  held_ = text.substr(content, end - content);
  holding_ = !held_.empty();
  return end;
}

/// Bytes behind what is held, up to where it is known whether that is a delimiter.
std::size_t MimeReader::on_held(ByteView bytes, PartSink& sink) {
  std::size_t used = 0;
  for (const char c : as_text(bytes)) {
    const auto line = held_.size() - line_end_size(held_);
    const bool second_half = held_ == "\r" && c == '\n';
    if (!second_half && (held_ == "\r" || (line < kDashes.size() && c != '-'))) {
      judge_held(false, sink);
      return used;
    }
    held_ += c;
    ++used;
    if (!second_half && (c == '\n' || line + 1 == kMaxDelimiterLine)) {
      judge_held(c == '\n', sink);
      return used;
    }
  }
  return used;
}

void MimeReader::judge_held(bool ended, PartSink& sink) {
  holding_ = false;
  const auto held = std::exchange(held_, {});
  const std::string_view line = std::string_view{held}.substr(line_end_size(held));
  bool last = false;
  if (const auto level = delimited(line, last); level.has_value()) {
    on_delimiter(*level, last, sink);
    return;
  }
  if (state_ == State::kHeaders) {
    headers_.pass_line(ended);
    return;
  }
  // Its own line end may be that before a delimiter.
  const auto content = ended ? last_line_end(held) : held.size();
  on_content(as_bytes(held).first(content), sink);
  held_ = held.substr(content);
  holding_ = ended;
}

/// Which level's delimiter the line is, the innermost first; RFC 2046 5.1.2: an outer one ends what
/// lacks its own end.
std::optional<std::size_t> MimeReader::delimited(std::string_view line, bool& last) const {
  if (!line.starts_with(kDashes)) { return std::nullopt; }
  line.remove_prefix(kDashes.size());
  for (auto level = open_.size(); level-- > 0;) {
    const auto& boundary = open_[level].boundary;
    if (boundary.empty() || !line.starts_with(boundary)) { continue; }
    auto rest = line.substr(boundary.size());
    last = rest.starts_with(kDashes);
    if (last) { rest.remove_prefix(kDashes.size()); }
    const bool padding = rest.find_first_not_of(kWhite) == std::string_view::npos;
    if (padding || boundary.size() == kMaxBoundary) { return level; }
  }
  return std::nullopt;
}

void MimeReader::on_delimiter(std::size_t level, bool last, PartSink& sink) {
  end_part(sink);
  open_.resize(last ? level : level + 1);
  has_boundaries_ =
      std::ranges::any_of(open_, [](const Level& open) { return !open.boundary.empty(); });
  if (!last) {
    begin_headers(sink);
    return;
  }
  at_line_start_ = true;
  state_ = has_boundaries_ ? State::kBetween : State::kIgnored;
}

void MimeReader::begin_headers(PartSink& sink) {
  if (++parts_ > kMaxParts) {
    sink.on_oddity("mime.too_many_parts", "a message with more parts than are read");
    state_ = State::kIgnored;
    return;
  }
  headers_ = {};
  state_ = State::kHeaders;
}

void MimeReader::on_headers_end(PartSink& sink) {
  const bool digest = !open_.empty() && open_.back().digest;
  enter(read_part_headers(headers_.fields(), digest ? "message/rfc822" : "text/plain"), sink);
}

void MimeReader::enter(const PartHeaders& headers, PartSink& sink) {
  at_line_start_ = true;
  if (!headers.boundary.empty()) {
    enter_level({.boundary = headers.boundary, .digest = headers.media_type == "multipart/digest"},
                State::kBetween, sink);
    return;
  }
  if (is_message(headers.media_type)) {
    enter_message(headers, sink);
    return;
  }
  state_ = State::kLeaf;
  auto leaf = headers;
  // Nothing tells its parts from each other: a text of lines.
  if (leaf.media_type.starts_with("multipart/")) { leaf.media_type = "text/plain"; }
  leaf_.begin(std::move(leaf), sink);
}

void MimeReader::enter_level(Level level, State next, PartSink& sink) {
  if (outer_depth_ + open_.size() >= kMaxDepth) {
    sink.on_oddity("mime.too_deep", "parts inside parts beyond the depth that is read");
    state_ = has_boundaries_ ? State::kBetween : State::kIgnored;
    return;
  }
  has_boundaries_ = has_boundaries_ || !level.boundary.empty();
  open_.push_back(std::move(level));
  state_ = next;
}

/// RFC 2046 5.2.1 allows no encoding that hides the message; some programs use one all the same.
void MimeReader::enter_message(const PartHeaders& headers, PartSink& sink) {
  const bool encoded = headers.encoding == TransferEncoding::kBase64 ||
                       headers.encoding == TransferEncoding::kQuotedPrintable;
  enter_level({}, encoded ? State::kMessage : State::kHeaders, sink);
  if (state_ == State::kHeaders) { begin_headers(sink); }
  if (state_ != State::kMessage) { return; }
  inner_.reset(new MimeReader{outer_depth_ + open_.size(), parts_});  // a private constructor
  InnerSink inner{*inner_, sink};
  leaf_.begin(headers, inner);
}

void MimeReader::on_content(ByteView bytes, PartSink& sink) {
  if (bytes.empty()) { return; }
  if (state_ == State::kLeaf) {
    leaf_.on_bytes(bytes, sink);
  } else if (state_ == State::kMessage) {
    InnerSink inner{*inner_, sink};
    leaf_.on_bytes(bytes, inner);
  }
}

void MimeReader::end_part(PartSink& sink) {
  if (state_ == State::kLeaf) {
    leaf_.end(sink);
  } else if (state_ == State::kMessage) {
    InnerSink inner{*inner_, sink};
    leaf_.end(inner);
    parts_ = inner_->parts_;
    inner_.reset();
  }
  state_ = State::kBetween;
}

void MimeReader::on_gap(PartSink& sink) {
  holding_ = false;
  held_.clear();
  at_line_start_ = false;
  if (state_ == State::kHeaders) {
    headers_.on_gap();
  } else if (state_ == State::kLeaf) {
    leaf_.on_gap(sink);
  } else if (state_ == State::kMessage) {
    InnerSink inner{*inner_, sink};
    leaf_.on_gap(inner);
  }
}

void MimeReader::on_end(PartSink& sink) {
  if (holding_) { judge_held(false, sink); }
  end_part(sink);
  state_ = State::kIgnored;
}

}  // namespace remora::mime
