#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "capture/flow/stream.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/conversation.h"
#include "dissect/conversation/dissector.h"
#include "dissect/conversation/family.h"
#include "dissect/conversation/findings.h"

namespace remora {

/// A UDP flow's datagrams on their way through their dissector, and the stream that they may carry
/// on its way through a conversation of its own.
///
/// State: the dissector, and the inner conversation once there is one. Same calls, same findings.
class DatagramConversation {
 public:
  /// `family` makes dissectors for datagrams; `context` outlives the conversation.
  DatagramConversation(Families families, const Family& family,
                       const Context& context = nothing_given())
      : families_{families}, context_{&context}, dissector_{family.make_for_datagrams(context)} {}
  DatagramConversation(Families families, const Family& family, Context&& context) = delete;

  /// Findings are appended to `found`.
  void on_datagram(const Datagram& datagram, std::vector<Finding>& found);

  /// As Conversation has it, of the stream that the datagrams carry.
  void on_keys(std::vector<Finding>& found) {
    if (inner_ != nullptr) { inner_->on_keys(found); }
  }
  void on_time(Moment now, std::vector<Finding>& found) {
    if (inner_ != nullptr) { inner_->on_time(now, found); }
  }
  void stop_waiting(std::vector<Finding>& found) {
    if (inner_ != nullptr) { inner_->stop_waiting(found); }
  }
  [[nodiscard]] Conversation::Held held() const {
    return inner_ == nullptr ? Conversation::Held{} : inner_->held();
  }

  /// False once nothing more can be learned.
  [[nodiscard]] bool wants_more() const { return !finished_; }
  /// The unread bytes of the stream that the datagrams carry.
  [[nodiscard]] std::size_t tail_bytes() const {
    return inner_ == nullptr ? 0 : inner_->tail_bytes();
  }
  /// True when no session hangs on the flow.
  [[nodiscard]] bool left() const { return left_; }

 private:
  Families families_;
  const Context* context_;
  std::unique_ptr<DatagramDissector> dissector_;
  std::unique_ptr<Conversation> inner_;
  bool finished_{false};
  bool left_{false};
};

}  // namespace remora
