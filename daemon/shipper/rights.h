#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/configuration/configuration.h"

namespace remora::shipper {

/// The files that the shipper goes on with, fixed when it begins.
class Rights {
 public:
  /// What a configuration needs: its outputs' files, and the system's.
  [[nodiscard]] static Rights wanted_by(const configuration::Configuration& configuration);

  /// Gives up everything else: capabilities, files, system calls. Only while there is one thread.
  [[nodiscard]] tl::expected<void, std::string> give_up_the_rest() const;
  /// A folder that the configuration needs and that was not granted; empty: none.
  [[nodiscard]] std::string missing_for(const configuration::Configuration& configuration) const;
  /// A folder of keys, which the shipper has no business with, that it may read all the same.
  [[nodiscard]] std::string reaches_keys_of(
      const configuration::Configuration& configuration) const;

 private:
  std::vector<std::string> read_below_;
  std::vector<std::string> write_below_;
};

}  // namespace remora::shipper
