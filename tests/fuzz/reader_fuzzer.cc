// Any bytes as one PDU; the first byte says whose reader gets them. make_seeds.py knows the order.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "capture/base/cursor.h"
#include "dissect/preconnection/preconnection_pdu.h"
#include "dissect/rdp/client_info.h"
#include "dissect/rdp/fast_path.h"
#include "dissect/rdp/gcc/client_blocks.h"
#include "dissect/rdp/gcc/conference.h"
#include "dissect/rdp/gcc/server_blocks.h"
#include "dissect/rdp/gcc/server_certificate.h"
#include "dissect/rdp/licensing.h"
#include "dissect/rdp/mcs.h"
#include "dissect/rdp/negotiation.h"
#include "dissect/rdp/recognise.h"
#include "dissect/rdp/resync.h"
#include "dissect/rdp/security/sealed_data.h"
#include "dissect/rdp/security_exchange.h"
#include "dissect/rdp/security_header.h"
#include "dissect/rdp/share/capabilities.h"
#include "dissect/rdp/share/control.h"
#include "dissect/rdp/share/deactivate_all.h"
#include "dissect/rdp/share/font_map.h"
#include "dissect/rdp/share/input.h"
#include "dissect/rdp/share/redirection.h"
#include "dissect/rdp/share/save_session_info.h"
#include "dissect/rdp/share/set_error_info.h"
#include "dissect/rdp/share/share_control.h"
#include "dissect/rdp/share/share_data.h"
#include "dissect/rdp/tpkt.h"
#include "dissect/rdp/x224.h"
#include "dissect/tls/client_hello.h"
#include "dissect/tls/record.h"
#include "dissect/tls/server_hello.h"
#include "dissect/x509/certificate.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/try_reader.h"

namespace remora::fuzz {
namespace {

template <auto Measure>
void try_measure(ByteView bytes) {
  const Extent extent = Measure(bytes);
  demand(!extent.is_whole() || (extent.size() > 0 && extent.size() <= bytes.size()),
         "a whole PDU is there");
  demand(!extent.is_lost() || !extent.why().empty(), "who is lost says why");
}

void try_security_header(ByteView bytes) {
  for (const auto form : {rdp::EncryptedForm::kNonFips, rdp::EncryptedForm::kFips}) {
    (void)decode(bytes, [form](Cursor& in) { return rdp::read_security_header(in, form); });
  }
}

void try_record_header(ByteView bytes) {
  try_measure<&tls::measure_record>(bytes);
  if (bytes.size() >= 5) { (void)tls::read_record_header(bytes); }
}

void try_fast_path_input(ByteView bytes) {
  for (const auto events : std::array<std::uint8_t, 4>{0, 1, 3, 15}) {
    const auto read = [events](Cursor& in) { return rdp::read_fast_path_input(in, events); };
    demand(!rdp::may_be_fast_path_input(bytes, bytes.size(), events) || decode(bytes, read),
           "what looks like input can be read");
  }
}

/// The first byte says what it is taken for.
void try_plausibility(ByteView bytes) {
  if (bytes.empty()) { return; }
  rdp::SealedData sealed;
  sealed.kind = rdp::SealedKind{static_cast<std::uint8_t>(to_u8(bytes[0]) % 8)};
  sealed.number_events = 1;
  const auto content = bytes.subspan(1);
  const bool whole = rdp::is_plausible(sealed, content, content.size());
  for (std::size_t look = 0; whole && look <= content.size(); ++look) {
    demand(rdp::is_plausible(sealed, content.first(look), content.size()),
           "the first bytes of what is plausible are");
  }
}

void try_next_pdu(ByteView bytes) {
  for (const auto form : {rdp::EncryptedForm::kNonFips, rdp::EncryptedForm::kFips}) {
    for (const bool from_client : {false, true}) {
      const auto next = rdp::find_next_pdu(bytes, from_client, form);
      demand(next.before <= bytes.size(), "what is passed over is there");
      if (next.before < bytes.size()) {
        demand(rdp::find_next_pdu(bytes.subspan(next.before), from_client, form).before == 0,
               "what was found is found again");
      }
    }
  }
}

using Try = void (*)(ByteView);
constexpr std::array<Try, 43> kTries{
    // From the start of a packet.
    [](ByteView bytes) { (void)rdp::recognise(bytes); },
    &try_measure<&rdp::measure_pdu>,
    &try_reader<&rdp::read_tpdu>,
    &try_reader<&rdp::read_fast_path_header>,
    // Behind the X.224 header of a request or its answer.
    &try_reader<&rdp::read_connection_request>,
    &try_reader<&rdp::read_connection_confirm>,
    // Behind X.224 Data.
    &try_reader<&rdp::read_mcs_pdu>,
    // The insides of the connect PDUs; the conference readers search for their key.
    &try_reader<&rdp::read_connect_initial>,
    &try_reader<&rdp::read_connect_response>,
    &try_reader<&rdp::read_conference_request>,
    &try_reader<&rdp::read_conference_response>,
    &try_reader<&rdp::read_client_blocks>,
    &try_reader<&rdp::read_server_blocks>,
    &try_reader<&rdp::read_server_certificate>,
    &try_reader<&rdp::read_x509_rsa_key>,
    // Behind the header of MCS Send Data.
    &try_security_header,
    &try_reader<&rdp::read_share_control_pdu>,
    // Behind a security header.
    &try_reader<&rdp::read_security_exchange>,
    &try_reader<&rdp::read_licensing_pdu>,
    &try_reader<&rdp::read_client_info>,
    &try_reader<&rdp::read_server_redirection>,
    &try_reader<&rdp::read_share_control_pdu>,
    // Behind a share control header.
    &try_reader<&rdp::read_demand_active>,
    &try_reader<&rdp::read_confirm_active>,
    &try_reader<&rdp::read_deactivate_all>,
    &try_reader<&rdp::read_enhanced_redirection>,
    &try_reader<&rdp::read_share_data_pdu>,
    // Behind a share data header.
    &try_reader<&rdp::read_control>,
    &try_reader<&rdp::read_font_map>,
    &try_reader<&rdp::read_save_session_info>,
    &try_reader<&rdp::read_set_error_info>,
    &try_reader<&rdp::read_status_info>,
    // Other protocols.
    [](ByteView bytes) { (void)preconnection::recognise(bytes); },
    &try_measure<&preconnection::measure_preconnection_pdu>,
    &try_reader<&preconnection::read_preconnection_pdu>,
    &try_record_header,
    &try_reader<&tls::read_client_hello>,
    &try_reader<&tls::read_server_hello>,
    [](ByteView bytes) { (void)x509::read_certificate(bytes); },
    // What keys open.
    &try_reader<&rdp::read_input>,
    &try_fast_path_input,
    &try_plausibility,
    &try_next_pdu,
};

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace remora::fuzz;
  if (size == 0) { return 0; }
  const auto bytes = std::as_bytes(std::span{data, size});
  kTries.at(static_cast<std::size_t>(data[0]) % kTries.size())(bytes.subspan(1));
  return 0;
}
