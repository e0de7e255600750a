#include "daemon/store/activity_writer.h"

#include <string>

namespace remora::store {
namespace {

/// A beginning that comes after its end, which has a result, changes nothing.
constexpr const char* kFile = R"sql(
INSERT INTO files(session_id, operation, mechanism, direction, file_name, start_ns, end_ns, result,
  new_file_name, size, transferred_bytes, sha256, internal, status)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET end_ns = excluded.end_ns, result = excluded.result, size = excluded.size,
  transferred_bytes = excluded.transferred_bytes, sha256 = excluded.sha256,
  internal = excluded.internal, status = excluded.status
WHERE excluded.result IS NOT NULL
)sql";

constexpr const char* kControlStarted = R"sql(
INSERT INTO control_periods(session_id, start_ns, taken_by, taken_by_role) VALUES(?, ?, ?, ?)
ON CONFLICT DO UPDATE SET taken_by = excluded.taken_by, taken_by_role = excluded.taken_by_role
)sql";

constexpr const char* kControlEnded = R"sql(
INSERT INTO control_periods(session_id, start_ns, end_ns, duration_ns, ended_by, ended_by_role)
VALUES(?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET end_ns = excluded.end_ns, duration_ns = excluded.duration_ns,
  ended_by = excluded.ended_by, ended_by_role = excluded.ended_by_role
)sql";

std::string status_of(const v1::NamedCode& status) {
  return status.name().empty() ? std::to_string(status.code()) : status.name();
}

/// Columns of a key cannot be NULL.
std::string_view key(std::string_view text) {
  return text.empty() ? std::string_view{"UNKNOWN"} : text;
}

std::string_view direction_of(v1::FileTransfer::Direction direction) {
  return key(direction == 0 ? std::string_view{} : v1::FileTransfer::Direction_Name(direction));
}

std::string_view mechanism_of(v1::FileTransfer::Mechanism mechanism) {
  return key(mechanism == 0 ? std::string_view{} : v1::FileTransfer::Mechanism_Name(mechanism));
}

void bind_party(Row& row, const std::string& by, v1::ControlParty::Role role) {
  row.text(by).text_if(role != 0, v1::ControlParty::Role_Name(role));
}

}  // namespace

ActivityWriter::ActivityWriter(Series& series)
    : file_{series.prepare(kFile)},
      control_started_{series.prepare(kControlStarted)},
      control_ended_{series.prepare(kControlEnded)} {}

void ActivityWriter::write(const v1::Event& event, Series& series) {
  switch (event.kind_case()) {
    case v1::Event::kFileTransferStarted:
      return write(event.session_id(), event.file_transfer_started(), series);
    case v1::Event::kFileTransferEnded:
      return write(event.session_id(), event.file_transfer_ended(), series);
    case v1::Event::kFileOperation:
      return write(event, event.file_operation(), series);
    case v1::Event::kControlStarted:
      return write(event.session_id(), event.control_started(), series);
    case v1::Event::kControlEnded:
      return write(event.session_id(), event.control_ended(), series);
    default:
      return;
  }
}

void ActivityWriter::write(const std::string& session, const v1::FileTransfer& file,
                           Series& series) {
  const auto status = status_of(file.status());
  Row{file_}
      .text(key(session))
      .text("TRANSFERRED")
      .text(mechanism_of(file.mechanism()))
      .text(direction_of(file.direction()))
      .text(key(file.file_name()))
      .number(to_nanoseconds(file.start()))
      .number_if(file.has_end(), to_nanoseconds(file.end()))
      .text_if(file.result() != 0, v1::FileTransfer::Result_Name(file.result()))
      .null()
      .number_if(file.has_size(), static_cast<std::int64_t>(file.size()))
      .number_if(file.has_transferred_bytes(), static_cast<std::int64_t>(file.transferred_bytes()))
      .text(file.sha256())
      .number(file.internal() ? 1 : 0)
      .text_if(file.has_status(), status);
  series.run(file_);
}

void ActivityWriter::write(const v1::Event& event, const v1::FileOperation& operation,
                           Series& series) {
  const auto status = status_of(operation.status());
  const auto at = to_nanoseconds(event.time());
  Row{file_}
      .text(key(event.session_id()))
      .text(key(v1::FileOperation::Operation_Name(operation.operation())))
      .text(mechanism_of(operation.mechanism()))
      .text(direction_of(operation.direction()))
      .text(key(operation.file_name()))
      .number(at)
      .number(at)
      .null()
      .text(operation.new_file_name())
      .null()
      .null()
      .null()
      .number(0)
      .text_if(operation.has_status(), status);
  series.run(file_);
}

void ActivityWriter::write(const std::string& session, const v1::ControlStarted& control,
                           Series& series) {
  Row row{control_started_};
  row.text(key(session)).number(to_nanoseconds(control.start()));
  bind_party(row, control.by(), control.role());
  series.run(control_started_);
}

void ActivityWriter::write(const std::string& session, const v1::ControlEnded& control,
                           Series& series) {
  Row row{control_ended_};
  row.text(key(session))
      .number(to_nanoseconds(control.start()))
      .number_if(control.has_end(), to_nanoseconds(control.end()))
      .number_if(control.has_duration(), to_nanoseconds(control.duration()));
  bind_party(row, control.by(), control.role());
  series.run(control_ended_);
}

}  // namespace remora::store
