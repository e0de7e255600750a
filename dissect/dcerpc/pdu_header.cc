#include "dissect/dcerpc/pdu_header.h"

#include <algorithm>
#include <array>

#include "dissect/dcerpc/auth_verifier.h"

namespace remora::dcerpc {
namespace {

constexpr std::uint8_t kVersion = 5;
constexpr std::uint8_t kGreatestMinor = 1;
constexpr std::uint8_t kLittleEndian = 0x10;         // drep, [C706] 14.1
constexpr std::uint8_t kDataRepresentations = 0x11;  // either order of bytes, ASCII or EBCDIC
constexpr std::uint8_t kGreatestFloat = 3;           // IEEE, VAX, Cray, IBM

}  // namespace

PduHeader read_pdu_header(Cursor& in) {
  in.expect_u8(kVersion, "rpc_vers");
  if (in.u8("rpc_vers_minor") > kGreatestMinor) { in.fail("rpc_vers_minor", "unexpected value"); }
  const auto type = PduType{in.u8("PTYPE")};
  const auto flags = in.u8("pfc_flags");
  const auto integers = in.u8("drep");
  const auto floats = in.u8("drep");
  if ((integers & 0xeeU) != 0 || floats > kGreatestFloat) { in.fail("drep", "unexpected value"); }
  in.skip(2, "drep");
  const bool little = (integers & kLittleEndian) != 0;
  const auto frag_length = little ? in.u16le("frag_length") : in.u16be("frag_length");
  const auto auth_length = little ? in.u16le("auth_length") : in.u16be("auth_length");
  const auto call_id = little ? in.u32le("call_id") : in.u32be("call_id");
  const auto verifier = auth_length == 0 ? 0 : kVerifierHeaderBytes + auth_length;
  if (frag_length < kPduHeaderBytes + verifier) { in.fail("frag_length", "too small"); }
  return {.type = type,
          .flags = flags,
          .little_endian = little,
          .frag_length = frag_length,
          .auth_length = auth_length,
          .call_id = call_id};
}

Extent measure_pdu(ByteView bytes) {
  if (bytes.size() < kPduHeaderBytes) {
    return !bytes.empty() && to_u8(bytes[0]) != kVersion ? Extent::lost("not DCE/RPC")
                                                         : Extent::more();
  }
  const auto header = decode(bytes, read_pdu_header);
  if (!header) { return Extent::lost("not DCE/RPC"); }
  const std::size_t size = header->frag_length;
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

Verdict recognise(ByteView first_bytes) {
  // Most other traffic is turned away by the first two bytes.
  if (!first_bytes.empty() && to_u8(first_bytes[0]) != kVersion) { return Verdict::kNo; }
  if (first_bytes.size() > 1 && to_u8(first_bytes[1]) > kGreatestMinor) { return Verdict::kNo; }
  if (first_bytes.size() > 2) {
    constexpr std::array kFirst{PduType::kBind, PduType::kBindAck, PduType::kRequest,
                                PduType::kResponse};
    if (std::ranges::find(kFirst, PduType{to_u8(first_bytes[2])}) == kFirst.end()) {
      return Verdict::kNo;
    }
  }
  if (first_bytes.size() > 4 &&
      (to_u8(first_bytes[4]) | kDataRepresentations) != kDataRepresentations) {
    return Verdict::kNo;
  }
  if (first_bytes.size() < kPduHeaderBytes) { return Verdict::kMore; }
  return measure_pdu(first_bytes).is_lost() ? Verdict::kNo : Verdict::kYes;
}

}  // namespace remora::dcerpc
