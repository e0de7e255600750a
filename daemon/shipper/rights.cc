#include "daemon/shipper/rights.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "daemon/confine/calls.h"
#include "daemon/confine/capabilities.h"
#include "daemon/confine/files.h"
#include "daemon/confine/process.h"
#include "daemon/log/log.h"

namespace remora::shipper {
namespace {

/// What interfaces lost is told there (InterfaceLosses).
constexpr std::array kInterfaces{"/sys/class/net", "/sys/devices"};

/// As Landlock sees it: where links lead.
std::filesystem::path real(const std::string& folder) {
  std::error_code error;
  auto path = std::filesystem::weakly_canonical(folder, error);
  return error ? std::filesystem::path{folder} : path;
}

bool is_below(const std::string& folder, const std::vector<std::string>& granted) {
  const auto inner = real(folder);
  return std::ranges::any_of(granted, [&](const std::string& each) {
    const auto outer = real(each);
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first ==
           outer.end();
  });
}

}  // namespace

Rights Rights::wanted_by(const configuration::Configuration& configuration) {
  Rights rights;
  rights.read_below_ = configuration.event_files_below();
  rights.write_below_ = configuration.routes.written_below;
  return rights;
}

tl::expected<void, std::string> Rights::give_up_the_rest() const {
  using confine::Role;
  auto files =
      confine::FileRights{.read_below = confine::system_files(), .write_below = write_below_};
  files.read_below.insert(files.read_below.end(), read_below_.begin(), read_below_.end());
  for (const auto* folder : kInterfaces) {
    if (std::filesystem::exists(folder)) { files.read_below.emplace_back(folder); }
  }
  return confine::drop_capabilities(confine::Keep::kNothing)
      .and_then([] { return confine::harden(); })
      .and_then([&] { return confine::confine_files(Role::kShipper, files); })
      .and_then([](confine::Landlocked landlocked) {
        if (landlocked == confine::Landlocked::kNotAvailable) {
          log::warning("this kernel has no Landlock; files are guarded by their owners alone");
        }
        return confine::confine_calls_of_shipper();
      });
}

std::string Rights::missing_for(const configuration::Configuration& configuration) const {
  for (const auto& folder : configuration.routes.written_below) {
    if (!is_below(folder, write_below_)) { return folder; }
  }
  for (const auto& folder : configuration.event_files_below()) {
    if (!is_below(folder, read_below_) && !is_below(folder, write_below_)) { return folder; }
  }
  return {};
}

std::string Rights::reaches_keys_of(const configuration::Configuration& configuration) const {
  for (const auto& folder : configuration.key_files_below()) {
    if (is_below(folder, read_below_) || is_below(folder, write_below_)) { return folder; }
  }
  return {};
}

}  // namespace remora::shipper
