#include "dissect/kdc/kdc_dissector.h"

#include <utility>

#include "dissect/encoding/ber.h"
#include "dissect/kdc/told.h"
#include "dissect/kerberos/messages.h"

namespace remora::kdc {
namespace {

using observation::AccountSeen;
using observation::EndAccount;
using observation::EndNamed;
using observation::NameKind;

constexpr const char* kRule = "kerberos.message";
constexpr std::size_t kPrefixBytes = 4;
/// The smallest length that a message can have; a KRB-ERROR without any text has more.
constexpr std::uint32_t kSmallestMessage = 32;
/// Enough to compare both lengths: prefix, tag, 83 and three bytes.
constexpr std::size_t kHeaderBytes = kPrefixBytes + 5;

void observe(Side from, Told told, Instant at, Findings& out) {
  const auto client = told.by_client ? from : other(from);
  for (auto& name : told.client_names) {
    out.observe(at, from, kRule,
                EndNamed{.whose = client, .name = std::move(name), .kind = NameKind::kKerberos});
  }
  if (told.has_account()) {
    out.observe(at, from, kRule,
                EndAccount{.kind = AccountSeen::Kind::kKerberos,
                           .client = client,
                           .user = std::move(told.user),
                           .domain = std::move(told.domain),
                           .service = std::move(told.service)});
  }
}

}  // namespace

Extent measure_kdc_message(ByteView bytes) {
  if (!bytes.empty() && to_u8(bytes[0]) != 0) { return Extent::lost("not a message's length"); }
  if (bytes.size() < kPrefixBytes) { return Extent::more(); }
  Cursor in{bytes};
  const auto size = in.u32be("length");
  if (size < kSmallestMessage || size > kMaxMessageBytes) {
    return Extent::lost("not a message's length");
  }
  const auto whole = kPrefixBytes + size;
  if (bytes.size() == kPrefixBytes) { return Extent::more(whole); }
  if (!kerberos::message_type(std::byte{in.u8("tag")})) {
    return Extent::lost("no Kerberos message");
  }
  if (bytes.size() < kHeaderBytes) { return Extent::more(whole); }
  const auto length = encoding::read_ber_length(in, "length");
  if (!in.ok() || in.offset() + length != whole) { return Extent::lost("lengths disagree"); }
  return bytes.size() < whole ? Extent::more(whole) : Extent::whole(whole);
}

Verdict recognise(ByteView first_bytes) {
  const auto extent = measure_kdc_message(first_bytes);
  if (extent.is_lost()) { return Verdict::kNo; }
  return first_bytes.size() < kHeaderBytes ? Verdict::kMore : Verdict::kYes;
}

std::size_t KdcDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto extent = measure_kdc_message(bytes);
  if (lost_ || extent.is_lost()) {
    out.leave();
    return bytes.size();
  }
  if (extent.needs_more()) { return 0; }
  const auto message =
      decode(bytes.first(extent.size()).subspan(kPrefixBytes), kerberos::read_message);
  if (message) { observe(from, what_is_told(*message), at, out); }
  if (++messages_ >= kMaxMessages) { out.leave(); }
  return extent.size();
}

void KdcDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/,
                          Findings& /*out*/) {
  lost_ = true;
}

}  // namespace remora::kdc
