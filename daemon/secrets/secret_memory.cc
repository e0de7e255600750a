#include "daemon/secrets/secret_memory.h"

#ifdef __linux__
#include <sys/prctl.h>
#endif
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
#ifdef __linux__
  // A program that is given cores through a pipe, core(5), gets them whatever that limit says.
  (void)prctl(PR_SET_DUMPABLE, 0);
#endif
  return locked();
}

bool secret_memory_is_locked() {
  return locked();
}

}  // namespace remora::secrets
