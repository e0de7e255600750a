#include "tests/support/told.h"

#include <algorithm>
#include <variant>

#include <gtest/gtest.h>

namespace remora::testing {
namespace {

using observation::EndAccount;
using observation::EndNamed;

constexpr std::size_t kWhole = 1U << 20U;

[[nodiscard]] std::string side_name(Side side) {
  return side == Side::kInitiator ? "client " : "server ";
}

void say(Conversation& conversation, const Said& said, std::size_t piece,
         std::vector<Finding>& found) {
  for (ByteView rest = said.bytes; !rest.empty();) {
    // A copy of exact size, so that the sanitizer sees a read past its end.
    const auto next = rest.first(std::min(piece, rest.size()));
    const std::vector<std::byte> copy(next.begin(), next.end());
    conversation.on_bytes(said.from, copy, {}, found);
    rest = rest.subspan(next.size());
  }
}

void expect_survival(const Family& family, std::vector<Said> talk) {
  for (auto& said : talk) {
    const auto good = said.bytes;
    for (std::size_t at = 0; at < good.size(); ++at) {
      said.bytes[at] ^= std::byte{0xff};
      (void)listen(family, talk, kWhole);
      said.bytes = good;
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
      said.bytes.resize(size);
      (void)listen(family, talk, kWhole);
      said.bytes = good;
    }
  }
}

void expect_survival_of_gaps(const Family& family, const std::vector<Said>& talk) {
  for (std::size_t missing = 0; missing < talk.size(); ++missing) {
    Conversation conversation{Families{&family, 1}};
    std::vector<Finding> found;
    for (std::size_t index = 0; index < talk.size(); ++index) {
      if (index == missing) {
        conversation.on_gap(talk[index].from, talk[index].bytes.size(), {}, found);
      } else {
        say(conversation, talk[index], kWhole, found);
      }
    }
  }
}

}  // namespace

std::string names_and_accounts(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& finding : found) {
    if (const auto* name = std::get_if<EndNamed>(&finding.what)) {
      text += side_name(name->whose) + name->name + (name->told_to_peer ? " as dialled; " : "; ");
    } else if (const auto* account = std::get_if<EndAccount>(&finding.what)) {
      text += side_name(account->client) + account->domain + "\\" + account->user +
              (account->service.empty() ? "; " : " for " + account->service + "; ");
    }
  }
  return text;
}

Listened listen(const Family& family, const std::vector<Said>& talk, std::size_t piece) {
  Conversation conversation{Families{&family, 1}};
  std::vector<Finding> found;
  for (const auto& said : talk) { say(conversation, said, piece, found); }
  return {.told = names_and_accounts(found), .recognition = conversation.recognition()};
}

void expect_names_however_cut(const Family& family, const std::vector<Said>& talk,
                              const std::string& told) {
  const auto whole = listen(family, talk, kWhole);
  EXPECT_EQ(whole.told, told);
  std::size_t longest = 0;
  for (const auto& said : talk) { longest = std::max(longest, said.bytes.size()); }
  for (std::size_t piece = 1; piece < longest; ++piece) {
    const auto cut = listen(family, talk, piece);
    ASSERT_EQ(cut.told, told) << "pieces of " << piece;
    ASSERT_EQ(cut.recognition, whole.recognition) << "pieces of " << piece;
  }
  expect_survival(family, talk);
  expect_survival_of_gaps(family, talk);
}

}  // namespace remora::testing
