#include "dissect/tls/dtls_dissector.h"

#include <string>
#include <utility>

#include "dissect/tls/observed.h"
#include "dissect/x509/certificate.h"

namespace remora::tls {
namespace {

constexpr std::uint16_t kFirstProtectedEpoch = 1;

void tell_damage(Findings& out, Instant at, Side from, const ReadError& why) {
  out.observe(at, from, "dtls.damage", observation::Damage{.what = why.to_text()});
}

/// With which another handshake begins, protected by the one before.
bool is_hello(ByteView message) {
  return !message.empty() && HandshakeType{to_u8(message[0])} == HandshakeType::kClientHello;
}

}  // namespace

std::size_t DtlsDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& talk = talks_.at(index_of(from));
  const auto extent = measure_dtls_record(bytes);
  if (!extent.is_whole()) {
    // The next datagram begins with a record again. One that is cut short is no fault of its
    // sender.
    if (extent.is_lost() && !std::exchange(talk.lost_place, true)) {
      tell_damage(out, at, from,
                  {.field = "DTLSPlaintext", .offset = 0, .reason = std::string{extent.why()}});
    }
    return bytes.size();
  }
  talk.lost_place = false;
  if (const auto record = decode(bytes.first(extent.size()), read_dtls_record)) {
    if (record->epoch != 0 && decryption_.awaits()) {
      out.await_keys(HeldBack::kSession);
      return 0;
    }
    on_record(from, *record, at, out);
  }
  return extent.size();
}

void DtlsDissector::on_record(Side from, const DtlsRecord& record, Instant at, Findings& out) {
  if (record.epoch != 0) {
    on_protected(from, record, at, out);
    return;
  }
  if (record.type != ContentType::kHandshake || any_opened_) { return; }
  Cursor in{record.fragment};
  while (in.ok() && !in.at_end()) {
    const auto piece = read_handshake_fragment(in);
    if (!in.ok()) { break; }
    if (const auto message = handshake_.on_piece(from, piece)) {
      on_message(from, *message, at, out);
    }
  }
  if (!in.ok()) { tell_damage(out, at, from, in.error()); }
}

void DtlsDissector::on_protected(Side from, const DtlsRecord& record, Instant at, Findings& out) {
  if (!any_opened_ && not_opened_ >= kMaxNotOpened) { return; }
  if (record.epoch != kFirstProtectedEpoch) { return; }
  auto& talk = talks_.at(index_of(from));
  if (!talk.taken.is_new(record.sequence)) { return; }
  if (!decryption_.begin_epoch(from)) {
    on_not_opened(from, at, out);
    return;
  }
  const auto opened = decryption_.open_numbered(
      from,
      {.type = record.type,
       .version = record.version,
       .length = static_cast<std::uint16_t>(record.fragment.size())},
      std::uint64_t{record.epoch} << 48U | record.sequence, record.fragment);
  if (!opened.has_value()) {
    on_not_opened(from, at, out);
    return;
  }
  talk.taken.take(record.sequence);
  if (!std::exchange(any_opened_, true)) { handshake_.forget(); }
  if (opened->type == ContentType::kHandshake && is_hello(opened->plaintext)) {
    tell_lost(from, at, out);
  }
  pass_on(from, record.sequence, *opened, out);
}

/// Anybody can put in a record that does not open: nothing follows from one where others did.
void DtlsDissector::on_not_opened(Side from, Instant at, Findings& out) {
  if (any_opened_ || !decryption_.has_keys()) { return; }
  if (decryption_.prospect() == Decryption::Prospect::kNone) { tell_no_key(from, at, out); }
  if (++not_opened_ < kMaxNotOpened) { return; }
  if (decryption_.prospect() == Decryption::Prospect::kSecrets) {
    tell_no_key(from, at, out);
  } else if (!no_key_told_) {
    tell_lost(from, at, out);  // the message with the secret was not seen
  }
}

void DtlsDissector::pass_on(Side from, std::uint64_t sequence, const RecordOpener::Opened& opened,
                            Findings& out) {
  auto& talk = talks_.at(index_of(from));
  const bool follows = sequence == talk.next_sequence;
  talk.next_sequence = sequence + 1;
  out.set_certainty(Certainty::kDecrypted);
  if (!follows && talk.passed_on) { out.pass_on_gap(from, Findings::kUnknownSize); }
  if (opened.type == ContentType::kApplicationData && !opened.plaintext.empty()) {
    talk.passed_on = true;
    if (carries_.has_value()) { out.carry(*carries_); }
    out.pass_on(from, opened.plaintext);
  }
  out.set_certainty(Certainty::kObserved);
}

void DtlsDissector::tell_no_key(Side from, Instant at, Findings& out) {
  if (std::exchange(no_key_told_, true)) { return; }
  out.observe(at, from, "keys.no_match", no_key_fits());
}

void DtlsDissector::tell_lost(Side from, Instant at, Findings& out) {
  if (std::exchange(lost_told_, true)) { return; }
  out.observe(
      at, from, "tls.decryption_lost",
      observation::Anomaly{.code = "tls.decryption_lost",
                           .detail = any_opened_ ? "the keys of the connection change"
                                                 : "the beginning of the connection is missing"});
}

void DtlsDissector::on_message(Side from, const DtlsHandshake::Message& message, Instant at,
                               Findings& out) {
  const auto body = message.body();
  const auto take = [&](auto read, bool& told, const char* rule, auto take_in) {
    const auto hello = decode(body, read);
    if (!hello.has_value()) {
      tell_damage(out, at, from, hello.error());
      return;
    }
    take_in(*hello);
    if (!std::exchange(told, true)) { out.observe(at, from, rule, to_observed(*hello)); }
  };
  if (message.type == HandshakeType::kClientHello) {
    take(read_dtls_client_hello, client_hello_told_, "dtls.client_hello",
         [&](const ClientHello& hello) { on_client_hello(from, hello); });
  } else if (message.type == HandshakeType::kServerHello) {
    take(read_server_hello, server_hello_told_, "dtls.server_hello",
         [&](const ServerHello& hello) { on_server_hello(hello); });
  } else if (message.type == HandshakeType::kCertificate && !certificate_told_) {
    const auto leaf = decode(body, read_leaf_certificate);
    if (!leaf.has_value() || leaf->empty()) { return; }
    if (auto certificate = x509::read_certificate(*leaf)) {
      certificate_told_ = true;
      out.observe(at, from, "dtls.certificate", std::move(*certificate));
    }
  }
  find_premaster();
}

void DtlsDissector::on_client_hello(Side from, const ClientHello& hello) {
  const bool overtaken = server_hello_.has_value() && !decryption_.client().has_value();
  decryption_.on_client_hello(from, hello);
  if (overtaken) { decryption_.on_server_hello(*server_hello_); }
}

/// One that is sent again is no new handshake. Another one takes the place of a false one, which
/// may have brought openers already.
void DtlsDissector::on_server_hello(const ServerHello& hello) {
  if (server_hello_.has_value() && server_hello_->random == hello.random) { return; }
  server_hello_ = hello;
  decryption_.forget_openers();
  decryption_.on_server_hello(hello);
}

/// With the server's key, once everything is there that the secret follows from.
void DtlsDissector::find_premaster() {
  const auto client = decryption_.client();
  if (decryption_.prospect() != Decryption::Prospect::kOpen || !client.has_value()) { return; }
  if (decryption_.has_tried_enough()) { return; }
  const auto* certificate = handshake_.find(other(*client), HandshakeType::kCertificate);
  const auto* exchange = handshake_.find(*client, HandshakeType::kClientKeyExchange);
  if (certificate == nullptr || exchange == nullptr) { return; }
  const auto all = handshake_.up_to_key_exchange(*client);
  if (all.empty() && decryption_.needs_transcript()) { return; }
  for (const auto* message : all) { decryption_.on_message(message->type, message->bytes); }
  if (const auto leaf = decode(certificate->body(), read_leaf_certificate)) {
    decryption_.on_certificate(*leaf);
  }
  decryption_.on_client_key_exchange(exchange->body());
}

}  // namespace remora::tls
