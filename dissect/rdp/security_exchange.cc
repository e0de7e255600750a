#include "dissect/rdp/security_exchange.h"

namespace remora::rdp {

SecurityExchange read_security_exchange(Cursor& in) {
  const auto length = in.u32le("length");
  return {.encrypted_client_random = in.bytes(length, "encryptedClientRandom")};
}

}  // namespace remora::rdp
