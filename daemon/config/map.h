#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace remora::config {

/// What is wrong with a configuration, each as "FILE:LINE: what; what to do".
using Problems = std::vector<std::string>;

/// A mapping of the configuration file while it is read. Each key is asked for once by the code
/// that needs it; `done` then reports the keys that nobody asked for, with the nearest that
/// somebody did. Wrong values are reported and the default is used, so that one run finds all of
/// them.
///
/// `${NAME}` in a value stands for that environment variable, which must be set; `$$` for `$`.
class Map {
 public:
  /// Reads `file`; its outermost element must be a mapping. Problems are added to `problems`, which
  /// must outlive the map.
  [[nodiscard]] static Map read_file(const std::string& file, Problems& problems);
  /// The same of a text; `name` stands for the file in messages.
  [[nodiscard]] static Map read_text(const std::string& text, std::string name, Problems& problems);

  Map(Map&&) noexcept;
  Map& operator=(Map&&) noexcept;
  Map(const Map&) = delete;
  Map& operator=(const Map&) = delete;
  ~Map();

  [[nodiscard]] bool has(std::string_view key) const;

  /// A text; `fallback` where the key is absent.
  [[nodiscard]] std::string text(std::string_view key, std::string fallback = {});
  /// A text that must be there, and not be empty.
  [[nodiscard]] std::string required(std::string_view key);
  /// "true" or "false".
  [[nodiscard]] bool flag(std::string_view key, bool fallback);
  /// A whole number from `least` to `most`.
  [[nodiscard]] std::uint64_t number(std::string_view key, std::uint64_t fallback,
                                     std::uint64_t least, std::uint64_t most);
  /// A number with a unit: "500ms", "30s", "5m", "12h", "7d".
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view key,
                                                   std::chrono::milliseconds fallback);
  /// Bytes: "4096", "64KiB", "1MiB", "2GiB".
  [[nodiscard]] std::uint64_t bytes(std::string_view key, std::uint64_t fallback);
  /// One of `words`, whose value it gives.
  template <typename Value>
  [[nodiscard]] Value word(std::string_view key, const std::map<std::string, Value>& words,
                           Value fallback) {
    if (!has(key)) {
      (void)text(key);
      return fallback;
    }
    std::vector<std::string> known;
    known.reserve(words.size());
    for (const auto& [name, value] : words) { known.push_back(name); }
    const auto found = one_of(key, known);
    return found.has_value() ? words.at(*found) : fallback;
  }
  /// A list of texts; a single text is a list of one.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  /// The mapping under `key`; an empty one where it is absent.
  [[nodiscard]] Map map(std::string_view key);
  /// The mappings of the list under `key`.
  [[nodiscard]] std::vector<Map> maps(std::string_view key);

  /// Adds a problem with the value of `key`, or with the whole map where it has no such key.
  void complain(std::string_view key, const std::string& what);
  /// Reports the keys that nobody asked for.
  void done();

 private:
  struct Node;
  explicit Map(std::unique_ptr<Node> node);
  [[nodiscard]] std::optional<std::string> one_of(std::string_view key,
                                                  const std::vector<std::string>& words);
  std::unique_ptr<Node> node_;
};

}  // namespace remora::config
