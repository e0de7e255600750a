#include "dissect/ticket/invitation.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"
#include "dissect/ticket/connection_string1.h"
#include "dissect/ticket/connection_string2.h"
#include "dissect/ticket/sealed_string.h"
#include "dissect/ticket/xml_document.h"
#include "dissect/ticket/xml_names.h"

namespace remora::ticket {
namespace {

using observation::Ticket;

constexpr std::string_view kWhite{" \t\r\n"};
/// LIMIT: bytes of a user's name.
constexpr std::size_t kMaxUserName = 256;
/// Longer validity than Windows lets anybody choose is remarked; longer than a century, or beyond
/// the times that the program can compute with, is no validity.
constexpr std::uint32_t kLongMinutes = 43'200;
constexpr std::uint32_t kMaxMinutes = 52'560'000;

std::string_view trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(kWhite), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kWhite) + 1);
}

observation::Sha256 digest_of(std::string_view text) {
  return encoding::sha256(as_bytes(text));
}

std::optional<std::uint32_t> read_decimal(std::string_view digits) {
  std::uint32_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || rest != end) { return std::nullopt; }
  return number;
}

void add_addresses(Ticket& ticket, std::vector<observation::TicketAddress> addresses) {
  for (auto& address : addresses) {
    if (std::ranges::find(ticket.addresses, address) == ticket.addresses.end()) {
      ticket.addresses.push_back(std::move(address));
    }
  }
}

void name_session(Ticket& ticket, std::string_view session_id) {
  if (trimmed(session_id).empty()) { return; }
  ticket.session_id_digest = digest_of(trimmed(session_id));
  ticket.key = *ticket.session_id_digest;
}

void take(Ticket& ticket, ConnectionString1 from) {
  name_session(ticket, from.session_id);
  add_addresses(ticket, std::move(from.addresses));
  if (from.public_key_digest.has_value()) { ticket.public_key_digest = from.public_key_digest; }
}

void take(Ticket& ticket, ConnectionString2 from) {
  name_session(ticket, from.session_id);
  add_addresses(ticket, std::move(from.addresses));
  if (from.public_key_digest.has_value()) { ticket.public_key_digest = from.public_key_digest; }
  ticket.public_key_sha256 = from.public_key_sha256;
  ticket.certificate_digest = from.certificate_digest;
  ticket.sid = from.sid;
}

/// Reads UPLOADINFO and UPLOADDATA; the first refusal stays.
class InvitationReader {
 public:
  InvitationReader(const XmlDocument& document, const keys::KeyRing& keys)
      : document_{document}, keys_{keys} {}

  [[nodiscard]] Read<Ticket> read() {
    const auto* data = find_data();
    if (data != nullptr) { read_data(*data); }
    if (refused_.has_value()) { return tl::unexpected(*refused_); }
    if (names_.other_case()) { ticket_.remarks.emplace_back("attribute_case"); }
    if (document_.missing_space) { ticket_.remarks.emplace_back("missing_space"); }
    return std::move(ticket_);
  }

 private:
  void refuse(const char* error, const XmlElement& element, std::string_view attribute = {}) {
    if (refused_.has_value()) { return; }
    refused_ = Refusal{.error = error, .at = position_of(document_, element, attribute)};
  }

  void refuse_opened(const char* error, const XmlElement& element, const XmlAttribute& sealed) {
    refuse(error, element, sealed.name);
    refused_->decrypted = true;
  }

  /// Null when refused.
  const XmlElement* find_data() {
    const auto& root = document_.elements.front();
    const auto* type = names_.attribute(root, "TYPE");
    if (type == nullptr || type->value != "Escalated") {
      refuse("uploadinfo.type", root, type == nullptr ? "" : std::string_view{type->name});
      return nullptr;
    }
    const XmlElement* data = nullptr;
    for (const auto& element : document_.elements) {
      if (element.depth != 1 || !names_.is(element, "UPLOADDATA")) { continue; }
      if (data != nullptr) { refuse("uploaddata.count", element); }
      data = &element;
    }
    if (data == nullptr) { refuse("uploaddata.missing", root); }
    return data;
  }

  void read_data(const XmlElement& data) {
    if (const auto* user = names_.attribute(data, "USERNAME")) { read_user(user->value); }
    const auto* sealed = present(data, "LHTICKET");
    const auto* open = present(data, "RCTICKET");
    if (sealed == nullptr && open == nullptr) { refuse("uploaddata.missing_string", data); }
    ticket_.format = sealed != nullptr ? Ticket::Format::kVista : Ticket::Format::kXp;
    if (sealed != nullptr) { read_sealed(data, *sealed); }
    if (open != nullptr) {
      auto string = read_connection_string1(trimmed(open->value));
      if (!string.has_value()) {
        refuse(string.error().error, data, open->name);
      } else {
        take(ticket_, std::move(*string));
      }
    }
    read_protection(data, sealed != nullptr);
    read_validity(data);
  }

  const XmlAttribute* present(const XmlElement& data, std::string_view name) {
    const auto* attribute = names_.attribute(data, name);
    return attribute == nullptr || trimmed(attribute->value).empty() ? nullptr : attribute;
  }

  void read_user(std::string_view name) {
    auto cut = name.substr(0, kMaxUserName);
    while (!cut.empty() && cut.size() < name.size() &&
           (static_cast<unsigned char>(name[cut.size()]) & 0xc0U) == 0x80U) {
      cut.remove_suffix(1);
    }
    ticket_.user_name = encoding::to_utf8(as_bytes(cut));
  }

  void read_sealed(const XmlElement& data, const XmlAttribute& attribute) {
    const auto sealed = read_hex(trimmed(attribute.value));
    if (!sealed.has_value()) {
      refuse("lhticket.hex", data, attribute.name);
      return;
    }
    if (sealed->size() % kSealedBlockBytes != 0) {
      refuse("lhticket.block", data, attribute.name);
      return;
    }
    ticket_.key = encoding::sha256(*sealed);
    auto opened = open_sealed_string(*sealed, keys_);
    if (opened.how == Opening::kBroken) { refuse_opened("lhticket.decrypt", data, attribute); }
    if (opened.how == Opening::kOpened) { read_opened(data, attribute, opened.connection_string); }
    keys::wipe(std::as_writable_bytes(std::span{opened.connection_string}));
  }

  void read_opened(const XmlElement& data, const XmlAttribute& attribute, std::string_view text) {
    const auto inside = read_xml(text);
    if (!inside.has_value()) {
      refuse_opened("lhticket.decrypt", data, attribute);
      return;
    }
    auto string = read_connection_string2(*inside);
    if (!string.has_value()) {
      refuse_opened(string.error().error, data, attribute);
      return;
    }
    ticket_.decrypted = true;
    take(ticket_, std::move(*string));
  }

  void read_protection(const XmlElement& data, bool sealed) {
    const auto* encrypted = names_.attribute(data, "RCTICKETENCRYPTED");
    if (sealed) {
      ticket_.password_protected = true;  // [MS-RAI] note 20: mandatory
    } else if (encrypted != nullptr && (encrypted->value == "0" || encrypted->value == "1")) {
      ticket_.password_protected = encrypted->value == "1";
    }
  }

  void read_validity(const XmlElement& data) {
    const auto* start = names_.attribute(data, "DtStart");
    const auto* length = names_.attribute(data, "DtLength");
    if (start != nullptr) {
      const auto seconds = read_decimal(trimmed(start->value));
      if (!seconds.has_value()) {
        refuse("dt.range", data, start->name);
        return;
      }
      ticket_.start = Moment{std::chrono::seconds{*seconds}};
    }
    if (length != nullptr) {
      const auto minutes = read_decimal(trimmed(length->value));
      if (!minutes.has_value() || *minutes > kMaxMinutes ||
          ticket_.start.value_or(Moment{}) > kLatest - std::chrono::minutes{*minutes}) {
        refuse("dt.range", data, length->name);
        return;
      }
      ticket_.valid = std::chrono::minutes{*minutes};
      if (*minutes > kLongMinutes) { ticket_.remarks.emplace_back("long_validity"); }
    }
    if (start == nullptr || length == nullptr) { ticket_.remarks.emplace_back("no_validity"); }
  }

  const XmlDocument& document_;
  const keys::KeyRing& keys_;
  Names names_;
  Ticket ticket_;
  std::optional<Refusal> refused_;
};

Read<Ticket> read_bare1(std::string_view text) {
  auto string = read_connection_string1(trimmed(text));
  if (!string.has_value()) {
    return tl::unexpected(Refusal{.error = string.error().error,
                                  .at = position_of(text, text.find_first_not_of(kWhite))});
  }
  Ticket ticket;
  ticket.format = Ticket::Format::kConnectionString1;
  take(ticket, std::move(*string));
  return ticket;
}

Read<Ticket> read_bare2(const XmlDocument& document) {
  auto string = read_connection_string2(document);
  if (!string.has_value()) { return tl::unexpected(string.error()); }
  Ticket ticket;
  ticket.format = Ticket::Format::kConnectionString2;
  ticket.key = digest_of(document.text);
  if (string->other_case) { ticket.remarks.emplace_back("attribute_case"); }
  take(ticket, std::move(*string));
  return ticket;
}

/// "NAME", with white space around its equals sign or none.
bool has_attribute(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto next = text.find_first_not_of(kWhite, at + name.size());
    if (next != std::string_view::npos && text[next] == '=') { return true; }
  }
  return false;
}

}  // namespace

Read<Ticket> read_ticket(ByteView document, TextForm form, const keys::KeyRing& keys) {
  const auto text = to_text(document, form);
  if (text.broken_at.has_value()) {
    return tl::unexpected(
        Refusal{.error = "xml.encoding", .at = position_of(text.utf8, *text.broken_at)});
  }
  if (trimmed(text.utf8).starts_with("65538,")) { return read_bare1(text.utf8); }
  const auto xml = read_xml(text.utf8);
  if (!xml.has_value()) { return tl::unexpected(xml.error()); }
  const auto& root = xml->elements.front();
  if (encoding::same_name(root.name, "UPLOADINFO")) { return InvitationReader{*xml, keys}.read(); }
  if (encoding::same_name(root.name, "E")) { return read_bare2(*xml); }
  return tl::unexpected(
      Refusal{.error = "root.missing", .at = position_of(text.utf8, root.offset)});
}

bool begins_as_invitation(std::string_view utf8) {
  constexpr std::string_view kRoot{"<UPLOADINFO"};
  constexpr std::string_view kData{"<UPLOADDATA"};
  /// Hexadecimal digits of two blocks: an example that was shortened has fewer.
  constexpr std::size_t kDigits = 64;
  const auto root_end = utf8.find('>');
  if (!utf8.starts_with(kRoot) || root_end == std::string_view::npos ||
      !has_attribute(utf8.substr(0, root_end), "TYPE")) {
    return false;
  }
  const auto data =
      utf8.substr(std::min(utf8.find_first_not_of(kWhite, root_end + 1), utf8.size()));
  if (!data.starts_with(kData)) { return false; }
  if (const auto open = data.find("RCTICKET=\"65538,1,"); open != std::string_view::npos) {
    const auto list = data.substr(open + 18);
    return list.find(':') < list.find(',');
  }
  const auto sealed = data.find("LHTICKET=\"");
  if (sealed == std::string_view::npos) { return false; }
  const auto digits = data.substr(sealed + 10);
  return std::min(digits.find_first_not_of("0123456789ABCDEFabcdef"), digits.size()) >= kDigits;
}

bool claims_to_be_ticket(std::string_view utf8) {
  const auto root = utf8.find("<UPLOADINFO");
  if (root != std::string_view::npos) {
    const auto inside = utf8.substr(root);
    return has_attribute(inside.substr(0, inside.find('>')), "TYPE") ||
           has_attribute(inside, "RCTICKET") || has_attribute(inside, "LHTICKET");
  }
  const auto e = utf8.find("<E>");
  return e != std::string_view::npos && has_attribute(utf8.substr(e), "KH");
}

}  // namespace remora::ticket
