#include "dissect/ticket/mark_search.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace remora::ticket {
namespace {

using namespace std::string_literals;

/// Where marks end, as found in pieces of `size` bytes; how each begins in the table.
std::vector<std::pair<std::size_t, std::string>> found(const MarkTable& table,
                                                       const std::string& stream,
                                                       std::size_t size) {
  std::vector<std::pair<std::size_t, std::string>> marks;
  MarkSearch search{table};
  for (std::size_t at = 0; at < stream.size(); at += size) {
    const auto piece = stream.substr(at, size);
    for (auto rest = as_bytes(piece); !rest.empty();) {
      if (const auto* mark = search.next(rest)) {
        marks.emplace_back(at + piece.size() - rest.size(), mark->bytes);
      }
    }
  }
  return marks;
}

/// Pieces of marks and of nothing, one behind the other.
std::string make_stream(std::mt19937& random) {
  const std::vector<std::string> words{"<UPLOADINFO",
                                       "</UPLOADINFO>",
                                       "<E>",
                                       "<E><A ",
                                       "65538,1,",
                                       "PFVQTE9BRElORk",
                                       "NjU1MzgsMS",
                                       "zxVUExPQURJTkZP",
                                       "<\0E\0>\0<\0A\0 \0"s,
                                       "x",
                                       "<",
                                       "6",
                                       "PA",
                                       "\0"s};
  std::string stream;
  while (stream.size() < 400) {
    const auto& word = words[random() % words.size()];
    stream += random() % 3 == 0 ? word.substr(0, random() % (word.size() + 1)) : word;
  }
  return stream;
}

TEST(MarkSearch, FindsWhatAPlainSearchFindsHoweverTheStreamIsCut) {
  std::mt19937 random{11};
  for (int round = 0; round < 50; ++round) {
    const auto stream = make_stream(random);
    for (const auto* table :
         {&MarkTable::of_documents(), &MarkTable::of_messages(), &MarkTable::of_streams()}) {
      const auto whole = found(*table, stream, stream.size());
      for (const auto& [end, mark] : whole) {
        ASSERT_GE(end, mark.size());
        EXPECT_EQ(stream.substr(end - mark.size(), mark.size()), mark);
      }
      for (const std::size_t size : {1U, 2U, 3U, 4U, 5U, 7U, 50U}) {
        EXPECT_EQ(found(*table, stream, size), whole) << "pieces of " << size;
      }
    }
  }
}

TEST(MarkSearch, FindsEveryMarkAtEveryPlace) {
  for (const auto* table : {&MarkTable::of_documents(), &MarkTable::of_streams()}) {
    for (const std::string mark : {"<UPLOADINFO", "<E><A "}) {
      for (std::size_t before = 0; before < 40; ++before) {
        const auto stream = std::string(before, '.') + mark + std::string(before, '.');
        EXPECT_EQ(found(*table, stream, stream.size()).size(), 1U) << before;
      }
    }
  }
}

TEST(MarkSearch, KnowsBase64AtEachAlignment) {
  for (const std::string text : {"PFVQTE9BRElORk8", "YTxVUExPQURJTkZP", "YWI8VVBMT0FESU5GTw"}) {
    EXPECT_EQ(found(MarkTable::of_streams(), text, 100).size(), 1U) << text;
  }
}

}  // namespace
}  // namespace remora::ticket
