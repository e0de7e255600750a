#include "dissect/conversation/datagram_conversation.h"

#include <iterator>

namespace remora {

void DatagramConversation::on_datagram(const Datagram& datagram, std::vector<Finding>& found) {
  if (finished_) { return; }
  Findings out;
  dissector_->on_datagram(datagram, out);
  left_ = out.left();
  finished_ = out.finished() || left_;
  found.insert(found.end(), std::make_move_iterator(out.found().begin()),
               std::make_move_iterator(out.found().end()));
  if (const auto next = out.next(); next.has_value() && inner_ == nullptr) {
    inner_ = std::make_unique<Conversation>(families_);
    inner_->begin(*next, datagram.at, datagram.from, found);
  }
  if (inner_ == nullptr) { return; }
  for (const auto& carried : out.passed_on()) {
    inner_->on_bytes(carried.from, carried.bytes, datagram.at, found);
  }
}

}  // namespace remora
