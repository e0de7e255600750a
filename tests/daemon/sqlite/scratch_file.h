#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace remora::sqlite {

/// The path of a database in a folder of its own, which goes with it.
class ScratchFile {
 public:
  ScratchFile() {
    std::string folder = testing::TempDir() + "remora-sqlite-XXXXXX";
    folder_ = mkdtemp(folder.data());
    path_ = (folder_ / "test.db").string();
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ScratchFile(ScratchFile&&) = delete;
  ScratchFile& operator=(ScratchFile&&) = delete;
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::string path_;
};

}  // namespace remora::sqlite
