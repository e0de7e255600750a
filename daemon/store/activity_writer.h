#pragma once

#include "daemon/store/row.h"
#include "remora/v1/event.pb.h"

namespace remora::store {

/// Keeps the rows of `files` and `control_periods`: one for each beginning and its end, whichever
/// of them comes first.
class ActivityWriter {
 public:
  explicit ActivityWriter(Series& series);
  /// Passes over events of other kinds.
  void write(const v1::Event& event, Series& series);

 private:
  void write(const std::string& session, const v1::FileTransfer& file, Series& series);
  void write(const v1::Event& event, const v1::FileOperation& operation, Series& series);
  void write(const std::string& session, const v1::ControlStarted& control, Series& series);
  void write(const std::string& session, const v1::ControlEnded& control, Series& series);

  sqlite::Statement file_;
  sqlite::Statement control_started_;
  sqlite::Statement control_ended_;
};

}  // namespace remora::store
