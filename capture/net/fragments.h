#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/time.h"
#include "capture/net/ip.h"

namespace remora::capture {

/// LIMIT: what may wait for the rest of its datagram. Beyond `datagrams` or `bytes` the oldest go.
struct FragmentLimits {
  std::size_t datagrams{4096};
  std::size_t bytes{16U << 20U};              ///< payload and bookkeeping, all datagrams together
  std::size_t pieces{1024};                   ///< of one datagram
  Nanoseconds age{std::chrono::seconds{60}};  ///< by capture time, from the first fragment seen
};

/// What to do when two fragments of a datagram claim the same bytes.
///
/// There are two, because two are in use: hosts that follow RFC 5722, and Linux since 4.19 also in
/// IPv4, drop the datagram. For IPv4 the bytes that came first stay, as in most older stacks,
/// because a tap must not lose what some host accepts; where the fragments disagree, the packet
/// says so.
enum class Overlap : std::uint8_t {
  kFirstWins,     ///< bytes that came first stay (IPv4)
  kDropDatagram,  ///< the datagram and all its later fragments are dropped (IPv6, RFC 5722);
                  ///< an exact repetition of a fragment is no overlap
};

struct FragmentCounters {
  std::uint64_t completed{0};    ///< datagrams put together
  std::uint64_t expired{0};      ///< datagrams too old
  std::uint64_t evicted{0};      ///< datagrams that made room for newer ones
  std::uint64_t overlapping{0};  ///< datagrams dropped for an overlap or two different ends
  std::uint64_t conflicting{0};  ///< datagrams of whose bytes two fragments gave different values
  std::uint64_t impossible{0};   ///< fragments that cannot be part of any datagram
};

/// IP fragments that wait for the rest of their datagram.
class FragmentTable {
 public:
  enum class Verdict : std::uint8_t { kWaiting, kComplete, kDropped };

  struct Outcome {
    Verdict verdict{Verdict::kDropped};
    // When complete:
    std::vector<std::byte> datagram{};  ///< all of it
    std::vector<std::byte> options{};   ///< IPv4 options of the fragment at offset 0
    std::uint8_t protocol{0};           ///< what the fragment at offset 0 said
    std::uint32_t wire_bytes{0};        ///< of all frames that carried fragments of it
    bool conflicting{false};            ///< two fragments gave different values for the same byte
  };

  explicit FragmentTable(const FragmentLimits& limits = {}) : limits_{limits} {}

  /// Takes one fragment (`ip.fragment` is set, all its payload was captured). Copies the payload.
  /// `context` tells apart networks that use the same addresses: fragments join within one.
  [[nodiscard]] Outcome add(const IpHeader& ip, Moment time, std::uint32_t frame_wire_bytes,
                            Overlap overlap, std::uint64_t context = 0);

  [[nodiscard]] const FragmentCounters& counters() const { return counters_; }
  [[nodiscard]] std::size_t waiting_datagrams() const { return waiting_.size(); }
  [[nodiscard]] std::size_t held_bytes() const { return held_bytes_; }

 private:
  struct Key {
    IpAddress source;
    IpAddress destination;
    std::uint32_t identification{0};
    std::uint8_t protocol{0};  ///< 0 in IPv6, where the addresses and the number suffice
    std::uint64_t context{0};
    auto operator<=>(const Key&) const = default;  // NOLINT(modernize-use-nullptr): no 0 here
  };

  struct Waiting {
    Moment since;
    std::list<Key>::iterator age;                            ///< its place in `by_age_`
    std::map<std::uint32_t, std::vector<std::byte>> pieces;  ///< by offset; never overlap
    std::uint32_t received_bytes{0};                         ///< sum of the pieces
    std::optional<std::uint32_t> total_bytes;                ///< once the last fragment came
    std::uint32_t wire_bytes{0};
    std::uint8_t protocol{0};
    std::vector<std::byte> options;
    bool conflicting{false};
    bool refused{false};  ///< an overlap was met: remembered so that the rest is dropped too
  };
  using Table = std::map<Key, Waiting>;

  [[nodiscard]] Table::iterator waiting_for(const IpHeader& ip, Moment time, Overlap overlap,
                                            std::uint64_t context);
  /// False when the fragment contradicts those that came before it.
  [[nodiscard]] bool accept(Waiting& waiting, const IpHeader& ip, Overlap overlap);
  void fill_gaps(Waiting& waiting, std::uint32_t offset, ByteView bytes);
  void note_conflict(Waiting& waiting);
  void keep(Waiting& waiting, std::uint32_t offset, ByteView bytes);
  void refuse(Waiting& waiting);
  void forget_pieces(Waiting& waiting);
  void erase(Table::iterator place);
  void expire(Moment now);
  void make_room();
  [[nodiscard]] static std::vector<std::byte> assemble(const Waiting& waiting);

  FragmentLimits limits_;
  Table waiting_;
  std::list<Key> by_age_;  ///< oldest first
  std::size_t held_bytes_{0};
  FragmentCounters counters_;
};

}  // namespace remora::capture
