#include "daemon/siem/ocsf.h"

#include <array>
#include <map>
#include <utility>

#include "daemon/siem/facts.h"
#include "daemon/siem/paths.h"

namespace remora::siem {
namespace {

struct Activity {
  std::uint32_t id;
  std::string_view name;
};

/// Files: which way one moved, or what was done to it, is the activity.
const std::map<std::string, Activity, std::less<>> kFileActivities{
    {"CLIENT_TO_SERVER", {1, "Upload"}}, {"SERVER_TO_CLIENT", {2, "Download"}},
    {"DELETED", {4, "Delete"}},          {"RENAMED", {5, "Rename"}},
    {"REFUSED", {14, "Open"}},
};

/// Who acted, of events that tell the role and not the address: "session_id" leads to that.
const std::map<std::string, std::string, std::less<>> kActors{
    {"CLIENT_TO_SERVER", "rdp client"},
    {"SERVER_TO_CLIENT", "rdp server"},
    {"DELETED", "rdp server"},
    {"RENAMED", "rdp server"},
    {"EXPERT", "expert"},
    {"NOVICE", "novice"},
};

/// An object that OCSF requires members of, and does not take without them.
struct Required {
  std::string_view object;
  std::string_view member;
};
constexpr std::array kRequired{
    Required{"tls.certificate", "issuer"},
    Required{"tls.certificate", "serial_number"},
    Required{"tls", "version"},
    Required{"request", "uid"},
};

/// A value that every event of a class has; put where no row put one.
struct Constant {
  std::uint32_t for_class;
  std::string_view to;
  Json value;
};

const std::array kConstants{
    Constant{2004, "is_alert", true},
    Constant{2004, "finding_info.analytic.type_id", 1},
    Constant{2004, "finding_info.analytic.type", "Rule"},
    Constant{2004, "finding_info.analytic.name", "anomaly"},
    Constant{2004, "finding_info.title", "anomaly"},
    Constant{3002, "service.name", "Remote Desktop"},
    Constant{3002, "is_remote", true},
    Constant{3002, "logon_type_id", 10},
    Constant{3002, "logon_type", "Remote Interactive"},
    Constant{3002, "session.is_remote", true},
    Constant{3002, "user.name", "unknown"},
    Constant{3004, "entity.name", "Remote Assistance invitation"},
    Constant{3004, "entity.type_id", 99},
    Constant{3004, "entity.type", "Invitation"},
    Constant{4005, "app_name", "Remote Desktop"},
    Constant{6006, "actor.app_name", "Remote Desktop"},
    Constant{6006, "file.name", "unknown"},
    Constant{6006, "file.type_id", 1},
};

/// A member that OCSF requires of an object, where the object is there; a tap knows no inside, and
/// of devices and files no more than that they are one.
struct Implied {
  std::string_view object;
  std::string_view member;
  int value;
};
constexpr std::array kImplied{
    Implied{"connection_info", "connection_info.direction_id", 0},
    Implied{"device", "device.type_id", 0},
    Implied{"file_result", "file_result.type_id", 1},
};

std::string word_at(const Json& facts, std::string_view path) {
  const auto* value = find(facts, path);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

Activity activity_of(const OcsfKind& is, const Json& facts) {
  for (const auto* place : {"operation", "direction"}) {
    const auto found = kFileActivities.find(word_at(facts, place));
    if (is.class_uid == 6006 && found != kFileActivities.end()) { return found->second; }
  }
  return {is.activity_id, is.activity_name};
}

void put_classification(const OcsfKind& is, const Json& facts, Json& out) {
  const auto activity = activity_of(is, facts);
  put(out, "class_uid", is.class_uid);
  put(out, "class_name", is.class_name);
  put(out, "category_uid", is.category_uid);
  put(out, "activity_id", activity.id);
  put(out, "activity_name", activity.name);
  put(out, "type_uid", is.class_uid * 100 + activity.id);
  put(out, "severity_id", is.severity_id);
  put(out, "metadata.version", kOcsfVersion);
  put(out, "metadata.product.name", "remora");
  put(out, "metadata.product.vendor_name", "Remora");
}

/// Of a finding it is its stage of review.
void put_status(const OcsfKind& is, const Json& facts, Json& out) {
  static const std::map<std::string, Activity> words{
      {"success", {1, "Success"}}, {"failure", {2, "Failure"}}, {"unknown", {0, "Unknown"}}};
  const auto found = words.find(word_at(facts, "result_word"));
  const auto status = is.class_uid == 2004   ? Activity{1, "New"}
                      : found != words.end() ? found->second
                                             : Activity{0, "Unknown"};
  if (is.class_uid != 0) {
    put(out, "status_id", status.id);
    put(out, "status", status.name);
  }
}

/// Required where the event knows no address.
void put_actor(const OcsfKind& is, const Json& facts, Json& out) {
  if ((is.class_uid != 4005 && is.class_uid != 6006) || out.contains("src_endpoint") ||
      out.contains("dst_endpoint")) {
    return;
  }
  std::string name = "unknown";
  for (const auto* place : {"operation", "direction", "role"}) {
    const auto found = kActors.find(word_at(facts, place));
    if (found != kActors.end()) {
      name = found->second;
      break;
    }
  }
  put(out, "src_endpoint.name", name);
}

/// An endpoint needs more than a port.
void name_endpoints(Json& out) {
  for (const std::string end : {"src_endpoint", "dst_endpoint"}) {
    const auto* found = find(out, end);
    if (found != nullptr && !found->contains("ip") && !found->contains("hostname")) {
      put(out, end + ".name", "unknown");
    }
  }
}

void take_out_incomplete(Json& out, Json& unmapped) {
  for (const auto& [object, member] : kRequired) {
    const auto* found = find(out, object);
    if (found == nullptr || found->contains(member)) { continue; }
    put(unmapped, object, *found);
    erase(out, object);
  }
}

}  // namespace

std::string to_ocsf(const v1::Event& event) {
  const auto facts = to_facts(event);
  const auto& is = ocsf_kind(facts.at("event_kind").get<std::string>());
  auto rest = facts;
  Json out = Json::object();
  put_classification(is, facts, out);
  put(out, "time", nullptr);
  for (const auto& [for_class, row] : ocsf_rows()) {
    if (for_class == 0 || for_class == is.class_uid) { map_rows({&row, 1}, facts, out, rest); }
  }
  put(out, "time", 0);
  put_status(is, facts, out);
  put_actor(is, facts, out);
  name_endpoints(out);
  for (const auto& constant : kConstants) {
    if (constant.for_class == is.class_uid) { put(out, constant.to, constant.value); }
  }
  for (const auto& implied : kImplied) {
    if (find(out, implied.object) != nullptr) { put(out, implied.member, implied.value); }
  }
  erase_derived(rest);
  take_out_incomplete(out, rest);
  if (!rest.empty()) { out["unmapped"] = std::move(rest); }
  return to_line(out);
}

}  // namespace remora::siem
