#include "dissect/dcom/dual_string_array.h"

#include <charconv>
#include <string_view>

namespace remora::dcom {
namespace {

[[nodiscard]] std::optional<Port> port_of(std::string_view text) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && number != 0 ? std::optional{Port{number}} : std::nullopt;
}

/// "host[endpoint]" or "host"; an IPv6 address has no brackets of its own (2.2.19.3).
[[nodiscard]] StringBinding parse(StringBinding::Tower tower, std::string text) {
  StringBinding binding{.tower = tower};
  if (text.ends_with(']')) {
    if (const auto open = text.rfind('['); open != std::string::npos && open > 0) {
      binding.endpoint = text.substr(open + 1, text.size() - open - 2);
      text.resize(open);
    }
  }
  binding.host = std::move(text);
  const std::string_view host = binding.host;
  binding.address = IpAddress::parse(host.substr(0, host.find('%')));
  binding.port = port_of(binding.endpoint);
  return binding;
}

/// `entries` are the 16-bit units from the first binding on.
[[nodiscard]] std::vector<StringBinding> parse_bindings(ByteView entries, bool little_endian) {
  std::vector<StringBinding> bindings;
  Cursor in{entries};
  const auto unit = [&] { return little_endian ? in.u16le("entry") : in.u16be("entry"); };
  while (bindings.size() < kMaxBindings && in.remaining() >= 2) {
    const auto tower = unit();
    if (tower == 0) { break; }
    const auto start = in.offset();
    while (in.remaining() >= 2 && unit() != 0) {}
    const auto text = entries.subspan(start, in.offset() - start);
    bindings.push_back(parse(StringBinding::Tower{tower}, ndr::to_utf8(text, little_endian)));
  }
  return bindings;
}

}  // namespace

std::vector<StringBinding> read_dual_string_array(Cursor& in) {
  const std::size_t entries = in.u16le("wNumEntries");
  const std::size_t security = in.u16le("wSecurityOffset");
  if (security > entries) { in.fail("wSecurityOffset", "beyond the array"); }
  const auto all = in.bytes(2 * entries, "aStringArray");
  return in.ok() ? parse_bindings(all.first(2 * security), true) : std::vector<StringBinding>{};
}

std::vector<StringBinding> read_dual_string_array(ndr::NdrReader& in) {
  const std::size_t maximum = in.u32("max_count");
  const std::size_t entries = in.u16("wNumEntries");
  const std::size_t security = in.u16("wSecurityOffset");
  if (entries > maximum || security > entries) {
    in.cursor().fail("wSecurityOffset", "beyond the array");
  }
  const auto all = in.bytes(2 * maximum, "aStringArray");
  if (!in.ok()) { return {}; }
  return parse_bindings(all.first(2 * security), in.little_endian());
}

}  // namespace remora::dcom
