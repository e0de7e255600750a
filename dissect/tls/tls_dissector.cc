#include "dissect/tls/tls_dissector.h"

#include <algorithm>
#include <string>
#include <utility>

#include "capture/base/cursor.h"
#include "dissect/tls/cipher_suites.h"
#include "dissect/tls/client_hello.h"
#include "dissect/tls/observed.h"
#include "dissect/tls/server_hello.h"
#include "dissect/x509/certificate.h"

namespace remora::tls {
namespace {

constexpr std::size_t kMessageHeaderBytes = 4;
constexpr std::size_t kAlertBytes = 2;
constexpr std::uint8_t kFatal = 2;

// A Finished message of TLS 1.3 with the hash of its suite, RFC 8446 4.4.4.
constexpr std::uint32_t kFinishedSha256 = kMessageHeaderBytes + 32;
constexpr std::uint32_t kFinishedSha384 = kMessageHeaderBytes + 48;

void tell_damage(Findings& out, Instant at, Side from, const ReadError& why) {
  out.observe(at, from, "tls.damage", observation::Damage{.what = why.to_text()});
}

}  // namespace

std::size_t TlsDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& talk = talks_.at(index_of(from));
  const auto record = measure_record(bytes);
  if (record.is_lost()) {
    if (!any_record_read_ && talks_.at(index_of(other(from))).lost_place) {
      out.give_up(at, from, "tls.damage",
                  {.field = "TLSPlaintext", .offset = 0, .reason = std::string{record.why()}});
      return 0;
    }
    if (!talk.lost_place) {
      tell_damage(out, at, from,
                  {.field = "TLSPlaintext", .offset = 0, .reason = std::string{record.why()}});
      talk.lost_place = true;
    }
    if (decryption_.opens(from)) { on_missing(from, bytes.size(), at, out); }
    return bytes.size();  // a record is looked for where the next segment begins
  }
  if (bytes.size() < kRecordHeaderBytes) { return 0; }
  const auto header = read_record_header(bytes);
  talk.lost_place = false;
  if (needs_secret(from, header.type) && decryption_.awaits()) {
    out.await_keys(interest_ == Interest::kAlways ? HeldBack::kSession : HeldBack::kAnything);
    return 0;
  }
  if (header.type == ContentType::kApplicationData || talk.protection_on) {
    any_record_read_ = true;
    if (!decryption_.opens(from) || is_dummy(header.type)) {
      return on_protected(from, header, at, out);
    }
    if (record.needs_more()) { return 0; }
    on_sealed(from, header, bytes.first(record.size()).subspan(kRecordHeaderBytes), at, out);
    return record.size();
  }
  if (record.needs_more()) { return 0; }
  any_record_read_ = true;
  on_record(from, header.type, bytes.first(record.size()).subspan(kRecordHeaderBytes), at, out);
  return record.size();
}

/// Up to TLS 1.2 keys are made from it when protection begins, in TLS 1.3 before.
bool TlsDissector::needs_secret(Side from, ContentType type) const {
  if (version_ >= kTls13) {
    return type == ContentType::kApplicationData && !decryption_.opens(from);
  }
  return type == ContentType::kChangeCipherSpec && !talks_.at(index_of(from)).protection_on;
}

void TlsDissector::on_gap(Side from, std::uint64_t size, Instant at, Findings& out) {
  auto& talk = talks_.at(index_of(from));
  on_missing(from, size, at, out);
  talk.lost_place = true;
  talk.handshake_lost = true;
  talk.handshake.clear();
}

/// How much of what is carried is missing is not known: records have padding, tags and heads.
void TlsDissector::on_missing(Side from, std::uint64_t size, Instant at, Findings& out) {
  const bool opened = decryption_.opens(from);
  decryption_.on_gap(from, size);
  if (!opened) { return; }
  pass_on_loss(from, out);
  if (decryption_.lost(from)) { tell_lost(from, at, out); }
}

void TlsDissector::pass_on_loss(Side from, Findings& out) {
  if (!talks_.at(index_of(from)).passed_on) { return; }
  out.set_certainty(Certainty::kDecrypted);
  out.pass_on_gap(from, Findings::kUnknownSize);
  out.set_certainty(Certainty::kObserved);
}

/// TLS 1.3: a ChangeCipherSpec that means nothing, RFC 8446 5.
bool TlsDissector::is_dummy(ContentType type) const {
  return version_ >= kTls13 && type != ContentType::kApplicationData;
}

/// A protected record that can be opened. What it holds is as if it had come in clear.
void TlsDissector::on_sealed(Side from, const RecordHeader& header, ByteView body, Instant at,
                             Findings& out) {
  const auto opened = decryption_.open(from, header, body);
  if (!opened.has_value()) {
    if (decryption_.lost(from)) { tell_lost(from, at, out); }
    pass_on_loss(from, out);
    return;
  }
  out.set_certainty(Certainty::kDecrypted);
  if (opened->type == ContentType::kApplicationData) {
    if (!opened->plaintext.empty()) {
      talks_.at(index_of(from)).passed_on = true;
      if (carries_.has_value()) { out.carry(*carries_); }
      out.pass_on(from, opened->plaintext);
      if (interest_ == Interest::kWithKeys) { out.only_carry(); }
    }
  } else {
    // Behind a hole a record that opens begins with a message again, RFC 8446 5.1.
    if (version_ >= kTls13) { talks_.at(index_of(from)).handshake_lost = false; }
    on_record(from, opened->type, opened->plaintext, at, out);
  }
  out.set_certainty(Certainty::kObserved);
}

void TlsDissector::tell_lost(Side from, Instant at, Findings& out) {
  if (decryption_.never_fitted()) {
    tell_no_key(from, at, out);
  } else if (!std::exchange(lost_told_, true)) {
    out.observe(at, from, "tls.decryption_lost",
                observation::Anomaly{.code = "tls.decryption_lost",
                                     .detail = "records could not be opened any more; what follows "
                                               "is read as encrypted"});
  }
}

void TlsDissector::tell_no_key(Side from, Instant at, Findings& out) {
  if (std::exchange(no_key_told_, true)) { return; }
  if (interest_ == Interest::kWithKeys) {
    out.leave();
    return;
  }
  out.observe(at, from, "keys.no_match", no_key_fits());
}

/// Only the length of a protected record is of interest: its body is passed over.
std::size_t TlsDissector::on_protected(Side from, const RecordHeader& header, Instant at,
                                       Findings& out) {
  out.skip(header.length);
  if (decryption_.missed_start(from)) { tell_lost(from, at, out); }
  if (decryption_.prospect() == Decryption::Prospect::kNone &&
      (decryption_.has_keys() || interest_ == Interest::kWithKeys)) {
    tell_no_key(from, at, out);
  }
  auto& talk = talks_.at(index_of(from));
  if (version_ == 0 && interest_ == Interest::kWithKeys) { out.leave(); }
  if (header.type != ContentType::kApplicationData || version_ == 0) { return kRecordHeaderBytes; }
  const auto plaintext = plaintext_length(version_, cipher_, header.length);
  if (version_ >= kTls13 && is_handshake_flight(from, plaintext.bytes)) {
    return kRecordHeaderBytes;
  }
  if (++talk.records_told <= kMaxRecordsTold) {
    out.observe(at, from, "tls.record",
                observation::SealedRecord{
                    .from = from, .plaintext_bytes = plaintext.bytes, .exact = plaintext.exact});
  } else if (talks_.at(index_of(other(from))).records_told > kMaxRecordsTold) {
    out.finish();
  }
  return kRecordHeaderBytes;
}

/// In TLS 1.3 the rest of the handshake looks like application data. Each side's flight ends with a
/// Finished message of known length; the client's is mostly that alone. A server that puts its
/// whole flight into one record, or a client that sends a certificate, is not told apart: then a
/// record too many, or one too few, counts as application data.
bool TlsDissector::is_handshake_flight(Side from, std::uint32_t plaintext_bytes) {
  auto& talk = talks_.at(index_of(from));
  if (talk.finished_passed) { return false; }
  if (plaintext_bytes == kFinishedSha256 || plaintext_bytes == kFinishedSha384) {
    talk.finished_passed = true;
  }
  // The server may not send application data before it has the client's Finished (RDP never does).
  if (talks_.at(index_of(other(from))).finished_passed && !talk.finished_passed) {
    talk.finished_passed = true;
    return false;
  }
  return true;
}

void TlsDissector::on_record(Side from, ContentType type, ByteView body, Instant at,
                             Findings& out) {
  switch (type) {
    case ContentType::kChangeCipherSpec:
      // In TLS 1.3 it means nothing (RFC 8446 D.4), but there too no clear handshake follows.
      talks_.at(index_of(from)).protection_on = true;
      decryption_.on_change_cipher_spec(from);
      break;
    case ContentType::kAlert:
      if (body.size() == kAlertBytes) {
        out.observe(
            at, from, "tls.alert",
            observation::TlsAlertSeen{
                .from = from, .fatal = to_u8(body[0]) == kFatal, .description = to_u8(body[1])});
      }
      break;
    case ContentType::kHandshake:
      on_handshake(from, body, at, out);
      break;
    case ContentType::kApplicationData:
      break;
  }
}

void TlsDissector::on_handshake(Side from, ByteView body, Instant at, Findings& out) {
  auto& talk = talks_.at(index_of(from));
  if (talk.handshake_lost) { return; }
  auto& unread = talk.handshake;
  unread.insert(unread.end(), body.begin(), body.end());
  std::size_t used = 0;
  while (unread.size() - used >= kMessageHeaderBytes) {
    Cursor in{ByteView{unread}.subspan(used)};
    const HandshakeType type{in.u8("msg_type")};
    const auto length = in.u24be("length");
    if (length > kMaxHandshakeBytes) {
      tell_damage(out, at, from,
                  {.field = "Handshake.length", .offset = 1, .reason = "larger than 128 KiB"});
      talk.handshake_lost = true;
      break;
    }
    if (in.remaining() < length) { break; }
    decryption_.on_message(type, ByteView{unread}.subspan(used, kMessageHeaderBytes + length));
    const auto message = in.bytes(length, "body");
    // A KeyUpdate ends its record, RFC 8446 5.1: others are no reason to derive keys.
    const bool last = unread.size() - used == kMessageHeaderBytes + length;
    if (type != HandshakeType::kKeyUpdate || last) { on_message(from, type, message, at, out); }
    used += kMessageHeaderBytes + length;
  }
  unread.erase(unread.begin(), unread.begin() + static_cast<std::ptrdiff_t>(used));
  if (talk.handshake_lost) { unread = {}; }
}

void TlsDissector::on_message(Side from, HandshakeType type, ByteView body, Instant at,
                              Findings& out) {
  if (type == HandshakeType::kClientHello) {
    on_client_hello(from, body, at, out);
  } else if (type == HandshakeType::kServerHello) {
    on_server_hello(from, body, at, out);
  } else if (type == HandshakeType::kCertificate) {
    on_certificate(from, body, at, out);
  } else if (type == HandshakeType::kClientKeyExchange) {
    decryption_.on_client_key_exchange(body);
  } else if (type == HandshakeType::kFinished) {
    decryption_.on_finished(from);
  } else if (type == HandshakeType::kKeyUpdate) {
    decryption_.on_key_update(from);
  }
}

void TlsDissector::on_client_hello(Side from, ByteView body, Instant at, Findings& out) {
  const auto hello = decode(body, read_client_hello);
  if (!hello.has_value()) {
    tell_damage(out, at, from, hello.error());
    return;
  }
  decryption_.on_client_hello(from, *hello);
  out.observe(at, from, "tls.client_hello", to_observed(*hello));
}

void TlsDissector::on_server_hello(Side from, ByteView body, Instant at, Findings& out) {
  const auto hello = decode(body, read_server_hello);
  if (!hello.has_value()) {
    tell_damage(out, at, from, hello.error());
    return;
  }
  if (hello->is_retry_request) { return; }
  version_ = hello->selected_version;
  cipher_ = hello->cipher_suite;
  decryption_.on_server_hello(*hello);
  out.observe(at, from, "tls.server_hello", to_observed(*hello));
}

void TlsDissector::on_certificate(Side from, ByteView body, Instant at, Findings& out) {
  const auto leaf =
      decode(body, version_ >= kTls13 ? read_tls13_leaf_certificate : read_leaf_certificate);
  if (!leaf.has_value()) {
    tell_damage(out, at, from, leaf.error());
    return;
  }
  if (leaf->empty()) { return; }
  if (!decryption_.is_client(from)) { decryption_.on_certificate(*leaf); }
  if (auto certificate = x509::read_certificate(*leaf)) {
    out.observe(at, from, "tls.certificate", std::move(*certificate));
  } else {
    tell_damage(out, at, from,
                {.field = "Certificate.ASN.1Cert", .offset = 6, .reason = "no X.509 certificate"});
  }
}

}  // namespace remora::tls
