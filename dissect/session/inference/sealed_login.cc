#include "dissect/session/inference/sealed_login.h"

namespace remora::session {
namespace {

// Plaintext sizes of PDUs, TPKT header included: [MS-RDPBCGR] 4.1.5 to 4.1.8 and 4.1.12.
constexpr std::uint32_t kErectDomain = 12;
constexpr std::uint32_t kAttachUser = 8;
constexpr std::uint32_t kAttachUserConfirm = 11;
constexpr std::uint32_t kJoinConfirm = 15;
constexpr std::uint32_t kLicenseShortForm = 34;
constexpr std::uint32_t kLicenseLongForm = 35;
// Estimates of protocols-rdp.md 9.3: a Client Info PDU with empty strings has 44 bytes of fields
// and, since RDP 5.1, 172 bytes of time zone; a Demand Active lists a dozen capability sets.
constexpr std::uint32_t kSmallestClientInfo = 150;
constexpr std::uint32_t kSmallestDemandActive = 200;
// A TSRequest with version and errorCode only, [MS-CSSP] 2.2.1.
constexpr std::uint32_t kLargestTsRequestError = 32;
// CBC padding hides up to a block of 16 bytes.
constexpr std::uint32_t kPadding = 16;

bool may_be(const observation::SealedRecord& record, std::uint32_t size) {
  if (record.exact) { return record.plaintext_bytes == size; }
  return size <= record.plaintext_bytes && size + kPadding > record.plaintext_bytes;
}

}  // namespace

void SealedLogin::on_record(bool from_client, const observation::SealedRecord& record, Instant at) {
  ++(from_client ? client_records_ : server_records_);
  exact_ = exact_ && record.exact;
  if (!from_client) { server_ended_short_ = record.plaintext_bytes <= kLargestTsRequestError; }
  switch (step_) {
    case Step::kStart:
      if (from_client && may_be(record, kErectDomain)) { step_ = Step::kErected; }
      break;
    case Step::kErected:
      if (from_client) { step_ = may_be(record, kAttachUser) ? Step::kAttaching : Step::kStart; }
      break;
    case Step::kAttaching:
      step_ = !from_client && may_be(record, kAttachUserConfirm) ? Step::kAttached : Step::kStart;
      break;
    case Step::kAttached:
      if (!from_client && may_be(record, kJoinConfirm)) { ++joins_; }
      if (from_client && record.plaintext_bytes >= kSmallestClientInfo) { step_ = Step::kInformed; }
      break;
    case Step::kInformed:
      if (!from_client && (may_be(record, kLicenseShortForm) || may_be(record, kLicenseLongForm) ||
                           record.plaintext_bytes >= kSmallestDemandActive)) {
        step_ = Step::kLetIn;
        let_in_at_ = at;
      }
      break;
    case Step::kLetIn:
      break;
  }
}

double SealedLogin::confidence() const {
  if (!exact_) { return 0.8; }
  return joins_ > 0 ? 0.98 : 0.95;
}

}  // namespace remora::session
