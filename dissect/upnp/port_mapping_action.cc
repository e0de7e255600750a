#include "dissect/upnp/port_mapping_action.h"

#include <charconv>
#include <system_error>

namespace remora::upnp {
namespace {

constexpr std::string_view kSpace{" \t\r\n"};

[[nodiscard]] std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) { return {}; }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

[[nodiscard]] std::optional<Port> port_of(std::string_view body, std::string_view name) {
  const auto text = element_text(body, name);
  std::uint16_t port = 0;
  if (!text.has_value()) { return std::nullopt; }
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), port);
  const bool whole = error == std::errc{} && end == text->data() + text->size();
  return whole && port != 0 ? std::optional{Port{port}} : std::nullopt;
}

[[nodiscard]] PortMappingAction::Kind kind_of(std::string_view soap_action) {
  using Kind = PortMappingAction::Kind;
  const auto hash = soap_action.rfind('#');
  if (hash == std::string_view::npos) { return Kind::kOther; }
  auto name = soap_action.substr(hash + 1);
  while (name.ends_with('"') || name.ends_with(' ')) { name.remove_suffix(1); }
  if (name == "AddPortMapping" || name == "AddAnyPortMapping") { return Kind::kAdd; }
  if (name == "DeletePortMapping") { return Kind::kDelete; }
  if (name == "GetExternalIPAddress") { return Kind::kGetExternalAddress; }
  return Kind::kOther;
}

}  // namespace

std::optional<std::string_view> element_text(std::string_view body, std::string_view name) {
  for (auto at = body.find(name); at != std::string_view::npos; at = body.find(name, at + 1)) {
    const auto behind = at + name.size();
    if (at == 0 || body[at - 1] != '<' || behind >= body.size()) { continue; }
    if (body[behind] != '>' && kSpace.find(body[behind]) == std::string_view::npos) { continue; }
    const auto open_end = body.find('>', behind);
    if (open_end == std::string_view::npos) { return std::nullopt; }
    const auto end = body.find('<', open_end);
    if (end == std::string_view::npos) { return std::nullopt; }
    return trimmed(body.substr(open_end + 1, end - open_end - 1));
  }
  return std::nullopt;
}

PortMappingAction read_action(std::string_view soap_action, std::string_view body) {
  PortMappingAction action{.kind = kind_of(soap_action)};
  if (action.kind != PortMappingAction::Kind::kAdd &&
      action.kind != PortMappingAction::Kind::kDelete) {
    return action;
  }
  action.external_port = port_of(body, "NewExternalPort");
  action.internal_port = port_of(body, "NewInternalPort");
  if (const auto protocol = element_text(body, "NewProtocol")) {
    action.protocol = *protocol == "TCP" || *protocol == "UDP" ? std::string{*protocol} : "";
  }
  if (const auto client = element_text(body, "NewInternalClient")) {
    action.internal_client = IpAddress::parse(*client);
  }
  return action;
}

std::optional<IpAddress> read_external_address(std::string_view body) {
  const auto text = element_text(body, "NewExternalIPAddress");
  return text.has_value() ? IpAddress::parse(*text) : std::nullopt;
}

}  // namespace remora::upnp
