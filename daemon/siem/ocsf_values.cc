#include "daemon/siem/ocsf_values.h"

#include <string>

namespace remora::siem {
namespace {

Json fingerprint(int algorithm, const char* name, const Json& value) {
  return Json{{"algorithm_id", algorithm}, {"algorithm", name}, {"value", value}};
}

}  // namespace

Json protocol_number(const Json& value) {
  return value == "udp" ? 17 : 6;
}
Json md5_fingerprint(const Json& value) {
  return fingerprint(1, "MD5", value);
}
Json sha1_fingerprint(const Json& value) {
  return fingerprint(2, "SHA-1", value);
}
Json sha256_fingerprint(const Json& value) {
  return fingerprint(3, "SHA-256", value);
}

Json ja4_fingerprints(const Json& value) {
  return Json::array({Json{{"type_id", 1}, {"type", "JA4"}, {"value", value}}});
}

Json alternative_names(const Json& value) {
  Json names = Json::array();
  for (const auto& name : value) { names.push_back(Json{{"name", name}, {"type", "DNS"}}); }
  return names;
}

Json authentication_protocol(const Json& value) {
  if (value == "CREDSSP_NTLM") { return 1; }
  if (value == "CREDSSP_KERBEROS") { return 2; }
  return 99;
}

Json base_name(const Json& value) {
  const auto path = value.get<std::string>();
  const auto slash = path.find_last_of("\\/");
  return slash == std::string::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

Json evidences(const Json& value) {
  Json list = Json::array();
  for (const auto& piece : value) { list.push_back(Json{{"data", piece}}); }
  return list;
}

}  // namespace remora::siem
