#include "dissect/dcerpc/binding.h"

#include <cstddef>

#include "dissect/dcerpc/pdu_header.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::dcerpc {
namespace {

/// max_xmit_frag, max_recv_frag, assoc_group_id.
constexpr std::size_t kFragmentSizes = 8;

/// p_syntax_id_t
[[nodiscard]] ndr::Guid read_syntax(ndr::NdrReader& in, const char* field) {
  const auto guid = in.guid(field);
  (void)in.u32("if_version");
  return guid;
}

}  // namespace

std::vector<PresentationContext> read_bind(Cursor& pdu) {
  std::vector<PresentationContext> contexts;
  const auto header = read_pdu_header(pdu);
  ndr::NdrReader in{pdu, header.little_endian};
  in.skip(kFragmentSizes, "max_xmit_frag to assoc_group_id");
  const std::size_t count = in.u8("n_context_elem");
  in.skip(3, "reserved");
  for (std::size_t at = 0; at < count && in.ok(); ++at) {
    PresentationContext context{.id = in.u16("p_cont_id")};
    const std::size_t syntaxes = in.u8("n_transfer_syn");
    in.skip(1, "reserved");
    context.interface = read_syntax(in, "abstract_syntax");
    for (std::size_t other = 0; other < syntaxes && in.ok(); ++other) {
      const auto syntax = read_syntax(in, "transfer_syntaxes");
      if (other == 0) { context.ndr = syntax == kNdr; }
    }
    contexts.push_back(context);
  }
  return contexts;
}

std::vector<ContextResult> read_bind_ack(Cursor& pdu) {
  std::vector<ContextResult> results;
  const auto header = read_pdu_header(pdu);
  ndr::NdrReader in{pdu, header.little_endian};
  in.skip(kFragmentSizes, "max_xmit_frag to assoc_group_id");
  in.skip(in.u16("sec_addr.length"), "sec_addr");
  in.align(4);
  const std::size_t count = in.u8("n_results");
  in.skip(3, "reserved");
  for (std::size_t at = 0; at < count && in.ok(); ++at) {
    ContextResult result{.result = in.u16("result"), .reason = in.u16("reason")};
    result.transfer_syntax = read_syntax(in, "transfer_syntax");
    results.push_back(result);
  }
  return results;
}

std::uint16_t read_bind_nak(Cursor& pdu) {
  const auto header = read_pdu_header(pdu);
  ndr::NdrReader in{pdu, header.little_endian};
  return in.u16("provider_reject_reason");
}

}  // namespace remora::dcerpc
