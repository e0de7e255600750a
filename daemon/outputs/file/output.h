#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "daemon/delivery/output.h"
#include "daemon/event_file/event_file.h"
#include "daemon/outputs/file/config.h"

namespace remora::outputs::file {

/// Events into a file. Takes a whole batch or none of it.
class FileOutput final : public delivery::Output {
 public:
  explicit FileOutput(Config config) : config_{std::move(config)} {}

  [[nodiscard]] delivery::Outcome send(std::span<const delivery::Parcel> batch) override;
  void reopen() override { file_.reset(); }

 private:
  [[nodiscard]] bool is_due() const;
  /// Gives why there is no file to write to, or nothing.
  [[nodiscard]] std::string open();
  [[nodiscard]] std::string begin();

  Config config_;
  std::optional<event_file::EventFile> file_;
  std::chrono::system_clock::time_point made_{};  ///< the file
  std::string notice_;  ///< what opening the file brought to light; not told yet
};

}  // namespace remora::outputs::file
