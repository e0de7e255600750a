#include "dissect/names/dns_message.h"

#include <utility>

#include "dissect/names/domain_name.h"
#include "dissect/names/host_address.h"

namespace remora::names {
namespace {

constexpr std::size_t kMaxQuestions = 16;  // LIMIT: one is usual
constexpr std::size_t kMaxRecords = 64;    // LIMIT: of all sections together

/// RFC 2181 8: a time to live with the highest bit set counts as 0.
std::chrono::seconds to_ttl(std::uint32_t value) {
  return std::chrono::seconds{(value & 0x8000'0000U) != 0 ? 0 : value};
}

Question read_question(Cursor& in, ByteView message) {
  auto name = read_domain_name(in, message);
  const RecordType type{in.u16be("QTYPE")};
  return {.name = std::move(name), .type = type, .klass = in.u16be("QCLASS")};
}

void read_data(Cursor& in, ByteView message, std::size_t size, Record& record) {
  auto data = in.sub(size, "RDATA");
  switch (record.type) {
    case RecordType::kA:
      if (size == 4) { record.address = read_ipv4(data, "ADDRESS"); }
      break;
    case RecordType::kAaaa:
      if (size == 16) { record.address = read_ipv6(data, "ADDRESS"); }
      break;
    case RecordType::kCname:
    case RecordType::kPtr:
      record.target = read_domain_name(data, message);
      break;
    case RecordType::kNetBiosName:
    case RecordType::kNetBiosStatus:
      record.data = data.rest();
      break;
    default:
      break;
  }
}

Record read_record(Cursor& in, ByteView message) {
  Record record;
  record.owner = read_domain_name(in, message);
  record.type = RecordType{in.u16be("TYPE")};
  record.klass = in.u16be("CLASS");
  record.ttl = to_ttl(in.u32be("TTL"));
  const auto size = in.u16be("RDLENGTH");
  read_data(in, message, size, record);
  return record;
}

}  // namespace

DnsHeader read_dns_header(Cursor& in) {
  return {.id = in.u16be("ID"),
          .flags = in.u16be("flags"),
          .questions = in.u16be("QDCOUNT"),
          .answers = in.u16be("ANCOUNT"),
          .authorities = in.u16be("NSCOUNT"),
          .additionals = in.u16be("ARCOUNT")};
}

DnsMessage read_dns_message(Cursor& in, ByteView message, Sections sections) {
  DnsMessage read;
  read.header = read_dns_header(in);
  if (read.header.questions > kMaxQuestions) {
    in.fail("QDCOUNT", "too many questions");
    return read;
  }
  for (std::size_t i = 0; i < read.header.questions && in.ok(); ++i) {
    auto question = read_question(in, message);
    if (in.ok()) { read.questions.push_back(std::move(question)); }
  }
  std::size_t records = 0;
  const auto read_section = [&](std::size_t count, auto keep) {
    for (std::size_t i = 0; i < count && in.ok() && records < kMaxRecords; ++i, ++records) {
      auto record = read_record(in, message);
      if (in.ok()) { keep(std::move(record)); }
    }
  };
  read_section(read.header.answers, [&](Record r) { read.answers.push_back(std::move(r)); });
  if (sections == Sections::kAnswers) { return read; }
  read_section(read.header.authorities, [](const Record&) {});
  read_section(read.header.additionals,
               [&](Record r) { read.additionals.push_back(std::move(r)); });
  return read;
}

std::optional<DnsMessage> to_dns_message(ByteView bytes, Sections sections) {
  Cursor in{bytes};
  auto message = read_dns_message(in, bytes, sections);
  message.damaged = !in.ok();
  const bool asked = in.ok() || message.questions.size() == message.header.questions;
  return asked ? std::optional{std::move(message)} : std::nullopt;
}

std::optional<DnsHeader> to_dns_header(ByteView bytes) {
  const auto header = decode(bytes, read_dns_header);
  return header.has_value() ? std::optional{*header} : std::nullopt;
}

}  // namespace remora::names
