#include "dissect/mime/message_watch.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dissect/ticket/document_start.h"

namespace remora::mime {
namespace {

/// Text may hold a ticket anywhere, and so does Outlook's own container, in clear.
[[nodiscard]] bool may_hold_ticket_inside(const PartHeaders& headers) {
  return headers.media_type == "text/plain" || headers.media_type == "application/ms-tnef";
}

}  // namespace

class MessageWatch::Sink final : public PartSink {
 public:
  Sink(MessageWatch& watch, Side from, Instant at, Findings& out)
      : watch_{&watch}, from_{from}, at_{at}, out_{&out} {}

  bool on_part(const PartHeaders& headers) override { return watch_->begin_part(headers); }
  bool on_part_bytes(ByteView bytes) override {
    if (watch_->interest_ == Interest::kFirstBytes) {
      return watch_->judge(bytes, from_, at_, *out_);
    }
    watch_->look_through(bytes, from_, at_, *out_);
    return true;
  }
  void on_part_gap() override {
    if (watch_->watch_.has_value()) { watch_->watch_->on_gap(); }
    if (watch_->interest_ == Interest::kFirstBytes) { watch_->interest_ = Interest::kNone; }
  }
  void on_part_end() override {
    auto& document = watch_->watch_;
    if (document.has_value()) {
      document->on_end(from_, at_, *out_);
      watch_->collect_keys();
    }
    document.reset();
  }
  void on_oddity(const char* code, const char* detail) override {
    const auto same = [code](const char* told) { return std::string_view{told} == code; };
    if (std::ranges::any_of(watch_->told_, same)) { return; }
    watch_->told_.push_back(code);
    out_->observe(at_, from_, code, observation::Anomaly{.code = code, .detail = detail});
  }

 private:
  MessageWatch* watch_;
  Side from_;
  Instant at_;
  Findings* out_;
};

void MessageWatch::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  Sink sink{*this, from, at, out};
  reader_.on_bytes(bytes, sink);
}

void MessageWatch::on_gap() {
  Findings nothing;
  Sink sink{*this, Side::kInitiator, {}, nothing};
  reader_.on_gap(sink);
}

void MessageWatch::on_end(Side from, Instant at, Findings& out) {
  Sink sink{*this, from, at, out};
  reader_.on_end(sink);
}

bool MessageWatch::begin_part(const PartHeaders& headers) {
  file_name_ = headers.file_name.empty() ? carriage_.file_name : headers.file_name;
  first_bytes_.clear();
  keys_of_part_ = 0;
  const bool all = ticket::is_ticket_name(file_name_) || may_hold_ticket_inside(headers);
  interest_ = all ? Interest::kAll : Interest::kFirstBytes;
  return true;
}

bool MessageWatch::judge(ByteView bytes, Side from, Instant at, Findings& out) {
  using ticket::DocumentStart;
  // Mostly the first piece decides, and nothing is kept.
  if (!first_bytes_.empty()) {
    first_bytes_.insert(first_bytes_.end(), bytes.begin(), bytes.end());
    bytes = first_bytes_;
  }
  const auto start =
      ticket::judge_start(bytes.first(std::min(bytes.size(), ticket::kMaxPrologBytes)));
  if (start == DocumentStart::kMore && bytes.size() < ticket::kMaxPrologBytes) {
    if (first_bytes_.empty()) { first_bytes_.assign(bytes.begin(), bytes.end()); }
    return true;
  }
  const bool wanted = start != DocumentStart::kOther && start != DocumentStart::kMore;
  interest_ = wanted ? Interest::kAll : Interest::kNone;
  if (wanted) { look_through(bytes, from, at, out); }
  first_bytes_ = {};
  return wanted;
}

void MessageWatch::look_through(ByteView bytes, Side from, Instant at, Findings& out) {
  if (!watch_.has_value()) {
    auto carriage = carriage_;
    carriage.file_name = file_name_;
    watch_.emplace(std::move(carriage), *context_);
  }
  watch_->on_bytes(from, bytes, at, out);
  collect_keys();
}

void MessageWatch::collect_keys() {
  const auto& found = watch_->keys();
  for (; keys_of_part_ < found.size() && keys_.size() < kMaxKeys; ++keys_of_part_) {
    keys_.push_back(found[keys_of_part_]);
  }
}

}  // namespace remora::mime
