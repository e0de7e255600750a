#include "daemon/spool/salvage.h"

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <vector>

#include "daemon/event/importance.h"
#include "daemon/event/kind.h"
#include "daemon/sqlite/damaged_file.h"
#include "daemon/sqlite/database.h"

namespace remora::spool {
namespace {

constexpr std::size_t kAtOnce = 500;

void remove_spool(const std::string& path) {
  std::error_code ignored;
  for (const auto* part : {"", "-wal", "-shm", ".lock", ".reserve"}) {
    (void)std::filesystem::remove(path + part, ignored);
  }
}

/// How many events were taken over; those between that cannot be read are passed over.
std::uint64_t copy_events(const std::string& damaged, Spool& into) {
  auto database =
      sqlite::Database::open(damaged, {.read_only = true, .create = false, .damaged = true});
  if (!database.has_value()) { return 0; }
  auto select = database->prepare("SELECT bytes FROM event ORDER BY number");
  if (!select.has_value()) { return 0; }
  std::uint64_t taken = 0;
  std::vector<Spoolable> events;
  const auto hand_over = [&] {
    const auto appended = into.append(events);
    taken += appended.taken - appended.given_up;
    const bool all = appended.taken == events.size();
    events.clear();
    return all;
  };
  while (select->step() == sqlite::Step::kRow) {
    v1::Event event;
    const auto bytes = select->blob(0);
    if (!event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) { continue; }
    events.push_back({.importance = importance_of(event),
                      .kind = kind_name(event),
                      .bytes = std::string{bytes}});
    if (events.size() == kAtOnce && !hand_over()) { return taken; }
  }
  (void)hand_over();
  return taken;
}

/// What was going on. It is less than events: what cannot be read is left behind.
void copy_ongoing(const std::string& damaged, const std::string& into) {
  auto from =
      sqlite::Database::open(damaged, {.read_only = true, .create = false, .damaged = true});
  auto to = sqlite::Database::open(into, {.create = false});
  if (!from.has_value() || !to.has_value()) { return; }
  auto select = from->prepare("SELECT id, bytes FROM ongoing");
  auto insert = to->prepare("INSERT OR REPLACE INTO ongoing VALUES(?, ?)");
  if (!select.has_value() || !insert.has_value()) { return; }
  while (select->step() == sqlite::Step::kRow) {
    insert->bind(1, select->text(0));
    insert->bind_blob(2, select->blob(1));
    (void)insert->run();
  }
}

}  // namespace

tl::expected<void, std::string> salvage(const SpoolSettings& settings, std::string& notice) {
  auto beside = settings;
  beside.path += ".salvage";
  remove_spool(beside.path);
  std::uint64_t taken = 0;
  {
    std::string ignored;
    auto into = Spool::open(beside, ignored);
    if (!into.has_value()) { return tl::unexpected{std::move(into.error())}; }
    taken = copy_events(settings.path, **into);
  }
  copy_ongoing(settings.path, beside.path);
  std::error_code error;
  std::filesystem::rename(beside.path, settings.path + ".salvaged", error);
  if (error) { return tl::unexpected{beside.path + ": cannot be renamed: " + error.message()}; }
  remove_spool(beside.path);
  notice += "; " + std::to_string(taken) + " events of it were taken over";
  return finish_salvage(settings.path, notice);
}

tl::expected<void, std::string> finish_salvage(const std::string& path, std::string& notice) {
  std::error_code error;
  const auto whole = path + ".salvaged";
  if (!std::filesystem::exists(whole, error)) { return {}; }
  auto aside = sqlite::set_aside(path);
  if (!aside.has_value()) { return tl::unexpected{std::move(aside.error())}; }
  std::filesystem::rename(whole, path, error);
  if (error) { return tl::unexpected{whole + ": cannot be renamed: " + error.message()}; }
  notice += (notice.empty() ? path + ": was damaged" : "") + "; it was set aside as " + *aside;
  return {};
}

}  // namespace remora::spool
