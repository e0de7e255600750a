#include "daemon/cli/version.h"

#include <cstdio>

#include <google/protobuf/stubs/common.h>
#include <openssl/crypto.h>

#include "capture/source/interfaces.h"

namespace remora::cli {

int version() {
  std::printf("remora %s\n%s\n%s\nprotobuf %s\n", REMORA_VERSION,
              capture::libpcap_version().c_str(), OpenSSL_version(OPENSSL_VERSION),
              google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION).c_str());
  return 0;
}

}  // namespace remora::cli
