#include "dissect/session/recent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::session {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Book = Recent<int, char>;

constexpr Book::Limits kLimits{.keep = seconds{10}, .keys = 3, .values_a_key = 2};

TEST(Recent, GivesWhatWasSaidOfAKeyWhileItIsKept) {
  Book book{kLimits};
  book.add(1, 'a', Moment{seconds{1}});
  book.add(1, 'b', Moment{seconds{5}});
  EXPECT_THAT(book.find(1, Moment{seconds{11}}), ElementsAre('a', 'b'));
  EXPECT_THAT(book.find(1, Moment{seconds{12}}), ElementsAre('b'));
  EXPECT_THAT(book.find(2, Moment{seconds{1}}), IsEmpty());
}

TEST(Recent, ForgetsTheOldestValuesAndKeysFirst) {
  Book book{kLimits};
  for (const char value : {'a', 'b', 'c'}) { book.add(1, value, Moment{seconds{1}}); }
  EXPECT_THAT(book.find(1, Moment{seconds{1}}), ElementsAre('b', 'c'));
  for (const int key : {2, 3, 4}) { book.add(key, 'x', Moment{seconds{1}}); }
  EXPECT_THAT(book.find(1, Moment{seconds{1}}), IsEmpty());
  EXPECT_THAT(book.find(4, Moment{seconds{1}}), ElementsAre('x'));
}

TEST(Recent, ForgetsAKeyWhenTold) {
  Book book{kLimits};
  book.add(1, 'a', Moment{seconds{1}});
  book.add(1, 'b', Moment{seconds{1}});
  book.forget_if(1, [](char value) { return value == 'a'; });
  EXPECT_THAT(book.find(1, Moment{seconds{1}}), ElementsAre('b'));
  book.forget(1);
  EXPECT_THAT(book.find(1, Moment{seconds{1}}), IsEmpty());
}

}  // namespace
}  // namespace remora::session
