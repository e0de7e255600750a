#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "capture/base/bytes.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/conversation/findings.h"

namespace remora {

/// What a recogniser thinks of the first bytes that one side of a flow sent.
enum class Verdict : std::uint8_t { kNo, kMore, kYes };

/// First bytes with which a family's protocol may begin.
class FirstBytes {
 public:
  /// Any.
  FirstBytes() = default;
  /// Those that `recognise` does not turn down when it is shown nothing else. Its kNo is final.
  explicit FirstBytes(Verdict (*recognise)(ByteView first_bytes));

  [[nodiscard]] bool contain(std::byte first) const { return !excluded_[to_u8(first)]; }

 private:
  std::bitset<256> excluded_;
};

/// One protocol family: a folder under dissect/ and a line in dissect/families.cc.
struct Family {
  Protocol protocol;
  /// Carries mail, web pages or files, never a session: where there is no room for all flows, its
  /// are given up before those that may be one.
  bool carries_no_session{false};
  /// Judges by content alone, in any direction and on any port. Null for a protocol that is only
  /// ever reached by hand-over.
  Verdict (*recognise)(ByteView first_bytes){nullptr};
  /// Where its recogniser need not be asked: `recognise` looks here first.
  FirstBytes first_bytes{};
  /// Whether its recogniser is asked at all in this context; null: always.
  bool (*wanted)(const Context& context){nullptr};
  /// The context outlives what is made.
  std::unique_ptr<Dissector> (*make)(const Context& context){nullptr};

  /// The same for UDP: whether this is a datagram of the family. Ports may be part of the judgement
  /// where the content alone is too weak a mark. Null for a family without datagrams.
  bool (*recognise_datagram)(const Datagram& datagram){nullptr};
  /// A family whose datagrams mean something together makes a dissector for the flow…
  std::unique_ptr<DatagramDissector> (*make_for_datagrams)(const Context& context){nullptr};
  /// …one that needs no memory reads each datagram for itself; nothing is kept of the flow.
  void (*read_datagram)(const Datagram& datagram, Findings& out){nullptr};
  /// A family that hears every TCP stream besides those who read it, and says what it found only
  /// where they did not. Null from it: not wanted in this context.
  std::unique_ptr<Dissector> (*make_listener)(const Context& context){nullptr};
  /// …and one whose flows are many and short has one reader for the datagrams of all of them, in
  /// which little is kept of each. Both directions of a flow come to the same reader.
  std::unique_ptr<DatagramDissector> (*make_reader)(){nullptr};
  /// A family that reads only what stands in the first segment of a side, without memory. Asked
  /// besides the others, whether or not the flow is recognised.
  void (*overhear)(const Datagram& first_segment, Findings& out){nullptr};

  /// A family that reads channels which another protocol carries: whether it reads those of this
  /// name, and a dissector for all of one connection.
  bool (*reads_channel)(std::string_view name){nullptr};
  std::unique_ptr<ChannelDissector> (*make_for_channels)(){nullptr};
};

using Families = std::span<const Family>;

}  // namespace remora
