#include "daemon/siem/ecs.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/siem/facts.h"
#include "daemon/siem/paths.h"

namespace remora::siem {
namespace {

Json words(std::string_view with_commas) {
  Json list = Json::array();
  while (!with_commas.empty()) {
    const auto comma = std::min(with_commas.find(','), with_commas.size());
    list.push_back(with_commas.substr(0, comma));
    with_commas.remove_prefix(std::min(comma + 1, with_commas.size()));
  }
  return list;
}

/// A connection that was not let in is told as such when it ends.
bool was_denied(const Json& facts) {
  constexpr std::array<std::string_view, 2> kDenied{"REFUSED", "AUTHENTICATION_FAILED"};
  const auto* outcome = find(facts, "outcome");
  return outcome != nullptr &&
         std::ranges::find(kDenied, outcome->get<std::string>()) != kDenied.end();
}

}  // namespace

std::string to_ecs(const v1::Event& event) {
  const auto facts = to_facts(event);
  const auto kind = facts.at("event_kind").get<std::string>();
  const auto& is = ecs_kind(kind);
  auto rest = facts;
  Json out = Json::object();
  put(out, "@timestamp", nullptr);  // stands first in the line
  put(out, "ecs.version", kEcsVersion);
  put(out, "event.kind", is.is);
  put(out, "event.category", words(is.categories));
  put(out, "event.type", words(is.types));
  put(out, "event.dataset", "remora.events");
  put(out, "event.module", "remora");
  if (kind == "session_closed" && was_denied(facts)) { out["event"]["type"].push_back("denied"); }
  put(out, "observer.vendor", "Remora");
  put(out, "observer.product", "remora");
  put(out, "observer.type", "network");
  map_rows(ecs_rows(), facts, out, rest);
  put(out, "@timestamp", "1970-01-01T00:00:00Z");  // ECS requires one
  put(out, "network.protocol", "rdp");
  erase_derived(rest);
  if (!rest.empty()) { out["remora"] = std::move(rest); }
  return to_line(out);
}

}  // namespace remora::siem
