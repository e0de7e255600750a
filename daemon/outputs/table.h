#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "daemon/outputs/event_writer.h"

namespace remora::outputs {

/// One line a session, for people; of events those that tell that one is over. The first rows are
/// held to find out how wide the columns must be.
///
/// LIMIT: holds 1,000 rows; later ones are written as they come, in the widths found.
class TableWriter final : public EventWriter {
 public:
  explicit TableWriter(ByteSink& sink) : sink_{&sink} {}
  void write(const v1::Event& event) override;
  void write(const v1::Session& session);
  void finish() override;

 private:
  static constexpr std::size_t kColumns = 9;
  using Row = std::array<std::string, kColumns>;

  [[nodiscard]] static Row to_row(const v1::Session& session);
  void write_held();
  void write_row(const Row& row);

  ByteSink* sink_;
  std::vector<Row> held_;
  std::array<std::size_t, kColumns> widths_{};
  bool widths_known_{false};
  std::size_t sessions_{0};
};

}  // namespace remora::outputs
