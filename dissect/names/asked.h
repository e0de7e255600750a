#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/time.h"

namespace remora::names {

/// The questions that wait for their answer: who asked whom, under which id, for what. Of messages
/// of the form of RFC 1035 4.1 whose first name stands behind the header: the question of DNS, the
/// record in a NetBIOS answer, which repeats its question's name, type and class.
///
/// State: LIMIT kSets * kWays questions of at most 300 bytes, for kWaits; in a set that is full the
/// oldest goes. Nothing is allocated before the first question.
class Asked {
 public:
  static constexpr std::size_t kSets = 256;
  static constexpr std::size_t kWays = 4;
  /// Resolvers give up earlier.
  static constexpr Nanoseconds kWaits = std::chrono::seconds{30};

  void remember(const SocketAddress& asker, const SocketAddress& asked, ByteView question,
                Moment now);
  /// Whether `answer` is to a question that waits; that is then answered.
  [[nodiscard]] bool take(const SocketAddress& asker, const SocketAddress& asked, ByteView answer,
                          Moment now);

 private:
  struct Question {
    Moment at;
    std::string key;  ///< empty: no question
  };
  using Set = std::array<Question, kWays>;

  [[nodiscard]] bool write_key(const SocketAddress& asker, const SocketAddress& asked,
                               ByteView message);
  [[nodiscard]] Set& set_of_key();

  std::vector<Set> sets_;
  std::string key_;  ///< what is looked for now
};

}  // namespace remora::names
