#include "dissect/pnrp/authority_buffer.h"

#include <utility>
#include <vector>

#include "dissect/encoding/utf16.h"
#include "dissect/pnrp/cpa.h"
#include "dissect/pnrp/message.h"

namespace remora::pnrp {
namespace {

/// LIMIT: of a classifier that is read; Easy Connect's has 32 characters, a contact's 50.
constexpr std::size_t kMaxClassifier = 256;

/// NumEntries to Classifier, [MS-PNRP] 2.2.2.6.1; characters in network order like all else here.
/// SPEC: the order of bytes within a character is not told. Where every other one of big-endian
/// text is zero, little-endian text has the zeros on the other side; both are taken.
std::string read_classifier(Cursor& in) {
  const std::size_t count = in.u16be("NumEntries");
  in.skip(6, "Array Length to Entry Length");
  if (count > kMaxClassifier) { in.fail("NumEntries", "longer than a name of interest"); }
  const auto characters = in.bytes(2 * count, "Classifier");
  if (characters.empty()) { return {}; }
  if (characters[0] != std::byte{0}) { return encoding::utf16le_to_utf8(characters); }
  std::vector<std::byte> swapped(characters.begin(), characters.end());
  for (std::size_t at = 0; at + 2 <= swapped.size(); at += 2) {
    std::swap(swapped[at], swapped[at + 1]);
  }
  return encoding::utf16le_to_utf8(swapped);
}

}  // namespace

ExtendedPayload read_extended_payload(Cursor& in) {
  ExtendedPayload extended;
  in.skip(16, "Length to Not After");
  extended.id = read_reversed_pnrp_id(in, "PNRP ID");
  in.skip(20, "Nonce to Total Payload Bytes");
  extended.type = in.u32le("Payload Type");
  const std::size_t length = in.u16le("Payload Length");
  extended.payload = in.bytes(length, "Payload");
  return extended;
}

AuthorityBuffer read_authority_buffer(Cursor& in) {
  AuthorityBuffer buffer;
  for (std::size_t count = 0; count < kMaxElements && in.ok(); ++count) {
    const auto element = next_element(in);
    if (!element.has_value()) { break; }
    switch (element->id) {
      case FieldId::kClassifier:
        buffer.classifier = decode(element->content, read_classifier).value_or(std::string{});
        break;
      case FieldId::kExtendedPayload:
        if (auto payload = decode(element->content, read_extended_payload)) {
          buffer.extended_payload = *payload;
        }
        break;
      case FieldId::kRoutingEntry:
        if (auto entry = decode(element->content, read_route_entry)) {
          buffer.route_entry = std::move(*entry);
        }
        break;
      case FieldId::kValidateCpa:
        if (const auto cpa = decode(element->content, read_cpa)) { buffer.cpa_id = cpa->id(); }
        break;
      default:
        break;
    }
  }
  return buffer;
}

}  // namespace remora::pnrp
