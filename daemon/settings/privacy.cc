#include "daemon/settings/privacy.h"

#include <map>
#include <string_view>

namespace remora::settings {
namespace {

const std::map<std::string, Treatment> kTreatments{
    {"full", Treatment::kFull}, {"hash", Treatment::kHash}, {"omit", Treatment::kOmit}};

}  // namespace

Privacy read_privacy(config::Map map) {
  Privacy privacy;
  privacy.key_file = map.text("key_file");
  const auto read = [&](std::string_view key, Treatment& treatment) {
    treatment = map.word(key, kTreatments, treatment);
    if (treatment == Treatment::kHash && privacy.key_file.empty()) {
      map.complain(key, "hash needs a key_file: without a key names can be guessed");
    }
  };
  read("user_names", privacy.user_names);
  read("host_names", privacy.host_names);
  read("file_names", privacy.file_names);
  map.done();
  return privacy;
}

}  // namespace remora::settings
