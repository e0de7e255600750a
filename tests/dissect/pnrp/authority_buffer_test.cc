#include "dissect/pnrp/authority_buffer.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/pnrp/pieces.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::pnrp {
namespace {

using testing::hex;

std::string reversed_id() {
  auto text = id_text();
  std::string out;
  for (std::size_t at = text.size(); at > 0; at -= 2) { out += text.substr(at - 2, 2); }
  return out;
}

// [MS-PNRP] 2.2.3.3: 70 bytes before the payload "aabbcc".
const std::string kPayload = "0000 00 02 0000 4900 0000000000000000" + reversed_id() +
                             "00000000000000000000000000000000 0100 0d00 03000080 0300 aabbcc";
// 2.2.2.6.1
const auto kBuffer =
    hex("0040 0006 0000 0000"
        "0085 0010 0002 000c 0084 0002 0041 0042"
        "005a 0051" +
        kPayload +
        "000000"
        "009a 003a" +
        route_text() +
        "0000"
        "009b 0048" +
        cpa_text("28"));

TEST(AuthorityBuffer, HoldsWhatIsPublishedUnderAName) {
  const auto buffer = decode(kBuffer, read_authority_buffer);
  ASSERT_TRUE(buffer.has_value());
  EXPECT_EQ(buffer->classifier, "AB");
  ASSERT_TRUE(buffer->extended_payload.has_value());
  EXPECT_EQ(buffer->extended_payload->type, ExtendedPayload::kBinary);
  EXPECT_EQ(buffer->extended_payload->payload.size(), 3U);
  ASSERT_TRUE(buffer->route_entry.has_value());
  EXPECT_EQ(buffer->extended_payload->id, buffer->route_entry->id);
  EXPECT_TRUE(buffer->cpa_id.has_value());
  testing::expect_reader_laws(kBuffer, read_authority_buffer);
}

TEST(AuthorityBuffer, MayHaveItsCharactersInEitherOrder) {
  const auto little = hex("0085 0010 0002 000c 0084 0002 4100 4200");
  EXPECT_EQ(decode(little, read_authority_buffer).value().classifier, "AB");
}

}  // namespace
}  // namespace remora::pnrp
