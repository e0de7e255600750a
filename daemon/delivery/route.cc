#include "daemon/delivery/route.h"

#include <algorithm>
#include <cctype>

namespace remora::delivery {
namespace {

constexpr std::uint64_t kMaxEvents = 100'000;
constexpr std::size_t kMaxName = 64;

/// Names stand in metrics, messages and the spool.
bool is_name(const std::string& text) {
  return text.size() <= kMaxName && std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
         });
}

}  // namespace

Route read_route(config::Map& map) {
  Route route;
  route.name = map.required("name");
  if (!is_name(route.name)) {
    map.complain("name", "letters, digits, '_', '-' and '.' are wanted, at most 64");
  }
  route.filter = Filter::read(map);
  auto batch = map.map("batch");
  route.batch.events = batch.number("events", route.batch.events, 1, kMaxEvents);
  route.batch.bytes = batch.bytes("bytes", route.batch.bytes);
  if (route.batch.bytes == 0) { batch.complain("bytes", "must not be 0"); }
  route.batch.age = batch.duration("age", route.batch.age);
  batch.done();
  auto retry = map.map("retry");
  route.retry.first =
      std::max(retry.duration("first", route.retry.first), std::chrono::milliseconds{1});
  route.retry.most = retry.duration("most", route.retry.most);
  if (route.retry.most < route.retry.first) {
    retry.complain("most", "is less than the first pause");
  }
  retry.done();
  return route;
}

}  // namespace remora::delivery
