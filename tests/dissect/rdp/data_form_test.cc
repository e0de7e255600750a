#include "dissect/rdp/data_form.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

DataForm form_of(std::string_view text) {
  const auto bytes = testing::hex(text);
  return data_form_of(bytes, bytes.size());
}

TEST(DataForm, IsToldByLengthsAndFlags) {
  EXPECT_EQ(form_of("0800 1700 ea03 0000"), DataForm::kBare);
  EXPECT_EQ(form_of("0000 0000 0800 1700 ea03 0000"), DataForm::kSecured);
  EXPECT_EQ(form_of("0800 0000 1122334455667788 99"), DataForm::kSecured);
  EXPECT_EQ(form_of("8000 0000 ff"), DataForm::kLone);
  EXPECT_EQ(form_of("4000 0000 ff"), DataForm::kLone);
}

TEST(DataForm, IsUnknownWhereNothingFits) {
  EXPECT_EQ(form_of("0800 1700"), DataForm::kUnknown);
  EXPECT_EQ(form_of("0900 1700 ea03 0000"), DataForm::kUnknown);
  EXPECT_EQ(form_of("0800 0000 1122334455667788"), DataForm::kUnknown);
  EXPECT_EQ(form_of("8000 0000"), DataForm::kUnknown);
  EXPECT_EQ(form_of("8000 0100 ff"), DataForm::kUnknown);
  EXPECT_EQ(form_of(""), DataForm::kUnknown);
}

}  // namespace
}  // namespace remora::rdp
