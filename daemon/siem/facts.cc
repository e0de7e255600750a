#include "daemon/siem/facts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/event/kind.h"
#include "daemon/siem/message_tree.h"
#include "daemon/siem/paths.h"
#include "daemon/siem/related.h"

namespace remora::siem {
namespace {

constexpr std::array kDerived{"event_kind",    "source_end", "destination_end", "via",
                              "who",           "transport",  "ip_version",      "total_bytes",
                              "total_packets", "file",       "frames",          "rules",
                              "related",       "result_word"};

std::string text_at(const Json& facts, std::string_view path) {
  const auto* value = find(facts, path);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

std::uint64_t number_at(const Json& facts, std::string_view path) {
  const auto* value = find(facts, path);
  return value != nullptr && value->is_number() ? value->get<std::uint64_t>() : 0;
}

void flatten(Json& facts, std::string_view member) {
  const auto* found = find(facts, member);
  if (found == nullptr || !found->is_object()) { return; }
  const Json content = *found;
  erase(facts, member);
  for (const auto& [name, value] : content.items()) { facts[name] = value; }
}

/// An end by its role in the protocol, with what it sent.
Json end_of(const Json& facts, const std::string& role) {
  const auto* endpoint = find(facts, role);
  if (endpoint == nullptr) { return nullptr; }
  Json end = *endpoint;
  end.erase("names");
  if (find(facts, "totals") != nullptr) {
    end["bytes"] = number_at(facts, "totals." + role + "_bytes");
    end["packets"] = number_at(facts, "totals." + role + "_packets");
  }
  return end;
}

Json carrier_end(const Json& facts, const std::string& side) {
  const auto address = text_at(facts, "carrier." + side + "_address");
  if (address.empty()) { return nullptr; }
  Json end{{"address", address}};
  if (const auto port = number_at(facts, "carrier." + side + "_port"); port != 0) {
    end["port"] = port;
  }
  return end;
}

void add_ends(Json& facts) {
  Json source = end_of(facts, "client");
  Json destination = end_of(facts, "server");
  if (text_at(facts, "initiator") == "SERVER") { std::swap(source, destination); }
  if (facts.contains("expert") || facts.contains("novice")) {
    source = end_of(facts, "expert");
    destination = end_of(facts, "novice");
  }
  if (facts.contains("carrier")) {
    source = carrier_end(facts, "source");
    destination = carrier_end(facts, "destination");
  }
  const auto address = text_at(source.is_null() ? destination : source, "address");
  if (!address.empty()) { facts["ip_version"] = address.find(':') == std::string::npos ? 4 : 6; }
  if (!source.is_null()) { facts["source_end"] = std::move(source); }
  if (!destination.is_null()) { facts["destination_end"] = std::move(destination); }
}

void add_totals(Json& facts) {
  if (!facts.contains("totals")) { return; }
  facts["total_bytes"] =
      number_at(facts, "totals.client_bytes") + number_at(facts, "totals.server_bytes");
  facts["total_packets"] =
      number_at(facts, "totals.client_packets") + number_at(facts, "totals.server_packets");
}

void add_path(Json& facts) {
  static const std::map<std::string, bool> is_end{
      {"CLIENT", true}, {"SERVER", true}, {"CLIENT_PRIVATE", true}, {"SERVER_ALTERNATE", true}};
  const auto* path = find(facts, "path");
  if (path == nullptr) { return; }
  Json via = Json::array();
  for (const auto& entry : *path) {
    const auto address = text_at(entry, "address");
    if (!is_end.contains(text_at(entry, "role")) && is_ip(address)) { via.push_back(address); }
  }
  if (!via.empty()) { facts["via"] = std::move(via); }
}

void add_transport(Json& facts) {
  if (const auto* transports = find(facts, "transports")) {
    const bool udp_alone =
        std::ranges::all_of(*transports, [](const Json& transport) { return transport == "UDP"; });
    facts["transport"] = udp_alone ? "udp" : "tcp";
  }
}

void add_who(Json& facts) {
  for (const auto* place : {"user", "users.0"}) {
    if (const auto* user = find(facts, place); user != nullptr && user->contains("name")) {
      facts["who"] = *user;
      return;
    }
  }
  for (const auto* place : {"ticket.user_name", "by"}) {
    if (const auto name = text_at(facts, place); !name.empty()) {
      facts["who"] = Json{{"name", name}};
      return;
    }
  }
}

/// How it went, by the fields that say so.
void add_result(Json& facts) {
  static const std::map<std::string, std::string> words{{"ESTABLISHED", "success"},
                                                        {"UNKNOWN", "unknown"},
                                                        {"COMPLETED", "success"},
                                                        {"DELETED", "success"},
                                                        {"RENAMED", "success"}};
  for (const auto* place : {"outcome", "result", "operation"}) {
    if (const auto word = text_at(facts, place); !word.empty()) {
      const auto known = words.find(word);
      facts["result_word"] = known == words.end() ? "failure" : known->second;
    }
  }
  const auto kind = text_at(facts, "event_kind");
  if (const auto* succeeded = find(facts, "succeeded")) {
    facts["result_word"] = succeeded->get<bool>() ? "success" : "failure";
  } else if (kind == "logon") {
    facts["result_word"] = "unknown";
  } else if (kind == "offer") {
    facts["result_word"] = facts.contains("error") ? "failure" : "success";
  }
}

void add_file(Json& facts) {
  auto path = text_at(facts, "file_name");
  if (path.empty()) { path = text_at(facts, "carrier.file_name"); }
  if (path.empty()) { return; }
  const auto slash = path.find_last_of("\\/");
  const auto name = slash == std::string::npos ? path : path.substr(slash + 1);
  auto& file = facts["file"] = Json{{"path", path}, {"name", name.empty() ? path : name}};
  if (slash != std::string::npos && slash > 0) { file["directory"] = path.substr(0, slash); }
  const auto dot = name.rfind('.');
  if (dot != std::string::npos && dot > 0 && dot + 1 < name.size()) {
    file["extension"] = name.substr(dot + 1);
  }
}

void add_evidence(Json& facts) {
  const auto* evidence = find(facts, "evidence");
  if (evidence == nullptr) { return; }
  Json frames = Json::array();
  Json rules = Json::array();
  for (const auto& piece : *evidence) {
    if (piece.contains("frame")) { frames.push_back(piece["frame"]); }
    if (piece.contains("rule")) { rules.push_back(piece["rule"]); }
  }
  if (!frames.empty()) { facts["frames"] = std::move(frames); }
  if (!rules.empty()) { facts["rules"] = std::move(rules); }
}

}  // namespace

Json to_facts(const v1::Event& event) {
  auto facts = to_tree(event);
  const auto kind = kind_name(event);
  flatten(facts, kind);
  flatten(facts, "session");
  auto related = related_of(facts);
  facts["event_kind"] = kind;
  add_ends(facts);
  add_totals(facts);
  add_path(facts);
  add_transport(facts);
  add_who(facts);
  add_result(facts);
  add_file(facts);
  add_evidence(facts);
  if (!related.empty()) { facts["related"] = std::move(related); }
  return facts;
}

void erase_derived(Json& facts) {
  for (const auto* name : kDerived) { facts.erase(name); }
}

}  // namespace remora::siem
