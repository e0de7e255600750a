#include "daemon/outputs/file/output.h"

#include <filesystem>

#include "daemon/event/size_limit.h"
#include "daemon/outputs/file/birth.h"
#include "daemon/outputs/file/rotation.h"

namespace remora::outputs::file {

using std::chrono::system_clock;

delivery::Outcome FileOutput::send(std::span<const delivery::Parcel> batch) {
  delivery::Outcome outcome;
  outcome.problem = open();
  outcome.notice = std::exchange(notice_, {});
  if (!outcome.problem.empty()) { return outcome; }
  for (const auto& parcel : batch) {
    if (parcel.bytes.size() > kMaxEventBytes || !file_->append(parcel.event, parcel.bytes)) {
      ++outcome.refused;
    }
  }
  auto committed = file_->commit(config_.sync);
  if (!committed.has_value()) {
    outcome.refused = 0;
    outcome.problem = std::move(committed.error());
    if (file_->broken()) { file_.reset(); }
    return outcome;
  }
  outcome.taken = batch.size();
  if (outcome.refused > 0) {
    outcome.problem = config_.path + ": " + std::to_string(outcome.refused) +
                      " events are larger than 4 MiB, or no JSON, and are not written";
  }
  return outcome;
}

bool FileOutput::is_due() const {
  const auto& rotate = config_.rotate;
  if (file_->bytes() == 0) { return false; }
  return (rotate.bytes > 0 && file_->bytes() >= rotate.bytes) ||
         (rotate.age.count() > 0 && system_clock::now() - made_ >= rotate.age);
}

std::string FileOutput::open() {
  if (!file_.has_value() || !file_->stands_at_its_path()) {
    auto problem = begin();
    if (!problem.empty()) { return problem; }
  }
  if (!is_due()) { return {}; }
  auto problem = rotate(config_.path, config_.rotate.keep);
  return problem.empty() ? begin() : problem;
}

std::string FileOutput::begin() {
  file_.reset();
  std::error_code ignored;
  if (std::filesystem::is_directory(config_.path, ignored)) {
    return config_.path + ": is a folder; name a file in it";
  }
  auto opened = event_file::EventFile::open(config_.path, config_.format, notice_);
  if (!opened.has_value()) { return std::move(opened.error()); }
  file_ = std::move(*opened);
  made_ = birth_of(config_.path).value_or(system_clock::now());
  return {};
}

}  // namespace remora::outputs::file
