#include "dissect/ticket/mark_search.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <string_view>

namespace remora::ticket {
namespace {

struct Word {
  MarkKind kind;
  std::string_view text;
  bool of_invitation{false};
};

constexpr std::array kDocumentWords{
    Word{MarkKind::kInvitationStart, "<UPLOADINFO"},
    Word{MarkKind::kConnectionString2Start, "<E>"},
    Word{MarkKind::kInvitationEnd, "</UPLOADINFO>"},
    Word{MarkKind::kConnectionString2End, "</E>"},
};
constexpr Word kConnectionString1Word{MarkKind::kConnectionString1Start, "65538,1,"};

std::string in_form(std::string_view text, TextForm form) {
  std::string bytes;
  for (const char c : text) {
    bytes.push_back(c);
    if (form == TextForm::kUtf16Le) { bytes.push_back('\0'); }
  }
  return bytes;
}

/// Not in big-endian UTF-16: behind a zero, the other order looks the same.
void add_forms(const Word& word, std::vector<Mark>& marks) {
  for (const auto form : {TextForm::kBytes, TextForm::kUtf16Le}) {
    auto bytes = in_form(word.text, form);
    marks.push_back({.kind = word.kind,
                     .form = form,
                     .bytes = bytes,
                     .document = bytes,
                     .of_invitation = word.of_invitation});
  }
}

// Of marks of at least six bytes, each that begins at i, i+1 or i+2 covers the
// four bytes from i+2 on.
constexpr std::size_t kStride = 3;
constexpr std::size_t kQuad = 4;
constexpr std::size_t kShortestForQuads = kStride + kQuad - 1;
constexpr unsigned kHashBits = 15;

std::size_t hash_of(const std::byte* quad) {
  std::uint32_t value = 0;
  std::memcpy(&value, quad, sizeof value);
  return (value * 0x9e3779b1U) >> (32U - kHashBits);
}

std::vector<Mark> document_marks() {
  std::vector<Mark> marks;
  for (const auto& word : kDocumentWords) { add_forms(word, marks); }
  return marks;
}

/// Longer than in documents, so that chance seldom makes them.
constexpr std::array kStreamWords{
    Word{MarkKind::kInvitationStart, "<UPLOADINFO"},
    Word{MarkKind::kConnectionString2Start, "<E><A "},
    kConnectionString1Word,
    Word{MarkKind::kConnectionString1Start, "RCTICKET=\"65538,1,", true},
};

/// Base64 of the mark where it begins `behind` bytes after the start of a group of three.
Mark in_base64(const Mark& mark, unsigned behind) {
  constexpr std::string_view kDigits{
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
  auto encoded = mark;
  encoded.base64 = true;
  encoded.bytes.clear();
  std::uint32_t bits = 0;
  // Those before the first whole character depend on what stands before the mark.
  unsigned lost = behind == 0 ? 0U : behind == 1 ? 4U : 2U;
  unsigned held = 0;
  for (const char c : mark.document) {
    bits = (bits << 8U) | static_cast<std::uint8_t>(c);
    held += 8;
    if (lost > 0) {
      held -= lost;
      lost = 0;
    }
    while (held >= 6) {
      held -= 6;
      encoded.bytes.push_back(kDigits[(bits >> held) & 0x3fU]);
    }
  }
  encoded.known_bits = static_cast<std::uint8_t>(held);
  encoded.known_value = static_cast<std::uint8_t>(bits & ((1U << held) - 1U));
  return encoded;
}

std::vector<Mark> stream_marks() {
  std::vector<Mark> marks;
  for (const auto& word : kStreamWords) { add_forms(word, marks); }
  const auto plain = marks.size();
  for (std::size_t at = 0; at < plain; ++at) {
    for (const auto behind : {0U, 1U, 2U}) { marks.push_back(in_base64(marks[at], behind)); }
  }
  return marks;
}

std::vector<Mark> message_marks() {
  auto marks = document_marks();
  add_forms(kConnectionString1Word, marks);
  return marks;
}

}  // namespace

MarkTable::MarkTable(std::vector<Mark> marks) : marks_{std::move(marks)} {
  add_states();
  add_ways_back();
  add_shortcuts();
}

/// One state for each beginning that marks share.
void MarkTable::add_states() {
  const auto add_state = [this] {
    next_.emplace_back();
    found_.push_back(-1);
    return static_cast<State>(next_.size() - 1);
  };
  (void)add_state();
  for (std::size_t index = 0; index < marks_.size(); ++index) {
    State state = 0;
    for (const char c : marks_[index].bytes) {
      const auto byte = static_cast<std::uint8_t>(c);
      if (next_[state].at(byte) == 0) {
        const auto added = add_state();
        next_[state].at(byte) = added;
      }
      state = next_[state].at(byte);
    }
    found_[state] = static_cast<std::int16_t>(index);
  }
}

/// Breadth first: where a state has no way on, that of the longest suffix it shares with a mark.
void MarkTable::add_ways_back() {
  std::vector<State> suffix(next_.size(), 0);
  std::deque<State> queue;
  for (const auto state : next_[0]) {
    if (state != 0) { queue.push_back(state); }
  }
  while (!queue.empty()) {
    const auto state = queue.front();
    queue.pop_front();
    for (std::size_t byte = 0; byte < 256; ++byte) {
      auto& to = next_[state].at(byte);
      const auto else_to = next_[suffix[state]].at(byte);
      if (to == 0) {
        to = else_to;
      } else {
        suffix[to] = else_to;
        queue.push_back(to);
      }
    }
  }
}

void MarkTable::add_shortcuts() {
  const auto first = as_bytes(marks_.front().bytes).front();
  const bool shared = std::ranges::all_of(
      marks_, [&](const Mark& mark) { return as_bytes(mark.bytes).front() == first; });
  const bool long_enough = std::ranges::all_of(
      marks_, [](const Mark& mark) { return mark.bytes.size() >= kShortestForQuads; });
  if (shared) {
    first_ = first;
  } else if (long_enough) {
    quads_.resize(std::size_t{1} << kHashBits);
    for (const auto& mark : marks_) {
      for (std::size_t at = 0; at < kStride; ++at) {
        quads_[hash_of(as_bytes(mark.bytes).data() + at)] = true;
      }
    }
  }
}

/// Where the next mark may begin: no earlier than `at`, and no later than one does.
std::size_t MarkTable::next_start(ByteView bytes, std::size_t at) const {
  if (first_.has_value()) {
    const auto* const found = static_cast<const std::byte*>(
        std::memchr(bytes.data() + at, std::to_integer<int>(*first_), bytes.size() - at));
    return found == nullptr ? bytes.size() : static_cast<std::size_t>(found - bytes.data());
  }
  if (!quads_.empty()) {
    while (at + kShortestForQuads <= bytes.size() &&
           !quads_[hash_of(bytes.data() + at + kStride - 1)]) {
      at += kStride;
    }
  }
  return at;
}

const MarkTable& MarkTable::of_documents() {
  static const MarkTable table{document_marks()};
  return table;
}

const MarkTable& MarkTable::of_messages() {
  static const MarkTable table{message_marks()};
  return table;
}

const MarkTable& MarkTable::of_streams() {
  static const MarkTable table{stream_marks()};
  return table;
}

const Mark* MarkSearch::next(ByteView& bytes) {
  const auto& table = *table_;
  auto state = state_;
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (state == 0) {
      at = table.next_start(bytes, at);
      if (at == bytes.size()) { break; }
    }
    state = table.next_[state][to_u8(bytes[at++])];
    if (const auto found = table.found_[state]; found >= 0) {
      bytes = bytes.subspan(at);
      state_ = 0;
      return &table.marks_[static_cast<std::size_t>(found)];
    }
  }
  bytes = {};
  state_ = state;
  return nullptr;
}

}  // namespace remora::ticket
