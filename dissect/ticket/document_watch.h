#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/findings.h"
#include "dissect/observation/ticket.h"
#include "dissect/ticket/mark_search.h"
#include "dissect/ticket/refusal.h"
#include "dissect/ticket/text_form.h"

namespace remora::ticket {

/// What a watch looks for beside tickets that are a whole document, or stand whole inside one.
enum class Look : std::uint8_t {
  kDocument,  ///< a file, an attachment, a body: text in it may speak of tickets
  kUnnamed,   ///< the same, its name being told elsewhere: what claims by it alone is told so
  kTicket,    ///< what brought it says that it is one: all else is refused
  kMessage,   ///< what one program sends another: also connection strings 1 on their own
  kStream,    ///< the same, anywhere in a stream; what begins as a ticket and is broken is refused
};

/// Looks for tickets in one document on its way: a file, an attachment, a message body, whatever
/// its carrier has taken the wrapping off. Bytes come in order and in pieces of any size; the same
/// bytes in other pieces give the same findings.
///
/// Reports TicketSeen ("ticket.seen") as soon as the ticket's last byte has come, and TicketRefused
/// ("ticket.refused") at the document's end or at the limit. Refused is only what claims to be a
/// ticket: by the file's name, by what brought it, or because the document begins as one. Ordinary
/// XML, and text that speaks of tickets, give nothing.
///
/// State: a few hundred bytes, and up to kMaxTicketBytes while what looks like a ticket is coming
/// in; LIMIT: kMaxTicketsPerDocument reported.
class DocumentWatch {
 public:
  static constexpr std::size_t kMaxTicketBytes = std::size_t{64} << 10U;
  static constexpr std::size_t kMaxTicketsPerDocument = 16;

  /// `context` outlives the watch.
  explicit DocumentWatch(observation::Carriage carriage, const Context& context = nothing_given(),
                         Look look = Look::kDocument);
  DocumentWatch(observation::Carriage carriage, Context&& context, Look look) = delete;

  /// The next bytes of the document, sent by `from`; `at` is the packet that brought them.
  void on_bytes(Side from, ByteView bytes, Instant at, Findings& out);
  /// As on_bytes while a ticket may have begun, and no further: returns what stands behind it.
  [[nodiscard]] ByteView follow(Side from, ByteView bytes, Instant at, Findings& out);
  /// A ticket may have begun.
  [[nodiscard]] bool following() const {
    return state_ == State::kWhole || state_ == State::kInside || state_ == State::kString1;
  }
  /// Bytes of the document are missing here: a ticket that had begun is given up, unreported.
  void on_gap();
  /// No more comes. A ticket that had begun is refused as cut off.
  void on_end(Side from, Instant at, Findings& out);

  /// The name came later than the bytes, or changed. A name that claims a ticket counts if at most
  /// the first kMaxPrologBytes of the document were seen, and they look like XML.
  void set_carriage(observation::Carriage carriage);
  [[nodiscard]] const observation::Carriage& carriage() const { return carriage_; }
  /// Keys of the tickets found so far, for a carrier that sees the copy deleted.
  [[nodiscard]] const std::vector<observation::Sha256>& keys() const { return keys_; }
  /// What came last may be part of a ticket.
  [[nodiscard]] bool inside() const {
    return state_ == State::kWhole || state_ == State::kInside || state_ == State::kString1;
  }
  /// Nothing more will be found, whatever comes.
  [[nodiscard]] bool finished() const { return state_ == State::kFinished; }

 private:
  enum class State : std::uint8_t {
    kStart,      ///< the first bytes are kept until they say what the document is
    kSearching,  ///< for a mark
    kWhole,      ///< the document is, or claims to be, a ticket: all of it is kept
    kInside,     ///< a ticket may have begun inside the document: it is kept from its mark on
    kString1,    ///< the same, for a connection string 1 on its own
    kFinished,
  };
  struct Now {
    Side from{};
    Instant at;
    Findings& out;
  };

  void step(ByteView& bytes, const Now& now);
  void judge(ByteView& bytes, const Now& now);
  void search(ByteView& bytes);
  void collect(ByteView& bytes, const Now& now);
  void collect_string1(ByteView& bytes, const Now& now);
  void begin(const Mark& mark);
  void close(const Now& now);
  void settle_string1(const Now& now);
  [[nodiscard]] std::optional<Refusal> read_kept(const Now& now);
  void give_up(const Now& now, const Refusal& why);
  void see(const Now& now, observation::Ticket ticket);
  void refuse(const Now& now, const Refusal& why, bool if_named);
  void count_report();
  [[nodiscard]] Refusal cut_off(const char* error) const;
  [[nodiscard]] bool claims() const;
  [[nodiscard]] bool may_be_claimed() const;
  void drop();

  observation::Carriage carriage_;
  const Context* context_;
  std::vector<observation::Sha256> keys_;
  std::vector<std::byte> kept_;
  MarkSearch search_;
  std::size_t reported_{0};
  State state_{State::kStart};
  TextForm form_{};
  Look look_;
  bool claimed_;              ///< by its name, or by what brought it
  std::uint8_t attempts_{0};  ///< to read what is kept, each at an end mark
};

}  // namespace remora::ticket
