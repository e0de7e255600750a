#include "daemon/siem/related.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <string_view>

namespace remora::siem {
namespace {

constexpr std::size_t kMost = 64;

/// A field of the contract that holds one of these: where its name is not enough, inside which.
struct Place {
  std::string_view field;
  std::string_view inside;  ///< empty: anywhere
  const char* list;
};

constexpr std::array kPlaces{
    Place{"address", "", "ip"},
    Place{"source_address", "", "ip"},
    Place{"destination_address", "", "ip"},
    Place{"routing_address", "", "ip"},
    Place{"reported_address", "", "ip"},
    Place{"target_addresses", "", "ip"},
    Place{"fqdn", "", "hosts"},
    Place{"name", "names", "hosts"},
    Place{"name", "path", "hosts"},
    Place{"name", "addresses", "hosts"},
    Place{"names", "certificate", "hosts"},
    Place{"computer_name", "", "hosts"},
    Place{"sni", "", "hosts"},
    Place{"target_fqdn", "", "hosts"},
    Place{"target_netbios_name", "", "hosts"},
    Place{"name", "user", "user"},
    Place{"name", "users", "user"},
    Place{"name", "novice_user", "user"},
    Place{"name", "participants", "user"},
    Place{"user_name", "", "user"},
    Place{"by", "", "user"},
};

void add(Json& related, const char* list, const std::string& text) {
  if (text.empty() || (std::string_view{list} == "ip" && !is_ip(text))) { return; }
  auto& found = related[list];
  if (found.size() < kMost && std::ranges::find(found, Json(text)) == found.end()) {
    found.push_back(text);
  }
}

void collect(const Json& tree, std::string_view field, std::string_view inside, Json& related) {
  if (tree.is_object()) {
    for (const auto& [name, value] : tree.items()) { collect(value, name, field, related); }
  } else if (tree.is_array()) {
    for (const auto& value : tree) {
      // Of a list of objects the members lie inside the list's field.
      collect(value, field, inside, related);
    }
  } else if (tree.is_string()) {
    for (const auto& place : kPlaces) {
      if (place.field == field && (place.inside.empty() || place.inside == inside)) {
        add(related, place.list, tree.get<std::string>());
      }
    }
  }
}

}  // namespace

bool is_ip(const std::string& text) {
  std::array<unsigned char, 16> address{};
  return inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

Json related_of(const Json& facts) {
  Json related = Json::object();
  collect(facts, "", "", related);
  for (const auto* list : {"ip", "hosts", "user"}) {
    if (related.contains(list) && related[list].empty()) { related.erase(list); }
  }
  return related;
}

}  // namespace remora::siem
