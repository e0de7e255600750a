#include "dissect/rdp/session_pdus.h"

#include "dissect/rdp/data_form.h"
#include "dissect/rdp/fast_path.h"
#include "dissect/rdp/pdu_findings.h"
#include "dissect/rdp/read_or_tell.h"
#include "dissect/rdp/share/input.h"
#include "dissect/rdp/tpkt.h"

namespace remora::rdp {
namespace {

/// LIMIT: share control PDUs in one Send Data PDU.
constexpr int kMaxSharePdus = 64;

/// CHANNEL_PDU_HEADER, 2.2.6.1.1.
constexpr std::size_t kChannelHeaderBytes = 8;

/// Basic security header that only Client Info and licensing PDUs have where there is no
/// encryption. A share control header in its place would have its pduType, whose version is 1,
/// where flagsHi stands; that field may hold anything as long as SEC_FLAGSHI_VALID is not set
/// (2.2.8.1.1.2.1; Windows 11 leaves it uninitialised). Then no other flag may be set, either.
bool is_lone_security_header(ByteView data) {
  constexpr std::uint16_t kVersionBits = 0xfff0;
  constexpr std::uint16_t kVersion1 = 0x0010;
  constexpr auto kLone = static_cast<std::uint16_t>(SecurityFlag::kInfoPkt) |
                         static_cast<std::uint16_t>(SecurityFlag::kLicensePkt) |
                         static_cast<std::uint16_t>(SecurityFlag::kLicenseEncrypt);
  Cursor in{data};
  const SecurityFlags flags{in.u16le("flags")};
  const auto flags_hi = in.u16le("flagsHi");
  if (!in.ok() || (!flags.has(SecurityFlag::kInfoPkt) && !flags.has(SecurityFlag::kLicensePkt))) {
    return false;
  }
  if (flags_hi == 0) { return true; }
  // SPEC: 2.2.13.3.1 asks for no version in a redirection's pduType.
  const bool share_control =
      ((flags_hi & kVersionBits) == kVersion1 && flags.raw() <= data.size()) ||
      ((flags_hi & kVersionBits) == 0 && flags.raw() == data.size());
  return !share_control && (flags.raw() & ~kLone) == 0;
}

/// A Security Exchange PDU, 2.2.1.10: sent only where there is encryption. Its length fills the
/// rest.
bool is_security_exchange(ByteView data) {
  Cursor in{data};
  const SecurityFlags flags{in.u16le("flags")};
  in.skip(2, "flagsHi");
  const auto length = in.u32le("length");
  return in.ok() && flags.has(SecurityFlag::kExchangePkt) && !flags.has(SecurityFlag::kEncrypt) &&
         length == in.remaining() && length >= 64;
}

/// Whether a fast-path update draws: orders, a bitmap or surface commands, 2.2.9.1.2.1. The code
/// stands before what may be compressed.
bool is_drawing(std::uint8_t update_header) {
  constexpr std::uint8_t kOrders = 0;
  constexpr std::uint8_t kBitmap = 1;
  constexpr std::uint8_t kSurfaceCommands = 4;
  const auto code = update_header & 0x0fU;
  return code == kOrders || code == kBitmap || code == kSurfaceCommands;
}

/// The same of a slow-path update, 2.2.9.1.1.3.
bool is_drawing(const ShareDataPdu& pdu) {
  constexpr std::uint16_t kBitmap = 1;
  if (pdu.is_compressed()) { return true; }
  Cursor in{pdu.payload};
  return in.u16le("updateType") <= kBitmap && in.ok();
}

/// Which side sends what, [MS-RDPBCGR] 2.2. Nobody acts on what comes from the wrong one: a client
/// could tell any logon.
bool may_send(bool server, SharePduType type) {
  switch (type) {
    case SharePduType::kDemandActive:
    case SharePduType::kDeactivateAll:
    case SharePduType::kServerRedirect:
      return server;
    case SharePduType::kConfirmActive:
      return !server;
    case SharePduType::kData:
      break;
  }
  return true;
}

bool may_send(bool server, ShareDataType type) {
  switch (type) {
    case ShareDataType::kSaveSessionInfo:
    case ShareDataType::kSetErrorInfo:
    case ShareDataType::kStatusInfo:
    case ShareDataType::kMonitorLayout:
    case ShareDataType::kShutdownDenied:
    case ShareDataType::kArcStatus:
      return server;
    case ShareDataType::kInput:
    case ShareDataType::kShutdownRequest:
      return !server;
    default:
      return true;
  }
}

}  // namespace

void SessionPdus::set_security(const observation::ServerSettings& settings) {
  channels_.set_ids(settings);
  if (settings.io_channel_id.has_value()) { io_channel_ = *settings.io_channel_id; }
  if (settings.message_channel_id != 0) { message_channel_ = settings.message_channel_id; }
  if (!security_.choose(settings)) { return; }
  secured_ = *settings.encryption_method != 0 || settings.encryption_level.value_or(0) != 0;
}

void SessionPdus::on_unread(Side from, std::uint64_t bytes) {
  if (bytes > 0) { channels_.histories().lose(from); }
  security_.on_unread(from, bytes);
}

/// The plaintext, where it is known; where it is not, messages of channels have a hole.
std::optional<ByteView> SessionPdus::open(const SealedData& sealed, Side from, Instant at,
                                          Findings& out) {
  auto plaintext = security_.open(sealed, from, at, out);
  if (!plaintext.has_value() && security_.follows(from)) { channels_.on_gap(from, out); }
  return plaintext;
}

void SessionPdus::on_end(Side from, Findings& out) {
  if (from != server_) { activity_.on_end(out); }
}

void SessionPdus::on_send_data(const SendData& pdu, Side from, Instant at, Findings& out) {
  if (!secured_.has_value()) { guess_security(pdu); }
  if (!secured_.has_value() || !is_known(pdu.channel_id)) { channels_.histories().lose(from); }
  if (pdu.channel_id == message_channel_) {
    on_message_channel(pdu, from, at, out);
    return;
  }
  server_ = pdu.choice == McsChoice::kSendDataIndication ? from : other(from);
  // Elsewhere the length before a chunk could pass for the flags of a security header.
  const bool io = pdu.channel_id == io_channel_;
  if (secured_ == true || (io && is_lone_security_header(pdu.user_data))) {
    on_secured(pdu, from, at, out);
  } else if (channels_.has(pdu.channel_id) && secured_ == false) {
    on_chunk(pdu.channel_id, pdu.user_data, from, at, out);
  } else if (secured_ == false && io) {
    on_share(pdu.user_data, from, at, out);
  }
}

void SessionPdus::on_chunk(std::uint16_t channel_id, ByteView chunk, Side from, Instant at,
                           Findings& out) {
  channels_.on_chunk(channel_id, chunk, from, at, out);
  if (server_ == from) { graphics_due_ = true; }
}

/// Remote Assistance lets the expert see something only once the novice has agreed; what was agreed
/// to is told on channels, so that a drawing matters after each message of one.
void SessionPdus::tell_graphics(Side from, Instant at, Findings& out) {
  if (server_ != from || graphics_told_ >= kMaxGraphicsTold) { return; }
  graphics_due_ = false;
  ++graphics_told_;
  out.observe(at, from, "share.graphics", observation::GraphicsSent{});
}

/// Where the server's choice was not captured, what stands on the I/O channel tells it.
void SessionPdus::guess_security(const SendData& pdu) {
  if (pdu.channel_id != io_channel_) { return; }
  const auto form = data_form_of(pdu.user_data, pdu.user_data.size());
  if (form == DataForm::kSecured || is_security_exchange(pdu.user_data)) {
    secured_ = true;
  } else if (form == DataForm::kBare) {
    secured_ = false;
  }
}

/// 2.2.15, 2.2.14, 2.2.16.1: a security header stands before every PDU of this channel.
void SessionPdus::on_message_channel(const SendData& pdu, Side from, Instant at, Findings& out) {
  Cursor in{pdu.user_data};
  const auto header = read_security_header(in, security_.form());
  if (!in.ok()) {
    out.observe(at, from, "security.header", observation::Damage{.what = in.error().to_text()});
    return;
  }
  if (!header.encrypted()) {
    on_message(pdu, in.rest(), header.flags, from, at, out);
  } else if (const auto data = open(sealed_data_of(pdu, header, in.rest()), from, at, out)) {
    out.set_certainty(Certainty::kDecrypted);
    on_message(pdu, *data, header.flags, from, at, out);
    out.set_certainty(Certainty::kObserved);
  } else {
    tell_sealed(pdu.user_data.size(), header.flags, from, at, out);
  }
}

void SessionPdus::on_message(const SendData& pdu, ByteView data, SecurityFlags flags, Side from,
                             Instant at, Findings& out) {
  const bool from_server = pdu.choice == McsChoice::kSendDataIndication;
  if (flags.has(from_server ? SecurityFlag::kAutodetectReq : SecurityFlag::kAutodetectRsp)) {
    tell_network_detection(data, from, at, out);
  } else if (from_server && flags.has(SecurityFlag::kHeartbeat)) {
    tell_heartbeat(data, from, at, out);
  } else if (from_server && flags.has(SecurityFlag::kTransportReq)) {
    tell_multitransport_request(data, from, at, out);
  }
}

void SessionPdus::on_secured(const SendData& pdu, Side from, Instant at, Findings& out) {
  Cursor in{pdu.user_data};
  const auto header = read_security_header(in, security_.form());
  if (!in.ok()) {
    out.observe(at, from, "security.header", observation::Damage{.what = in.error().to_text()});
    return;
  }
  if (!header.encrypted()) {
    on_content(pdu.channel_id, in.rest(), header.flags, from, at, out);
    return;
  }
  const auto sealed = in.rest();
  if (const auto data = open(sealed_data_of(pdu, header, sealed), from, at, out)) {
    out.set_certainty(Certainty::kDecrypted);
    on_content(pdu.channel_id, *data, header.flags, from, at, out);
    out.set_certainty(Certainty::kObserved);
  } else {
    on_sealed(pdu, header, sealed.size(), from, at, out);
  }
}

SealedData SessionPdus::sealed_data_of(const SendData& pdu, const SecurityHeader& header,
                                       ByteView data) const {
  // TPKT, X.224 Data TPDU, and the Send Data PDU up to its data with a length of two bytes.
  constexpr std::size_t kAround = 15;
  SealedData sealed{.salted = header.flags.has(SecurityFlag::kSecureChecksum),
                    .fips_padding = header.fips_padding,
                    .signature = header.data_signature,
                    .data = data,
                    .pdu_bytes = kAround + pdu.user_data.size()};
  if (pdu.channel_id == message_channel_) {
    sealed.kind = SealedKind::kUnknown;
  } else if (channels_.has(pdu.channel_id)) {
    sealed.kind = SealedKind::kChunk;
  } else if (header.flags.has(SecurityFlag::kLicensePkt)) {
    sealed.kind = SealedKind::kLicensing;
  } else if (header.flags.has(SecurityFlag::kInfoPkt)) {
    sealed.kind = SealedKind::kClientInfo;
  } else if (header.flags.has(SecurityFlag::kRedirectionPkt)) {
    sealed.kind = SealedKind::kRedirection;
  } else if (pdu.channel_id == io_channel_) {
    sealed.kind = SealedKind::kShare;
  }
  return sealed;
}

/// What stands behind a security header, and is not encrypted or no longer.
void SessionPdus::on_content(std::uint16_t channel_id, ByteView data, SecurityFlags flags,
                             Side from, Instant at, Findings& out) {
  if (channels_.has(channel_id)) {
    on_chunk(channel_id, data, from, at, out);
  } else if (channel_id == io_channel_ || flags.has(SecurityFlag::kLicensePkt)) {
    on_clear(data, flags, from, at, out);
  }
}

/// RC4 does not pad, and FIPS tells its padding: the length of what is inside is known.
void SessionPdus::on_sealed(const SendData& pdu, const SecurityHeader& header, std::size_t rest,
                            Side from, Instant at, Findings& out) {
  tell_sealed(pdu.user_data.size(), header.flags, from, at, out);
  const auto around = kChannelHeaderBytes + header.fips_padding;
  if (rest > around && !security_.follows(from)) {
    channels_.on_sealed(pdu.channel_id, static_cast<std::uint32_t>(rest - around), from, out);
  }
}

void SessionPdus::on_clear(ByteView data, SecurityFlags flags, Side from, Instant at,
                           Findings& out) {
  if (flags.has(SecurityFlag::kExchangePkt)) {
    security_.on_security_exchange(data, from, at, out);
    return;
  }
  if (flags.has(SecurityFlag::kLicensePkt)) {
    tell_licensing(data, from, at, out);
  } else if (flags.has(SecurityFlag::kInfoPkt)) {
    tell_client_info(data, from, at, out);
  } else if (flags.has(SecurityFlag::kRedirectionPkt)) {
    tell_redirection(data, from, at, out);
  } else {
    on_share(data, from, at, out);
  }
}

void SessionPdus::on_fast_path(ByteView pdu, Side from, Instant at, Findings& out) {
  Cursor in{pdu};
  const auto header = read_fast_path_header(in);
  if (!in.ok()) { return; }
  if (!header.encrypted) {
    on_fast_path_content(header, in.rest(), from, at, out);
    return;
  }
  const auto security = read_fast_path_security(in, security_.form());
  const auto kind = from == server_ ? SealedKind::kOutput : SealedKind::kInput;
  const SealedData sealed{.kind = server_.has_value() ? kind : SealedKind::kUnknown,
                          .number_events = header.number_events,
                          .salted = header.secure_checksum,
                          .fips_padding = security.fips_padding,
                          .signature = security.data_signature,
                          .data = in.rest(),
                          .pdu_bytes = pdu.size()};
  if (const auto content = open(sealed, from, at, out)) {
    out.set_certainty(Certainty::kDecrypted);
    on_fast_path_content(header, *content, from, at, out);
    out.set_certainty(Certainty::kObserved);
  } else {
    tell_sealed(pdu.size(), SecurityFlags{}, from, at, out);
  }
}

void SessionPdus::on_fast_path_content(const FastPathHeader& header, ByteView content, Side from,
                                       Instant at, Findings& out) {
  if (!server_.has_value()) {
    channels_.histories().lose(from);
    return;
  }
  if (from == server_) {
    if (wants_output()) {
      channels_.histories().on_fast_path_output(content, from);
    } else {
      channels_.histories().drop(from);
    }
    const bool drawing = !content.empty() && is_drawing(to_u8(content.front()));
    if (graphics_due_ && drawing) { tell_graphics(from, at, out); }
    return;
  }
  // After a hole, what looks like a PDU may be none.
  if (!may_be_fast_path_input(content, content.size(), header.number_events)) { return; }
  if (const auto input = decode(content, read_fast_path_input, header.number_events)) {
    activity_.on_input(*input, from, at, out);
  }
}

void SessionPdus::tell_sealed(std::size_t bytes, SecurityFlags flags, Side from, Instant at,
                              Findings& out) {
  if (!flags.has(SecurityFlag::kLicensePkt)) { channels_.histories().lose(from); }
  if (++sealed_told_.at(index_of(from)) > kMaxSealedTold) { return; }
  out.observe(at, from, "security.encrypted",
              observation::SealedPdu{.from = from,
                                     .bytes = static_cast<std::uint32_t>(bytes),
                                     .licensing = flags.has(SecurityFlag::kLicensePkt),
                                     .client_info = flags.has(SecurityFlag::kInfoPkt)});
}

void SessionPdus::on_share(ByteView data, Side from, Instant at, Findings& out) {
  Cursor in{data};
  for (int count = 0; count < kMaxSharePdus && in.ok() && !in.at_end(); ++count) {
    const auto pdu = read_share_control_pdu(in);
    if (in.ok() && !pdu.is_flow()) { on_share_control(pdu, from, at, out); }
  }
  if (!in.ok() || !in.at_end()) { channels_.histories().lose(from); }
  if (!in.ok()) {
    out.observe(at, from, "share.control", observation::Damage{.what = in.error().to_text()});
  }
}

void SessionPdus::on_share_control(const ShareControlPdu& pdu, Side from, Instant at,
                                   Findings& out) {
  if (!may_send(from == server_, pdu.type)) { return; }
  if (pdu.type != SharePduType::kData) {
    tell_share_control(pdu, from, at, out);
  } else if (auto share =
                 read_or_tell(pdu.body, read_share_data_pdu, "share.data", from, at, out)) {
    channels_.histories().open(*share, from);
    on_share_data(*share, from, at, out);
  }
}

void SessionPdus::on_share_data(const ShareDataPdu& pdu, Side from, Instant at, Findings& out) {
  if (pdu.type == ShareDataType::kUpdate && graphics_due_ && is_drawing(pdu)) {
    tell_graphics(from, at, out);
  }
  if (pdu.is_compressed()) { return; }  // with a history that is not known
  if (!may_send(from == server_, pdu.type)) { return; }
  if (pdu.type == ShareDataType::kInput) {
    const auto input = read_or_tell(pdu.payload, read_input, "share.input", from, at, out);
    if (input.has_value()) { activity_.on_input(*input, from, at, out); }
    return;
  }
  if (pdu.type == ShareDataType::kSaveSessionInfo) { logon_told_ = true; }
  tell_share_data(pdu, from, at, out);
}

}  // namespace remora::rdp
