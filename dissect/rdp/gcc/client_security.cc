#include "dissect/rdp/gcc/client_security.h"

namespace remora::rdp {

ClientSecurity read_client_security(Cursor& in) {
  return {.encryption_methods = in.u32le("encryptionMethods"),
          .ext_encryption_methods = in.u32le_if_present("extEncryptionMethods")};
}

}  // namespace remora::rdp
