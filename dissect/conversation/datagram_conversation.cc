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
  Conversation::lead_inner(inner_, families_, *context_, 1, out, datagram.at, found);
}

}  // namespace remora
