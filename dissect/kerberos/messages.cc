#include "dissect/kerberos/messages.h"

#include <algorithm>
#include <utility>

#include "dissect/encoding/ber.h"
#include "dissect/encoding/text.h"

namespace remora::kerberos {
namespace {

using encoding::BerTag;

constexpr std::uint8_t kApplication = 0x60;  // class application, constructed; number below
constexpr BerTag kGeneralString{0x1b};
constexpr BerTag kTicket{0x61};

// addr-type, RFC 4120 7.5.3.
constexpr std::uint64_t kAddressIpv4 = 2;
constexpr std::uint64_t kAddressNetbios = 20;
constexpr std::uint64_t kAddressIpv6 = 24;

/// LIMIT: fields of one SEQUENCE; the largest of the schema has 13.
constexpr int kMaxFields = 32;

/// Calls `take` with the number and a bounded reader of each [n] field of a SEQUENCE.
template <typename Take>
void for_each_field(Cursor& in, const char* name, Take take) {
  auto sequence = in.sub(read_ber_length_of(in, BerTag::kSequence, name), name);
  for (int field = 0; field < kMaxFields && !sequence.at_end(); ++field) {
    const auto tag = static_cast<std::uint32_t>(encoding::read_ber_tag(sequence, "tag"));
    auto content = sequence.sub(encoding::read_ber_length(sequence, "length"), "field");
    constexpr std::uint32_t kContext = 0xa0;
    if (sequence.ok() && tag >= kContext && tag < kContext + 31) { take(tag - kContext, content); }
  }
}

[[nodiscard]] std::string read_string(Cursor& in, const char* field) {
  const auto text = encoding::read_ber_content(in, kGeneralString, field);
  return text.size() > kMaxNameBytes ? std::string{} : encoding::to_utf8(text);
}

[[nodiscard]] std::uint64_t read_number(Cursor& in, const char* field) {
  return encoding::read_ber_unsigned(in, BerTag::kInteger, field);
}

[[nodiscard]] Principal read_principal(Cursor& in) {
  Principal principal;
  for_each_field(in, "PrincipalName", [&principal](std::uint32_t number, Cursor& field) {
    if (number == 0) {
      principal.type = static_cast<std::uint32_t>(read_number(field, "name-type"));
    } else if (number == 1) {
      auto names =
          field.sub(read_ber_length_of(field, BerTag::kSequence, "name-string"), "name-string");
      while (!names.at_end() && principal.components.size() < kMaxComponents) {
        auto component = read_string(names, "KerberosString");
        if (names.ok()) { principal.components.push_back(std::move(component)); }
      }
    }
  });
  return principal;
}

/// HostAddress, 5.2.5.
void read_address(Cursor& in, Message& message) {
  std::uint64_t type = 0;
  ByteView address;
  for_each_field(in, "HostAddress", [&](std::uint32_t number, Cursor& field) {
    if (number == 0) { type = read_number(field, "addr-type"); }
    if (number == 1) {
      address = encoding::read_ber_content(field, BerTag::kOctetString, "address");
    }
  });
  if (type == kAddressIpv4 && address.size() == 4) {
    message.addresses.push_back(IpAddress::v4(address.first<4>()));
  } else if (type == kAddressIpv6 && address.size() == 16) {
    message.addresses.push_back(IpAddress::v6(address.first<16>()));
  } else if (type == kAddressNetbios && !address.empty() && address.size() <= 16) {
    // Padded with spaces to 15 characters, and the suffix of a server service, a space too.
    auto name = encoding::to_utf8(
        encoding::up_to_nul(address.first(std::min<std::size_t>(address.size(), 15))));
    name.erase(name.find_last_not_of(' ') + 1);
    if (!name.empty()) { message.netbios_names.push_back(std::move(name)); }
  }
}

void read_addresses(Cursor& in, Message& message) {
  auto list = in.sub(read_ber_length_of(in, BerTag::kSequence, "addresses"), "addresses");
  for (std::size_t count = 0; count < kMaxAddresses && !list.at_end(); ++count) {
    read_address(list, message);
  }
}

/// KDC-REQ-BODY, 5.4.1.
void read_request_body(Cursor& in, Message& message) {
  for_each_field(in, "req-body", [&message](std::uint32_t number, Cursor& field) {
    switch (number) {
      case 1:
        message.client = read_principal(field);
        break;
      case 2:
        message.realm = read_string(field, "realm");
        break;
      case 3:
        message.service = read_principal(field);
        break;
      case 9:
        read_addresses(field, message);
        break;
      default:
        break;
    }
  });
}

/// Ticket, 5.3, up to its sealed part.
void read_ticket(Cursor& in, Message& message) {
  auto ticket = in.sub(read_ber_length_of(in, kTicket, "Ticket"), "Ticket");
  for_each_field(ticket, "Ticket", [&message](std::uint32_t number, Cursor& field) {
    if (number == 1) { message.realm = read_string(field, "realm"); }
    if (number == 2) { message.service = read_principal(field); }
  });
}

/// KDC-REP, 5.4.2.
void read_reply_field(std::uint32_t number, Cursor& field, Message& message) {
  if (number == 3) { message.client_realm = read_string(field, "crealm"); }
  if (number == 4) { message.client = read_principal(field); }
  if (number == 5) { read_ticket(field, message); }
}

/// KRB-ERROR, 5.9.1.
void read_error_field(std::uint32_t number, Cursor& field, Message& message) {
  switch (number) {
    case 6:
      message.error_code = static_cast<std::uint32_t>(read_number(field, "error-code"));
      break;
    case 7:
      message.client_realm = read_string(field, "crealm");
      break;
    case 8:
      message.client = read_principal(field);
      break;
    case 9:
      message.realm = read_string(field, "realm");
      break;
    case 10:
      message.service = read_principal(field);
      break;
    default:
      break;
  }
}

void read_message_field(std::uint32_t number, Cursor& field, Message& message) {
  switch (message.type) {
    case MessageType::kAsReq:
    case MessageType::kTgsReq:
      if (number == 4) { read_request_body(field, message); }
      break;
    case MessageType::kAsRep:
    case MessageType::kTgsRep:
      read_reply_field(number, field, message);
      break;
    case MessageType::kApReq:
      if (number == 3) { read_ticket(field, message); }
      break;
    case MessageType::kError:
      read_error_field(number, field, message);
      break;
  }
}

}  // namespace

std::string Principal::to_text() const {
  std::string text;
  for (const auto& component : components) {
    if (!text.empty()) { text += '/'; }
    text += component;
  }
  return text;
}

std::optional<MessageType> message_type(std::byte first) {
  const auto type = static_cast<MessageType>(to_u8(first) & 0x1fU);
  if ((to_u8(first) & 0xe0U) != kApplication) { return std::nullopt; }
  switch (type) {
    case MessageType::kAsReq:
    case MessageType::kAsRep:
    case MessageType::kTgsReq:
    case MessageType::kTgsRep:
    case MessageType::kApReq:
    case MessageType::kError:
      return type;
  }
  return std::nullopt;
}

bool is_whole_message(ByteView bytes) {
  if (bytes.empty() || !message_type(bytes.front())) { return false; }
  Cursor in{bytes};
  in.skip(1, "tag");
  const auto length = encoding::read_ber_length(in, "length");
  return in.ok() && length == in.remaining();
}

Message read_message(Cursor& in) {
  Message message;
  const auto type = message_type(std::byte{in.u8("tag")});
  if (!type) {
    in.fail("tag", "no Kerberos message");
    return message;
  }
  message.type = *type;
  auto body = in.sub(encoding::read_ber_length(in, "length"), "message");
  for_each_field(body, "message", [&message](std::uint32_t number, Cursor& field) {
    read_message_field(number, field, message);
  });
  return message;
}

}  // namespace remora::kerberos
