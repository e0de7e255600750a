#include "daemon/spool/spool_reader.h"

#include <utility>

namespace remora::spool {

tl::expected<SpoolReader, std::string> SpoolReader::open(const std::string& path) {
  auto database = sqlite::Database::open(path, {.read_only = true, .create = false});
  if (!database.has_value()) { return tl::unexpected{std::move(database.error().text)}; }
  auto select =
      database->prepare("SELECT number, bytes FROM event WHERE number > ? ORDER BY number LIMIT ?");
  if (!select.has_value()) { return tl::unexpected{std::move(select.error().text)}; }
  return SpoolReader{std::move(*database), std::move(*select)};
}

tl::expected<std::vector<Spooled>, std::string> SpoolReader::read(std::uint64_t after,
                                                                  std::size_t max_events,
                                                                  std::size_t max_bytes,
                                                                  bool at_least_one) {
  std::vector<Spooled> events;
  std::size_t bytes = 0;
  select_.bind(1, static_cast<std::int64_t>(after));
  select_.bind(2, static_cast<std::int64_t>(max_events));
  auto step = select_.step();
  for (; step == sqlite::Step::kRow; step = select_.step()) {
    const auto blob = select_.blob(1);
    const bool free = at_least_one && events.empty();
    if (!free && bytes + blob.size() > max_bytes) { break; }
    bytes += blob.size();
    events.push_back(
        {.number = static_cast<std::uint64_t>(select_.integer(0)), .bytes = std::string{blob}});
  }
  std::string problem;
  if (step == sqlite::Step::kFailed) { problem = select_.failure().text; }
  select_.reset();
  if (!problem.empty()) { return tl::unexpected{std::move(problem)}; }
  return events;
}

}  // namespace remora::spool
