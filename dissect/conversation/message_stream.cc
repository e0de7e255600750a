#include "dissect/conversation/message_stream.h"

namespace remora {

void MessageStream::begin() {
  kept_.clear();
  next_ = 0;
  starting_ = true;
  how_ = MessagePlan::How::kPassOver;
}

void MessageStream::drop() {
  kept_ = {};
  starting_ = false;
  how_ = MessagePlan::How::kPassOver;
}

void MessageStream::decide(const MessagePlan& plan, std::uint32_t total) {
  how_ = plan.how;
  if (how_ == MessagePlan::How::kWhole && total > kMaxMessage) {
    how_ = MessagePlan::How::kPassOver;
  }
  skip_ = std::min(plan.content_at, kept_.size());
  left_ = plan.content_bytes;
}

}  // namespace remora
