#include "daemon/secrets/secret_memory.h"

#include <sys/resource.h>

#include <openssl/crypto.h>

namespace remora::secrets {

namespace {

bool& locked() {
  static bool value = false;
  return value;
}

}  // namespace

bool guard_secret_memory() {
  constexpr std::size_t kHeapBytes = std::size_t{1} << 20U;
  constexpr std::size_t kLeastBytes = 32;
  locked() = CRYPTO_secure_malloc_init(kHeapBytes, kLeastBytes) == 1;
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  return locked();
}

bool secret_memory_is_locked() {
  return locked();
}

}  // namespace remora::secrets
