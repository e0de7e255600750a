#include "dissect/names/dns_stream.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dissect/names/dns_answers.h"
#include "dissect/names/domain_name.h"
#include "dissect/names/host_name.h"

namespace remora::names {
namespace {

constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kMaxMessages = 64;  // LIMIT: a resolver of its own may ask for days
constexpr std::size_t kMaxAsked = 16;     // LIMIT: questions that wait for an answer

/// What the bytes of a length and a header are in a stub's first question (RFC 1035 4.1.1, RFC 4035
/// 3.1.6): at most 1023 bytes; of the flags RD, AD and CD; one question, up to two additionals.
struct Fixed {
  std::size_t at;
  std::uint8_t mask;
  std::uint8_t value;
};
constexpr std::array kFixed{
    Fixed{0, 0xfc, 0},  Fixed{4, 0xff, 0x01}, Fixed{5, 0xcf, 0},  Fixed{6, 0xff, 0},
    Fixed{7, 0xff, 1},  Fixed{8, 0xff, 0},    Fixed{9, 0xff, 0},  Fixed{10, 0xff, 0},
    Fixed{11, 0xff, 0}, Fixed{12, 0xff, 0},   Fixed{13, 0xfc, 0},
};
constexpr std::uint16_t kMaxAdditionals = 2;

std::size_t length_of(ByteView bytes) {
  return (static_cast<std::size_t>(to_u8(bytes[0])) << 8U) | to_u8(bytes[1]);
}

bool is_stub_question(ByteView bytes) {
  bool all_read = false;
  const auto message = decode(bytes, [&](Cursor& in) {
    auto read = read_dns_message(in, bytes, Sections::kAll);
    all_read = in.at_end();
    return read;
  });
  if (!message.has_value() || !all_read || message->header.additionals > kMaxAdditionals) {
    return false;
  }
  const auto& question = message->questions.front();
  const bool of_zone = question.type == RecordType::kAxfr || question.type == RecordType::kIxfr;
  return question.klass == kClassInternet && question.type != RecordType{0} && !of_zone &&
         to_host_name(question.name).has_value() &&
         std::ranges::all_of(message->additionals, [](const Record& record) {
           return (record.type == RecordType::kOpt || record.type == RecordType::kTsig);
         });
}

bool is_same_question(const Question& one, const Question& two) {
  return one.type == two.type && one.klass == two.klass && is_same_name(one.name, two.name);
}

}  // namespace

Verdict recognise_dns_stream(ByteView first_bytes) {
  for (const auto& fixed : kFixed) {
    if (fixed.at >= first_bytes.size()) { return Verdict::kMore; }
    if ((to_u8(first_bytes[fixed.at]) & fixed.mask) != fixed.value) { return Verdict::kNo; }
  }
  const auto length = length_of(first_bytes);
  if (length <= kDnsHeaderBytes) { return Verdict::kNo; }
  if (first_bytes.size() < kLengthBytes + length) { return Verdict::kMore; }
  return is_stub_question(first_bytes.subspan(kLengthBytes, length)) ? Verdict::kYes : Verdict::kNo;
}

std::size_t DnsStreamDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (holed_) {
    out.leave();
    return 0;
  }
  if (bytes.size() < kLengthBytes) { return 0; }
  const auto size = kLengthBytes + length_of(bytes);
  if (bytes.size() < size) { return 0; }
  const bool readable = on_message(from, bytes.subspan(kLengthBytes, size - kLengthBytes), at, out);
  if (!readable || ++messages_ >= kMaxMessages) { out.leave(); }
  return size;
}

void DnsStreamDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/,
                                Findings& /*out*/) {
  holed_ = true;  // where the next message begins nobody knows
}

bool DnsStreamDissector::on_message(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto message = to_dns_message(bytes, Sections::kAnswers);
  if (!message.has_value() || message->damaged || message->questions.size() > 1) { return false; }
  if (message->header.is_response()) {
    on_answer(from, *message, at, out);
  } else if (!message->questions.empty()) {
    if (asked_.size() >= kMaxAsked) { asked_.erase(asked_.begin()); }
    asked_.push_back(
        {.by = from, .id = message->header.id, .question = message->questions.front()});
  }
  return true;
}

void DnsStreamDissector::on_answer(Side from, const DnsMessage& message, Instant at,
                                   Findings& out) {
  if (message.questions.empty()) { return; }
  const auto asked = std::ranges::find_if(asked_, [&](const Asked& one) {
    return one.by != from && one.id == message.header.id &&
           is_same_question(one.question, message.questions.front());
  });
  if (asked == asked_.end()) { return; }
  asked_.erase(asked);
  for (auto& name : to_names(message)) {
    name.told_to_receiver = true;
    out.observe(at, from, "dns.answer", std::move(name));
  }
}

}  // namespace remora::names
