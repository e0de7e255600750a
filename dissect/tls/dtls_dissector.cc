#include "dissect/tls/dtls_dissector.h"

#include <string>
#include <utility>

#include "dissect/tls/observed.h"
#include "dissect/x509/certificate.h"

namespace remora::tls {
namespace {

void tell_damage(Findings& out, Instant at, Side from, const ReadError& why) {
  out.observe(at, from, "dtls.damage", observation::Damage{.what = why.to_text()});
}

}  // namespace

std::size_t DtlsDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& talk = talks_.at(index_of(from));
  const auto extent = measure_dtls_record(bytes);
  if (extent.is_lost()) {
    if (!std::exchange(talk.lost_place, true)) {
      tell_damage(out, at, from,
                  {.field = "DTLSPlaintext", .offset = 0, .reason = std::string{extent.why()}});
    }
    return bytes.size();  // the next datagram begins with a record again
  }
  if (extent.needs_more()) { return 0; }
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

void DtlsDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  talks_.at(index_of(from)).message.clear();
}

void DtlsDissector::on_record(Side from, const DtlsRecord& record, Instant at, Findings& out) {
  if (record.epoch != 0) {
    on_protected(from, record, at, out);
    return;
  }
  if (record.type == ContentType::kChangeCipherSpec) { decryption_.on_change_cipher_spec(from); }
  if (record.type != ContentType::kHandshake) { return; }
  Cursor in{record.fragment};
  while (in.ok() && !in.at_end()) {
    const auto piece = read_handshake_fragment(in);
    if (in.ok()) { on_fragment(from, piece, at, out); }
  }
  if (!in.ok()) { tell_damage(out, at, from, in.error()); }
}

/// Of a record that comes twice its receiver takes the first (RFC 6347 4.1.2.6), and what is
/// carried bears it.
void DtlsDissector::on_protected(Side from, const DtlsRecord& record, Instant at, Findings& out) {
  // The ChangeCipherSpec may have been overtaken.
  if (!decryption_.opens(from)) { decryption_.on_change_cipher_spec(from); }
  const auto opened = decryption_.open_numbered(
      from,
      {.type = record.type,
       .version = record.version,
       .length = static_cast<std::uint16_t>(record.fragment.size())},
      std::uint64_t{record.epoch} << 48U | record.sequence, record.fragment);
  if (!opened.has_value()) {
    if (has_log_ && decryption_.prospect() == Decryption::Prospect::kNone &&
        !std::exchange(no_key_told_, true)) {
      out.observe(at, from, "keys.no_match", no_key_fits());
    }
    return;
  }
  if (opened->type != ContentType::kApplicationData || opened->plaintext.empty()) { return; }
  out.set_certainty(Certainty::kDecrypted);
  out.pass_on(from, opened->plaintext);
  out.set_certainty(Certainty::kObserved);
}

/// Pieces that come out of order are sent again by their sender sooner or later, in order.
void DtlsDissector::on_fragment(Side from, const HandshakeFragment& piece, Instant at,
                                Findings& out) {
  if (piece.offset == 0 && piece.body.size() == piece.length) {
    on_message(from, piece.type, piece.body, at, out);
    return;
  }
  auto& talk = talks_.at(index_of(from));
  if (piece.offset == 0) {
    talk.message.clear();
    talk.sequence = piece.message_sequence;
  }
  const bool next = talk.sequence == piece.message_sequence && piece.offset == talk.message.size();
  if (!next || piece.length > kMaxMessageBytes || piece.offset + piece.body.size() > piece.length) {
    return;
  }
  talk.message.insert(talk.message.end(), piece.body.begin(), piece.body.end());
  if (talk.message.size() == piece.length) {
    on_message(from, piece.type, talk.message, at, out);
    talk.message.clear();
  }
}

void DtlsDissector::on_message(Side from, HandshakeType type, ByteView body, Instant at,
                               Findings& out) {
  const auto take = [&](auto read, bool& told, const char* rule, auto take_in) {
    const auto hello = decode(body, read);
    if (!hello.has_value()) {
      tell_damage(out, at, from, hello.error());
      return;
    }
    take_in(*hello);
    if (!std::exchange(told, true)) { out.observe(at, from, rule, to_observed(*hello)); }
  };
  if (type == HandshakeType::kClientHello) {
    take(read_dtls_client_hello, client_hello_told_, "dtls.client_hello",
         [&](const ClientHello& hello) { decryption_.on_client_hello(from, hello); });
  } else if (type == HandshakeType::kServerHello) {
    take(read_server_hello, server_hello_told_, "dtls.server_hello",
         [&](const ServerHello& hello) { decryption_.on_server_hello(hello); });
  } else if (type == HandshakeType::kCertificate && !certificate_told_) {
    const auto leaf = decode(body, read_leaf_certificate);
    if (!leaf.has_value() || leaf->empty()) { return; }
    if (auto certificate = x509::read_certificate(*leaf)) {
      certificate_told_ = true;
      out.observe(at, from, "dtls.certificate", std::move(*certificate));
    }
  }
}

}  // namespace remora::tls
