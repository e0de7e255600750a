#include "dissect/bulk/bulk_decompressor.h"

#include <type_traits>

namespace remora::bulk {
namespace {

/// Calls `what` with the engine, where there is one.
template <typename Engine, typename What>
void with(Engine& engine, What&& what) {
  std::visit(
      [&](auto& one) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(one)>, std::monostate>) { what(one); }
      },
      engine);
}

}  // namespace

Result<ByteView> BulkDecompressor::decompress(ByteView packet, PacketFlags flags) {
  if (!flags.concerns_history()) { return packet; }
  if (!flags.compressed() && used() && flags.type() != type_) {
    lose();  // it restarts a history, perhaps this one
    return packet;
  }
  if (!used() || flags.type() != type_) { change_to(flags.type()); }
  Result<ByteView> result = tl::unexpected{
      ReadError{.field = "CompressionType", .offset = 0, .reason = "not a known type"}};
  with(engine_, [&](auto& engine) { result = engine.decompress(packet, flags); });
  return result;
}

void BulkDecompressor::change_to(CompressionType type) {
  switch (type) {
    case CompressionType::k8K:
      engine_.emplace<Mppc>(Mppc::Level::k8K);
      break;
    case CompressionType::k64K:
      engine_.emplace<Mppc>(Mppc::Level::k64K);
      break;
    case CompressionType::kRdp6:
      engine_.emplace<Rdp60>();
      break;
    case CompressionType::kRdp61:
      engine_.emplace<Rdp61>();
      break;
    default:
      // Of a type that does not exist: the packet may be anything.
      lose();
      engine_.emplace<std::monostate>();
      return;
  }
  const auto bit = 1U << static_cast<unsigned>(type);
  if (lost_ || (seen_ & bit) != 0) {
    with(engine_, [](auto& engine) { engine.lose(); });
  }
  type_ = type;
  seen_ = static_cast<std::uint16_t>(seen_ | bit);
}

void BulkDecompressor::lose() {
  // Packets of other types may be missing too.
  lost_ = true;
  with(engine_, [](auto& engine) { engine.lose(); });
}

std::optional<std::size_t> BulkDecompressor::room() const {
  std::optional<std::size_t> room;
  with(engine_, [&](const auto& engine) { room = engine.room(); });
  return room;
}

bool BulkDecompressor::begins_anew(ByteView packet, PacketFlags flags) {
  switch (flags.type()) {
    case CompressionType::k8K:
    case CompressionType::k64K:
      return flags.at_front();
    case CompressionType::kRdp61:
      return Rdp61::is_at_front(packet);
    default:
      return false;
  }
}

std::size_t BulkDecompressor::memory() const {
  std::size_t memory = 0;
  with(engine_, [&](const auto& engine) { memory = engine.memory(); });
  return memory;
}

}  // namespace remora::bulk
