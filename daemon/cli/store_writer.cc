#include "daemon/cli/store_writer.h"

#include <utility>

#include "daemon/cli/messages.h"

namespace remora::cli {
namespace {

constexpr std::size_t kBatch = 500;

}  // namespace

tl::expected<std::unique_ptr<StoreWriter>, std::string> StoreWriter::open(const std::string& path) {
  // What a loss of power takes, a second replay brings back.
  auto store = store::Store::open(path, {.retention = {}, .durable = false});
  if (!store.has_value()) { return tl::unexpected{store.error()}; }
  if (!store->notice().empty()) { tell_warning(store->notice()); }
  return std::unique_ptr<StoreWriter>{new StoreWriter{std::move(*store)}};
}

void StoreWriter::take(std::unique_ptr<v1::Event> event) {
  held_.push_back(std::move(event));
  if (held_.size() >= kBatch) { add_held(); }
}

void StoreWriter::add_held() {
  if (failure_.empty() && !held_.empty()) {
    std::vector<std::string> bytes;
    std::vector<store::Entry> entries;
    bytes.reserve(held_.size());
    entries.reserve(held_.size());
    for (const auto& event : held_) {
      entries.push_back(
          {.event = event.get(), .bytes = bytes.emplace_back(event->SerializeAsString())});
    }
    const auto added = store_.add(entries);
    if (!added.has_value()) { failure_ = added.error().text; }
  }
  held_.clear();
}

}  // namespace remora::cli
