#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/conversation/findings.h"
#include "dissect/mail/body_structure.h"
#include "dissect/mail/fetch_item.h"
#include "dissect/mail/imap_mailbox.h"
#include "dissect/mail/imap_tokens.h"
#include "dissect/mail/section_watch.h"
#include "dissect/mime/header_reader.h"

namespace remora::mail {

/// Reads FETCH responses (RFC 9051 7.5.2) as they come: lines, and literals in pieces between them.
/// Sections that can hold tickets are looked through, whole or fetched in parts.
///
/// State: the response read now, sections fetched in parts, what is known of sections.
class ImapFetch {
 public:
  /// LIMIT: sections fetched in parts at the same time.
  static constexpr std::size_t kMaxPartial = 4;
  /// LIMIT: sections described, kept until they are fetched: the latest.
  static constexpr std::size_t kMaxDescribed = 128;

  /// `context` outlives it.
  explicit ImapFetch(const Context& context) : context_{&context} {}

  /// Of message `number`; `uid` where the command told it.
  void begin(std::uint32_t number, std::optional<std::uint32_t> uid);
  /// Text of the response. True when a literal of interest follows; false when its bytes are of no
  /// interest, or none follows.
  [[nodiscard]] bool on_text(std::string_view text, ImapMailbox& mailbox, Side from, Instant at,
                             Findings& out);
  void on_literal(ByteView bytes, Side from, Instant at, Findings& out);
  void on_literal_gap(std::uint64_t size);
  void on_literal_end(Side from, Instant at, Findings& out);
  /// The response has ended, with its line.
  void end(ImapMailbox& mailbox);

  /// Message numbers have changed, or it is another mailbox.
  void forget(std::uint32_t expunged);
  void forget_all();

 private:
  struct Partial {
    std::uint32_t number{0};
    std::string name{};  ///< of the item, without its origin
    SectionWatch watch;
  };
  struct Described {
    std::uint32_t number{0};
    DescribedPart part{};
  };

  [[nodiscard]] bool on_value(const ImapToken& token, ImapMailbox& mailbox, Side from, Instant at,
                              Findings& out);
  void on_list(ImapTokens& in, ImapMailbox& mailbox);
  [[nodiscard]] bool begin_section(const ImapMailbox& mailbox);
  [[nodiscard]] SectionWatch make_watch(const ImapMailbox& mailbox) const;
  [[nodiscard]] SectionWatch& partial(const ImapMailbox& mailbox);
  void describe(DescribedPart part);
  [[nodiscard]] const mime::PartHeaders* described(std::string_view section) const;
  [[nodiscard]] std::optional<std::uint32_t> uid(const ImapMailbox& mailbox) const;

  const Context* context_;
  std::uint32_t number_{0};
  std::optional<std::uint32_t> uid_;
  std::size_t depth_{0};
  std::string name_;  ///< the item whose value comes next
  FetchItem item_;    ///< the item whose bytes come now
  std::uint64_t offset_{0};
  std::optional<SectionWatch> watch_;
  std::optional<mime::HeaderReader> headers_;
  std::deque<Partial> partials_;
  SectionWatch* in_partial_{nullptr};
  std::vector<observation::Sha256> keys_;  ///< found in this response
  std::deque<Described> described_;
};

}  // namespace remora::mail
