#include "dissect/dcerpc/call_pdu.h"

#include <algorithm>

#include "dissect/dcerpc/auth_verifier.h"
#include "dissect/ndr/guid.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::dcerpc {
namespace {

constexpr std::uint8_t kPrivacy = 6;

/// alloc_hint, p_cont_id, and opnum or cancel_count.
constexpr std::size_t kCallHeadBytes = 8;

}  // namespace

RequestHead read_request_head(Cursor& pdu) {
  RequestHead head{.header = read_pdu_header(pdu)};
  ndr::NdrReader in{pdu, head.header.little_endian};
  (void)in.u32("alloc_hint");
  head.context_id = in.u16("p_cont_id");
  head.opnum = in.u16("opnum");
  return head;
}

std::uint32_t read_fault(Cursor& pdu) {
  const auto header = read_pdu_header(pdu);
  ndr::NdrReader in{pdu, header.little_endian};
  in.skip(kCallHeadBytes, "alloc_hint to reserved");
  return in.u32("status");
}

StubFragment stub_of(const PduHeader& header, ByteView pdu) {
  auto begin = kPduHeaderBytes + kCallHeadBytes;
  if (header.type == PduType::kRequest && (header.flags & PduHeader::kObjectUuid) != 0) {
    begin += ndr::kGuidBytes;
  }
  auto end = pdu.size();
  StubFragment fragment;
  if (const auto verifier = find_auth_verifier(header, pdu)) {
    end -= std::min(end, kVerifierHeaderBytes + header.auth_length + verifier->pad_length);
    fragment.sealed = verifier->level == kPrivacy;
  }
  if (begin < end) { fragment.bytes = pdu.subspan(begin, end - begin); }
  return fragment;
}

}  // namespace remora::dcerpc
