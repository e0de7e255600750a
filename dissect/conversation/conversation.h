#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/conversation/family.h"
#include "dissect/conversation/findings.h"
#include "dissect/conversation/held_calls.h"
#include "dissect/conversation/listeners.h"

namespace remora {

/// What the first bytes of a flow turned out to be.
enum class Recognition : std::uint8_t { kUndecided, kNothing, kRecognised };

/// One flow's bytes on their way through its dissectors: keeps the unread tail of each side, asks
/// the families whose bytes these are, and follows hand-overs from one protocol to the next. A
/// stream that a protocol carries is a conversation inside this one.
///
/// A dissector that awaits a key makes it hold back what comes, as `HeldCalls` says, until there is
/// one or none is hoped for: at the end of a side at the latest.
///
/// State: two tails of at most `kMaxTail` bytes, the dissector, the inner conversations, what is
/// held back. Same calls, same findings, however the stream is cut into chunks.
class Conversation {
 public:
  /// LIMIT: more than the largest PDU of any family (a TPKT packet has at most 65,535 bytes).
  static constexpr std::size_t kMaxTail = 128U << 10U;
  /// LIMIT: protocols handed over one to the next, and carried one in the other.
  static constexpr std::size_t kMaxDepth = 8;
  /// LIMIT: numbered streams that one protocol carries at a time; the oldest are forgotten.
  static constexpr std::size_t kMaxStreams = 16;
  /// LIMIT: channels carried in a channel.
  static constexpr std::size_t kMaxChannelDepth = 2;

  /// `context` outlives the conversation.
  explicit Conversation(Families families, const Context& context = nothing_given())
      : families_{families}, context_{&context} {}
  Conversation(Families families, Context&& context) = delete;

  /// Leads what a dissector passed on through `inner`, which is made when there is something.
  /// `depth` counts the protocols around it.
  static void lead_inner(std::unique_ptr<Conversation>& inner, Families families,
                         const Context& context, std::size_t depth, const Findings& out, Instant at,
                         std::vector<Finding>& found);

  /// For a stream whose protocol is known before its first byte.
  void begin(Protocol protocol, Instant at, Side from, std::vector<Finding>& found);

  /// The next bytes of one side, in order. Findings are appended to `found`.
  void on_bytes(Side from, ByteView bytes, Instant at, std::vector<Finding>& found);
  /// `size` bytes of one side are missing.
  void on_gap(Side from, std::uint64_t size, Instant at, std::vector<Finding>& found);

  /// One side has sent all that it will ever send.
  void on_end(Side from, Instant at, std::vector<Finding>& found);

  /// Keys were added to the context: what was held back is read as far as it can be.
  void on_keys(std::vector<Finding>& found);
  /// It is `now`: what has been held back for too long is read without a key.
  void on_time(Moment now, std::vector<Finding>& found);
  /// So is all that is held back, at once.
  void stop_waiting(std::vector<Finding>& found);

  /// What is held back, here and in inner conversations.
  struct Held {
    std::size_t bytes{0};
    HeldBack what{HeldBack::kAnything};
    bool waits{false};
  };
  [[nodiscard]] Held held() const;

  /// Whoever reads the stream now finds no session in it: Family::carries_no_session.
  [[nodiscard]] bool carries_no_session() const {
    return family_ != nullptr && family_->carries_no_session;
  }
  /// Hears the stream to its end for the operator's sake, whether or not anybody reads it.
  [[nodiscard]] bool listens() const { return context_->scan_streams; }
  [[nodiscard]] Recognition recognition() const { return recognition_; }
  /// False once nothing more can be learned; the flow may then be counted only.
  [[nodiscard]] bool wants_more() const {
    return recognition_ != Recognition::kNothing && !finished_;
  }
  /// The unread bytes kept, what is held back and those of inner conversations included.
  [[nodiscard]] std::size_t tail_bytes() const;

 private:
  /// The inner conversation and the numbered streams inside.
  template <typename Visit>
  void for_each_inside(Visit visit) const;
  void converse(Side from, ByteView bytes, Instant at, std::vector<Finding>& found);
  void converse_gap(Side from, std::uint64_t size, Instant at, std::vector<Finding>& found);
  void converse_end(Side from, Instant at, std::vector<Finding>& found);
  void read_held(std::vector<Finding>& found);
  void stop_holding(std::vector<Finding>& found);
  void tell_listeners(std::size_t told_before, std::vector<Finding>& found);
  template <typename Say>
  void listen(std::size_t told_before, std::vector<Finding>& found, Say say);
  void recognise(ByteView bytes);
  void take_in(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t drain(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t offer(Side from, ByteView bytes, Instant at, Findings& out);
  void read_on(Side from, Instant at, Findings& out);
  void follow(Side from, Instant at, Findings& out);
  void lead_stream(const Findings::Carried& carried, std::optional<Protocol> protocol, Instant at,
                   std::vector<Finding>& found);
  static void lead(std::unique_ptr<Conversation>& inner, Families families, const Context& context,
                   std::size_t depth, const Findings::Carried& carried,
                   std::optional<Protocol> protocol, Instant at, std::vector<Finding>& found);
  void lead_channel(const ChannelPiece& piece, std::size_t depth, const ChannelDissector* carrier,
                    Instant at, std::vector<Finding>& found);
  [[nodiscard]] ChannelDissector* reader_of(std::string_view channel);
  void begin_anew();
  void become(Protocol protocol, Instant at, Side from, Findings& out);

  Families families_;
  const Context* context_;
  const Family* family_{nullptr};  ///< of `dissector_`
  std::unique_ptr<Dissector> dissector_;
  std::unique_ptr<Conversation> inner_;
  /// The numbered streams inside, oldest first.
  std::vector<std::pair<std::uint64_t, std::unique_ptr<Conversation>>> streams_;
  std::unique_ptr<Listeners> listeners_;  ///< null where nobody listens
  std::unique_ptr<HeldCalls> held_;       ///< null unless the dissector awaits a key
  /// Whoever has read a channel so far.
  std::vector<std::pair<const Family*, std::unique_ptr<ChannelDissector>>> channel_readers_;
  std::array<std::vector<std::byte>, 2> tails_;  ///< by index_of(Side)
  std::array<std::uint64_t, 2> to_skip_{};
  std::size_t depth_{0};
  Certainty certainty_{Certainty::kObserved};  ///< of what the carrier passes on
  Recognition recognition_{Recognition::kUndecided};
  bool finished_{false};
  bool handed_over_{false};
};

}  // namespace remora
