#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/rdp/security/sealed_data.h"

namespace remora::testing {

/// The other end of [MS-RDPBCGR] 5.3.6 and 5.3.7, written for the tests from the specification: RC4
/// by hand, digests and Triple DES from OpenSSL; nothing of the dissector's.
class Sealer {
 public:
  using Bytes = std::vector<std::byte>;

  enum class Method : std::uint8_t { k40Bit, k56Bit, k128Bit, kFips };

  Sealer(Method method, Bytes key, Bytes mac_key);

  struct Sealed {
    Bytes signature;
    Bytes data;
    std::uint8_t padding{0};
  };
  [[nodiscard]] Sealed seal(ByteView plaintext, bool salted = false);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const Bytes& key() const { return key_; }

 private:
  void update();
  void init_rc4();
  [[nodiscard]] std::byte next_key_byte();

  Method method_;
  Bytes initial_key_;
  Bytes key_;
  Bytes mac_key_;
  Bytes chain_;
  std::array<std::uint8_t, 256> state_{};
  std::uint8_t i_{0};
  std::uint8_t j_{0};
  std::uint64_t count_{0};
};

}  // namespace remora::testing
