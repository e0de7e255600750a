#include "dissect/dcerpc/contexts.h"

#include <array>

#include <gtest/gtest.h>

#include "dissect/assistance_offer/interfaces.h"
#include "dissect/dcom/classes.h"

namespace remora::dcerpc {
namespace {

constexpr ContextResult kAccepted{.transfer_syntax = kNdr};
constexpr ContextResult kRefused{.result = 2, .reason = 1};
constexpr ContextResult kFeatures{.result = ContextResult::kNegotiateAck};

constexpr std::array kAsked{
    PresentationContext{.id = 0, .interface = dcom::kRemUnknown2, .ndr = true},
    PresentationContext{.id = 1, .interface = assistance_offer::kPchService, .ndr = true},
    PresentationContext{.id = 2, .interface = assistance_offer::kPchService}};

TEST(Contexts, MeanInterfaces) {
  Contexts contexts;
  EXPECT_FALSE(contexts.of_interest());
  contexts.ask(kAsked);
  EXPECT_EQ(contexts.find(0)->interface, Interface::kRemUnknown);
  EXPECT_EQ(contexts.find(1)->interface, Interface::kPchService);
  EXPECT_EQ(contexts.find(3), nullptr);
  EXPECT_TRUE(contexts.of_interest());
  EXPECT_EQ(contexts.offer(), Interface::kPchService);
}

TEST(Contexts, EndWhereTheyAreRefused) {
  Contexts contexts;
  contexts.ask(kAsked);
  const auto refused = contexts.answer(std::array{kAccepted, kRefused, kFeatures});
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].interface, Interface::kPchService);
  EXPECT_EQ(refused[0].reason, 1);
  EXPECT_NE(contexts.find(0), nullptr);
  EXPECT_EQ(contexts.find(1), nullptr);
  EXPECT_EQ(contexts.find(2), nullptr);
  EXPECT_TRUE(contexts.answer(std::array{kRefused}).empty());
}

TEST(Contexts, AreRefusedTogether) {
  Contexts contexts;
  contexts.ask(kAsked);
  EXPECT_EQ(contexts.refuse_all(4).size(), 3U);
  EXPECT_FALSE(contexts.of_interest());
}

TEST(Contexts, TakeTheTransferSyntaxOfTheAnswer) {
  Contexts contexts;
  contexts.ask(kAsked);
  (void)contexts.answer(std::array{kAccepted, ContextResult{}});
  EXPECT_TRUE(contexts.find(0)->ndr);
  EXPECT_FALSE(contexts.find(1)->ndr);
}

TEST(Contexts, AreBoundedAndMayBeGivenAnew) {
  Contexts contexts;
  for (std::uint16_t id = 0; id < 2 * Contexts::kMaxContexts; ++id) {
    contexts.ask(std::array{PresentationContext{.id = id, .interface = dcom::kObjectExporter}});
  }
  EXPECT_EQ(contexts.find(Contexts::kMaxContexts), nullptr);
  contexts.ask(
      std::array{PresentationContext{.id = 0, .interface = assistance_offer::kRaSrv, .ndr = true}});
  EXPECT_EQ(contexts.find(0)->interface, Interface::kRaSrv);
}

TEST(Interfaces, HaveOperationsThatAreRead) {
  EXPECT_TRUE(is_read(Interface::kPchService, 19));
  EXPECT_TRUE(is_read(Interface::kRaSrv, 8));
  EXPECT_TRUE(is_read(Interface::kScmActivator, 4));
  EXPECT_FALSE(is_read(Interface::kScmActivator, 0));
  EXPECT_FALSE(is_read(Interface::kRemUnknown, 3));
  EXPECT_FALSE(is_read(Interface::kOther, 0));
}

}  // namespace
}  // namespace remora::dcerpc
