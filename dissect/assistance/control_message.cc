#include "dissect/assistance/control_message.h"

#include <cstddef>
#include <string>

#include "dissect/assistance/connection_string.h"
#include "dissect/assistance/expert_blob.h"
#include "dissect/assistance/result_names.h"
#include "dissect/encoding/utf16.h"

namespace remora::assistance {
namespace {

using observation::AssistanceMessage;
using Kind = AssistanceMessage::Kind;

/// UTF-16 text up to its terminator, which is stepped over; all of it where there is none.
ByteView read_text(Cursor& in, const char* field) {
  const auto rest = in.all().last(in.remaining());
  std::size_t size = 0;
  while (size + 2 <= rest.size() && (to_u8(rest[size]) | to_u8(rest[size + 1])) != 0) { size += 2; }
  const auto text = in.bytes(size, field);
  if (in.remaining() >= 2) { in.skip(2, field); }
  return text;
}

/// SPEC: a BSTR, [MS-DTYP] 2.2.5, whose length counts no terminator; accepted without its length
/// too (protocols-ra.md 3.5).
std::string read_name(Cursor& in) {
  const auto all = in.rest();
  Cursor bstr{all};
  const std::size_t size = bstr.u32le("length");
  const bool fits = bstr.ok() && (size == bstr.remaining() || size + 2 == bstr.remaining());
  return encoding::utf16le_to_utf8(fits ? bstr.bytes(size, "name") : all);
}

void read_connection(Cursor& in, AssistanceMessage& message) {
  const auto text = encoding::utf16le_to_utf8(read_text(in, "raConnectionString"));
  message.session_id_digest = session_id_digest(text);
  message.host_names = host_names(text);
}

}  // namespace

AssistanceMessage read_control_message(Cursor& in) {
  AssistanceMessage message{.kind = Kind{in.u32le("msgType")}};
  switch (message.kind) {
    case Kind::kRemoteControlDesktop:
      read_connection(in, message);
      break;
    case Kind::kResult: {
      const auto result = in.u32le("result");
      message.result = {.code = result, .name = std::string{result_name(result)}};
      break;
    }
    case Kind::kAuthenticate:
      read_connection(in, message);
      message.name = expert_name(read_text(in, "expertBlob"));
      break;
    case Kind::kVersionInfo:
      message.major = in.u32le("versionMajor");
      message.minor = in.u32le("versionMinor");
      break;
    case Kind::kVerifyPassword:
      message.name = expert_name(read_text(in, "expertBlob"));
      break;
    case Kind::kNoviceName:
    case Kind::kExpertName:
      message.name = read_name(in);
      break;
    case Kind::kServerAnnounce:
    case Kind::kDisconnect:
    case Kind::kIsConnected:
    case Kind::kExpertOnVista:
    case Kind::kToken:
      break;
  }
  return message;
}

const char* rule_of(Kind kind) {
  switch (kind) {
    case Kind::kRemoteControlDesktop:
      return "assistance.remote_control_desktop";
    case Kind::kResult:
      return "assistance.result";
    case Kind::kAuthenticate:
      return "assistance.authenticate";
    case Kind::kServerAnnounce:
      return "assistance.server_announce";
    case Kind::kDisconnect:
      return "assistance.disconnect";
    case Kind::kVersionInfo:
      return "assistance.version_info";
    case Kind::kIsConnected:
      return "assistance.is_connected";
    case Kind::kVerifyPassword:
      return "assistance.verify_password";
    case Kind::kExpertOnVista:
      return "assistance.expert_on_vista";
    case Kind::kNoviceName:
      return "assistance.novice_name";
    case Kind::kExpertName:
      return "assistance.expert_name";
    case Kind::kToken:
      return "assistance.token";
  }
  return "assistance.message";
}

}  // namespace remora::assistance
