#include "dissect/ticket/connection_string2.h"

#include <algorithm>
#include <charconv>

#include "dissect/encoding/base64.h"
#include "dissect/encoding/digest.h"
#include "dissect/encoding/host_name.h"
#include "dissect/ticket/addresses.h"
#include "dissect/ticket/xml_names.h"

namespace remora::ticket {
namespace {

std::optional<std::uint32_t> read_u32(std::string_view digits) {
  std::uint32_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || rest != end) { return std::nullopt; }
  return number;
}

/// The certificate, in lines as certificates are written.
std::optional<observation::Sha256> read_certificate_digest(std::string_view base64) {
  std::string joined;
  for (const char c : base64) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') { joined.push_back(c); }
  }
  const auto der = encoding::from_base64(joined);
  if (!der.has_value() || der->empty()) { return std::nullopt; }
  return encoding::sha256(*der);
}

/// "sha256:" and base64; of the other algorithms nobody shows a digest to compare with.
std::optional<observation::Sha256> read_key_hash2(std::string_view text) {
  constexpr std::string_view kSha256{"sha256:"};
  if (!encoding::same_name(text.substr(0, kSha256.size()), kSha256)) { return std::nullopt; }
  const auto bytes = encoding::from_base64(text.substr(kSha256.size()));
  observation::Sha256 digest{};
  if (!bytes.has_value() || bytes->size() != digest.size()) { return std::nullopt; }
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

/// "wss://host:port/path" of a listener that speaks WebSocket.
std::optional<observation::TicketAddress> read_uri(std::string_view uri) {
  const auto scheme = uri.find("://");
  if (scheme == std::string_view::npos) { return std::nullopt; }
  uri.remove_prefix(scheme + 3);
  const auto host = uri.substr(0, uri.find('/'));
  if (auto with_port = read_host_and_port(host)) { return with_port; }
  return read_host(host, std::nullopt);
}

/// Reads one document; the first refusal stays.
struct Reader {
  const XmlDocument& document;
  Names names{};
  ConnectionString2 read{};
  std::optional<Refusal> refused{};
  bool has_a{false};

  void refuse(const char* error, const XmlElement& element, std::string_view attribute) {
    if (!refused.has_value()) {
      refused = Refusal{.error = error, .at = position_of(document, element, attribute)};
    }
  }
  [[nodiscard]] const XmlElement& parent(const XmlElement& element) const {
    return document.elements[element.parent];
  }

  void on_element(const XmlElement& element) {
    if (element.depth == 1 && names.is(element, "A")) { on_a(element); }
    if (element.depth == 2 && names.is(element, "T") && names.is(parent(element), "C")) {
      on_t(element);
    }
    if (element.depth == 3 && names.is(element, "L") && names.is(parent(element), "T")) {
      on_l(element);
    }
  }
  void on_a(const XmlElement& element) {
    has_a = true;
    if (const auto* kh = names.attribute(element, "KH")) {
      read.public_key_digest = read_sha1(kh->value);
    }
    if (const auto* kh2 = names.attribute(element, "KH2")) {
      read.public_key_sha256 = read_key_hash2(kh2->value);
    }
    if (const auto* ce = names.attribute(element, "CE")) {
      read.certificate_digest = read_certificate_digest(ce->value);
    }
    if (const auto* id = names.attribute(element, "ID")) { read.session_id = id->value; }
  }
  void on_t(const XmlElement& element) {
    const auto* sid = names.attribute(element, "SID");
    if (sid == nullptr) { return; }
    const auto number = read_u32(sid->value);
    if (!number.has_value()) {
      refuse("cs2.structure", element, sid->name);
    } else if (read.sid.value_or(0) == 0) {
      read.sid = number;
    }
  }
  /// N beside U names the same listener, [MS-RAI] 2.2.2.
  void add_named(std::string_view name, std::optional<observation::TicketAddress>& by_uri) {
    auto named = read_host(name, by_uri.has_value() ? by_uri->port : std::nullopt);
    if (!by_uri.has_value()) {
      by_uri = std::move(named);
    } else if (named.has_value() && named != by_uri &&
               read.addresses.size() < kMaxTicketAddresses) {
      read.addresses.push_back(std::move(*named));
    }
  }
  void on_l(const XmlElement& element) {
    const auto* port = names.attribute(element, "P");
    const auto* name = names.attribute(element, "N");
    const auto* uri = names.attribute(element, "U");
    std::optional<observation::TicketAddress> address;
    if (port != nullptr) {
      const auto number = read_port(port->value);
      if (!number.has_value()) { refuse("cs2.port", element, port->name); }
      if (name != nullptr) { address = read_host(name->value, number); }
    } else if (uri != nullptr) {
      address = read_uri(uri->value);
      if (name != nullptr) { add_named(name->value, address); }
    }
    if (!address.has_value()) {
      refuse("cs2.structure", element, name == nullptr ? "" : std::string_view{name->name});
    } else if (read.addresses.size() < kMaxTicketAddresses) {
      read.addresses.push_back(std::move(*address));
    }
  }
};

}  // namespace

Read<ConnectionString2> read_connection_string2(const XmlDocument& document) {
  Reader reader{.document = document};
  const auto& root = document.elements.front();
  if (!reader.names.is(root, "E")) { reader.refuse("cs2.structure", root, ""); }
  for (const auto& element : document.elements) { reader.on_element(element); }
  if (!reader.has_a || reader.read.addresses.empty()) { reader.refuse("cs2.structure", root, ""); }
  if (reader.refused.has_value()) { return tl::unexpected(*reader.refused); }
  reader.read.other_case = reader.names.other_case();
  return std::move(reader.read);
}

}  // namespace remora::ticket
