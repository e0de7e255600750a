#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/bulk/bulk_decompressor.h"
#include "tests/dissect/bulk/encoder.h"

namespace remora::bulk::testing {

/// A packet on the wire, and what it stands for.
struct Sent {
  std::uint8_t flags{0};
  Bytes bytes;
  Bytes plain;
};

inline std::string text_of(ByteView bytes) {
  return std::string{as_text(bytes)};
}
inline std::string text_of(const Result<ByteView>& result) {
  return result.has_value() ? text_of(*result) : result.error().to_text();
}

/// Messages of 1 to `longest` bytes that repeat themselves and each other, now and then noise.
inline std::vector<Bytes> made_messages(unsigned seed, std::size_t count, std::size_t longest) {
  std::mt19937 random{seed};
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  Bytes pool(3000);
  for (auto& byte : pool) { byte = static_cast<std::byte>(random() % 90 + random() % 90); }
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < count; ++i) {
    Bytes message;
    const auto size = 1 + below(longest);
    const bool noise = below(12) == 0;
    while (message.size() < size) {
      if (noise || below(3) == 0) {
        message.push_back(static_cast<std::byte>(random()));
      } else if (below(40) == 0) {
        message.insert(message.end(), 1 + below(600), static_cast<std::byte>(random() % 4));
      } else {
        const auto from = below(pool.size() - 200);
        const auto part = std::span{pool}.subspan(from, 1 + below(200));
        message.insert(message.end(), part.begin(), part.end());
      }
    }
    message.resize(size);
    messages.push_back(std::move(message));
  }
  return messages;
}

/// All of them arrive as they were sent.
template <typename Receive>
void expect_round_trip(const std::vector<Sent>& sent, Receive receive) {
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const auto got = receive(sent[i]);
    ASSERT_TRUE(got.has_value()) << "packet " << i << ": " << got.error().to_text();
    ASSERT_TRUE(std::ranges::equal(*got, sent[i].plain)) << "packet " << i;
  }
}

/// With any packet missing, what is given is what was sent. Says how many came behind the holes.
inline std::size_t expect_no_wrong_data_after_loss(const std::vector<Sent>& sent,
                                                   std::size_t holes = 100) {
  std::size_t resumed = 0;
  const auto step = std::max<std::size_t>(1, sent.size() / holes);
  for (std::size_t missing = 0; missing < sent.size(); missing += step) {
    BulkDecompressor receiver;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      if (i == missing) {
        receiver.lose();
        continue;
      }
      const auto got = receiver.decompress(sent[i].bytes, PacketFlags{sent[i].flags});
      if (!got.has_value()) {
        EXPECT_GT(i, missing);
        continue;
      }
      if (!std::ranges::equal(*got, sent[i].plain)) {
        ADD_FAILURE() << "packet " << i << " without packet " << missing;
        return resumed;
      }
      if (i > missing && (sent[i].flags & 0x20U) != 0) { ++resumed; }
    }
  }
  return resumed;
}

/// A packet cut short is an error, or the beginning of what it held.
template <typename Receive>
void expect_beginnings(const Sent& packet, Receive receive) {
  for (std::size_t size = 0; size < packet.bytes.size(); ++size) {
    const Bytes cut{packet.bytes.begin(), packet.bytes.begin() + static_cast<std::ptrdiff_t>(size)};
    const auto got = receive(packet.flags, cut);
    if (!got.has_value()) { continue; }
    ASSERT_LE(got->size(), packet.plain.size()) << size;
    EXPECT_TRUE(std::equal(got->begin(), got->end(), packet.plain.begin())) << size;
  }
}

/// Damaged packets do no harm, and give no more than `most`.
inline void expect_bounded(const std::vector<Sent>& sent, std::size_t most) {
  std::mt19937 random{7};
  BulkDecompressor receiver;
  for (int round = 0; round < 20; ++round) {
    for (auto packet : sent) {
      if (packet.bytes.empty()) { continue; }
      packet.bytes[random() % packet.bytes.size()] ^= static_cast<std::byte>(1U << random() % 8);
      if (random() % 3 == 0) { packet.flags |= 0xc0U; }
      const auto got = receiver.decompress(packet.bytes, PacketFlags{packet.flags});
      if (got.has_value()) { ASSERT_LE(got->size(), most); }
    }
  }
}

}  // namespace remora::bulk::testing
