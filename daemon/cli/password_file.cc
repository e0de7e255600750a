#include "daemon/cli/password_file.h"

#include <algorithm>
#include <string_view>

#include "daemon/cli/messages.h"
#include "daemon/cli/secret_file.h"

namespace remora::cli {
namespace {

/// LIMIT: bytes of a password file.
constexpr std::size_t kMaxFileBytes = std::size_t{64} << 10U;

bool add_lines(const std::string& name, std::string_view text, keys::KeyRing& ring) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) { line.remove_suffix(1); }
    if (!line.empty() && !ring.add_ticket_password(line)) {
      tell_error(name + ": more than " + std::to_string(keys::KeyRing::kMaxTicketPasswords) +
                 " ticket passwords; give fewer");
      return false;
    }
  }
  return true;
}

}  // namespace

bool add_ticket_passwords(const std::string& file, keys::KeyRing& ring) {
  const auto content = read_secret_file("--ticket-password-file", file, kMaxFileBytes);
  return content.has_value() && add_lines(file, content->text(), ring);
}

}  // namespace remora::cli
