#pragma once

#include <memory>
#include <vector>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/conversation/family.h"
#include "dissect/conversation/findings.h"
#include "dissect/observation/ticket.h"

namespace remora {

/// Those who hear a stream besides the dissectors that read it, and what of their findings is news.
class Listeners {
 public:
  Listeners(Families families, const Context& context);

  [[nodiscard]] const std::vector<std::unique_ptr<Dissector>>& all() const { return all_; }

  /// The stream's own dissectors found this.
  void on_told(const Finding& finding);
  /// Whether what a listener found is news: a ticket that nobody told of this stream. What looks
  /// broken to one who does not know the protocol, or is part of what he has not seen whole, is
  /// news only where nobody does.
  [[nodiscard]] bool is_news(const Finding& heard, bool recognised);

 private:
  /// LIMIT: tickets of one stream remembered.
  static constexpr std::size_t kMaxTickets = 64;
  [[nodiscard]] bool add(const observation::Sha256& key);

  std::vector<std::unique_ptr<Dissector>> all_;
  std::vector<observation::Sha256> told_;
};

}  // namespace remora
