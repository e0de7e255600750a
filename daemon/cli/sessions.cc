#include "daemon/cli/sessions.h"

#include <unistd.h>

#include "daemon/cli/messages.h"
#include "daemon/outputs/byte_sink.h"
#include "daemon/outputs/json_lines.h"
#include "daemon/outputs/session_csv.h"
#include "daemon/outputs/table.h"
#include "daemon/store/store.h"

namespace remora::cli {
namespace {

/// JSON lines as the other formats are written.
class JsonWriter {
 public:
  explicit JsonWriter(outputs::ByteSink& sink) : sink_{&sink} {}
  void write(const v1::Session& session) { sink_->write(outputs::to_json_line(session) + '\n'); }
  void finish() { sink_->flush(); }

 private:
  outputs::ByteSink* sink_;
};

template <typename Writer>
[[nodiscard]] bool list(sqlite::Database& database, const SessionsOptions& options,
                        outputs::ByteSink& sink) {
  Writer writer{sink};
  const auto read = store::read_sessions(database, options.filter, [&](const v1::Session& session) {
    writer.write(session);
    return sink.failure().empty();
  });
  if (!read.has_value()) {
    tell_error(read.error().text);
    return false;
  }
  writer.finish();
  if (*read > 0) {
    tell_warning(options.store + ": " + std::to_string(*read) +
                 (*read == 1 ? " session is" : " sessions are") +
                 " not listed, as what is stored of them cannot be read");
  }
  if (!sink.failure().empty()) { tell_error(sink.failure()); }
  return sink.failure().empty();
}

[[nodiscard]] SessionFormat format_of(const SessionsOptions& options) {
  if (options.format.has_value()) { return *options.format; }
  return isatty(STDOUT_FILENO) != 0 ? SessionFormat::kTable : SessionFormat::kJsonLines;
}

}  // namespace

int sessions(const SessionsOptions& options) {
  auto database = store::open_to_read(options.store);
  if (!database.has_value()) {
    tell_error(database.error());
    return 1;
  }
  auto sink = outputs::ByteSink::open("-");
  if (!sink.has_value()) {
    tell_error(sink.error());
    return 1;
  }
  bool good = false;
  switch (format_of(options)) {
    case SessionFormat::kTable:
      good = list<outputs::TableWriter>(*database, options, *sink);
      break;
    case SessionFormat::kJsonLines:
      good = list<JsonWriter>(*database, options, *sink);
      break;
    case SessionFormat::kCsv:
      good = list<outputs::SessionCsvWriter>(*database, options, *sink);
      break;
  }
  return good ? 0 : 1;
}

}  // namespace remora::cli
