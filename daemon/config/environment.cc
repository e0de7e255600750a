#include "daemon/config/environment.h"

#include <cstdlib>

namespace remora::config {

tl::expected<std::string, std::string> with_environment(const std::string& text) {
  std::string whole;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto next = text.find('$', at);
    whole.append(text, at, next - at);
    if (next == std::string::npos) { break; }
    const char kind = next + 1 < text.size() ? text[next + 1] : '\0';
    if (kind == '$') {
      whole += '$';
      at = next + 2;
      continue;
    }
    if (kind != '{') {
      return tl::unexpected{std::string{"has a $ that begins no ${NAME}; write $$ for a $"}};
    }
    const auto end = text.find('}', next);
    if (end == std::string::npos) { return tl::unexpected{std::string{"has a ${ without its }"}}; }
    const auto name = text.substr(next + 2, end - next - 2);
    // Read while the configuration is read, before any thread that could change the environment.
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr) {
      return tl::unexpected{"wants the environment variable " + name + ", which is not set"};
    }
    whole += value;
    at = end + 1;
  }
  return whole;
}

}  // namespace remora::config
