#pragma once

#include <string>
#include <vector>

#include "tests/support/hex.h"

namespace remora::names::testing {

/// RFC 2131 2, field by field; addresses in hex.
struct Dhcp4Bytes {
  std::string op{"01"};
  std::string ciaddr{"00000000"};
  std::string yiaddr{"00000000"};
  std::string chaddr{"02005e100001"};
  std::string sname{std::string(128, '0')};
  std::string file{std::string(256, '0')};
  std::string options{};

  [[nodiscard]] std::vector<std::byte> bytes() const {
    return remora::testing::hex(op +
                                "01 06 00"     // htype, hlen, hops
                                "3903f326"     // xid
                                "0000 0000" +  // secs, flags
                                ciaddr +
                                yiaddr + "00000000 00000000" + chaddr + std::string(20, '0') +
                                sname + file + "63825363" + options);
  }
};

inline const std::string kHostNamePc = "0c 02 7063";                      // 12: pc
inline const std::string kDomainCorp = "0f 0c 636f72702e6578616d706c65";  // 15: corp.example
inline const std::string kLeaseHour = "33 04 00000e10";                   // 51
inline const std::string kRepeatsHardware = "3d 07 0102005e100001";       // 61
/// 81, E: wire form, pc.corp.example
inline const std::string kFqdnWire = "51 14 04 00 00 02 7063 04 636f7270 07 6578616d706c65 00";
/// 81 in ASCII
inline const std::string kFqdnText = "51 12 00 00 00 70632e636f72702e6578616d706c65";

}  // namespace remora::names::testing
