#include "dissect/conversation/channel.h"

namespace remora {

ByteView ChannelMessage::on_piece(const ChannelPiece& piece) {
  if (piece.kind != ChannelPiece::Kind::kClear) {
    gathering_ = false;
    kept_ = {};
    return {};
  }
  if (piece.is_whole()) {
    gathering_ = false;
    return piece.bytes;
  }
  if (piece.offset == 0) {
    kept_.clear();
    gathering_ = piece.total <= kMaxMessage;
  }
  if (!gathering_ || piece.offset != kept_.size()) {
    gathering_ = false;
    return {};
  }
  kept_.insert(kept_.end(), piece.bytes.begin(), piece.bytes.end());
  if (kept_.size() < piece.total) { return {}; }
  gathering_ = false;
  return kept_;
}

}  // namespace remora
