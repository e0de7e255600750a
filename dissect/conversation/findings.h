#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/result.h"
#include "dissect/conversation/channel.h"
#include "dissect/observation/observation.h"

namespace remora {

/// A family's word: "rdp", "tls". Families name each other by it and never include each other.
struct Protocol {
  std::string_view word;
  bool operator==(const Protocol&) const = default;
};

/// What a stream that is held back for want of a key may be: who has the better claim to room.
enum class HeldBack : std::uint8_t { kAnything, kSession };

/// What a dissector has to say about the bytes it was just given. Drained by the Conversation after
/// each call; nothing calls back.
class Findings {
 public:
  Findings() = default;
  /// Nothing is known better than what carries the bytes: `carrier`.
  explicit Findings(Certainty carrier) : carrier_{carrier}, certainty_{carrier} {}

  /// Reports a fact read from bytes that `from` sent.
  void observe(Instant at, Side from, const char* rule, Observation what) {
    found_.push_back(
        {.at = at, .from = from, .rule = rule, .what = std::move(what), .certainty = certainty_});
  }

  /// How the facts reported from here on are known; read in clear where this is not said.
  void set_certainty(Certainty certainty) { certainty_ = std::max(carrier_, certainty); }
  [[nodiscard]] Certainty certainty() const { return certainty_; }

  /// All that follows the bytes consumed by this call, in both directions, belongs to `next`.
  void hand_over(Protocol next) { next_ = next; }

  /// Bytes of a stream that this protocol carries; they go, in the order of these calls, to a
  /// conversation of their own, and what is found in them is known as what is reported here.
  /// Borrowed until the dissector is called again. `stream` is for a protocol that carries several:
  /// it numbers them, never anew.
  void pass_on(Side from, ByteView bytes, std::uint64_t stream = 0) {
    passed_on_.push_back({from, bytes, 0, certainty_, stream});
  }

  /// More than any body that a dissector passes over.
  static constexpr std::uint64_t kUnknownSize = std::uint64_t{1} << 40U;

  /// Here `size` bytes of the carried stream are missing.
  void pass_on_gap(Side from, std::uint64_t size, std::uint64_t stream = 0) {
    passed_on_.push_back({from, {}, size, certainty_, stream});
  }

  /// Something of a channel that this protocol carries; it goes to whoever reads channels of that
  /// name, and is known as what is reported here.
  void pass_on(ChannelPiece piece) {
    piece.certainty = certainty_;
    pieces_.push_back(piece);
  }

  /// Nothing but what is carried is of interest: once nobody reads it any more, neither is this.
  void only_carry() { only_carries_ = true; }

  /// What is passed on belongs to `inner`. Where this is not said before the first of it, its
  /// content decides.
  void carry(Protocol inner) { inner_ = inner; }

  /// What follows, in both directions, is recognised anew: what a proxy passes on once it has
  /// granted the request.
  void hand_over_to_any() { anew_ = true; }

  /// The next `bytes` after those consumed by this call are of no interest: they are passed over
  /// without being kept, and a gap inside them is harmless.
  void skip(std::uint64_t bytes) { skip_ += bytes; }

  /// A key that may come soon is wanted first. What was not consumed by this call, and all that
  /// follows in both directions, comes again once there are other keys, or none is hoped for.
  void await_keys(HeldBack what) { awaiting_ = what; }

  /// Nothing more can be learned from this flow; from here on it is only counted.
  void finish() { finished_ = true; }

  /// As `finish`, for a flow that carries no session: it is forgotten at once.
  void leave() { left_ = true; }

  /// As `finish`, because what came cannot be read.
  void give_up(Instant at, Side from, const char* rule, const ReadError& why) {
    observe(at, from, rule, observation::Damage{.what = why.to_text()});
    finish();
  }

  [[nodiscard]] std::vector<Finding>& found() { return found_; }
  [[nodiscard]] const std::vector<Finding>& found() const { return found_; }
  [[nodiscard]] std::optional<Protocol> next() const { return next_; }
  [[nodiscard]] std::uint64_t skipped() const { return skip_; }
  [[nodiscard]] bool finished() const { return finished_; }
  struct Carried {
    Side from{};
    ByteView bytes;
    std::uint64_t missing{0};  ///< instead of bytes
    Certainty certainty{Certainty::kObserved};
    std::uint64_t stream{0};
  };
  [[nodiscard]] const std::vector<Carried>& passed_on() const { return passed_on_; }
  [[nodiscard]] const std::vector<ChannelPiece>& pieces() const { return pieces_; }
  [[nodiscard]] std::optional<HeldBack> awaiting() const { return awaiting_; }
  [[nodiscard]] std::optional<Protocol> inner() const { return inner_; }
  [[nodiscard]] bool only_carries() const { return only_carries_; }
  [[nodiscard]] bool left() const { return left_; }
  [[nodiscard]] bool anew() const { return anew_; }

  /// Forgets what steers the conversation; the findings stay until they are drained.
  void clear_steering() {
    next_.reset();
    anew_ = false;
    passed_on_.clear();
    pieces_.clear();
    inner_.reset();
    only_carries_ = false;
    awaiting_.reset();
    skip_ = 0;
  }

 private:
  std::vector<Finding> found_;
  std::vector<Carried> passed_on_;
  std::vector<ChannelPiece> pieces_;
  std::optional<Protocol> next_;
  std::optional<Protocol> inner_;
  std::optional<HeldBack> awaiting_;
  std::uint64_t skip_{0};
  Certainty carrier_{Certainty::kObserved};
  Certainty certainty_{Certainty::kObserved};
  bool finished_{false};
  bool left_{false};
  bool anew_{false};
  bool only_carries_{false};
};

}  // namespace remora
