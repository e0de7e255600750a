#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

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
  /// Its text alone. LIMIT: 1 MiB. Empty where it cannot be read, which is told.
  [[nodiscard]] static std::string text_of_file(const std::string& file, Problems& problems);
  /// The same of a text; `name` stands for the file in messages.
  [[nodiscard]] static Map read_text(const std::string& text, std::string name, Problems& problems);

  Map(Map&&) noexcept;
  Map& operator=(Map&&) noexcept;
  Map(const Map&) = delete;
  Map& operator=(const Map&) = delete;
  ~Map();

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] bool is_list(std::string_view key) const;

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
  /// The same from `least` to `most`.
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view key,
                                                   std::chrono::milliseconds fallback,
                                                   std::chrono::milliseconds least,
                                                   std::chrono::milliseconds most);
  /// Bytes: "4096", "64KiB", "1MiB", "2GiB", "1TiB".
  [[nodiscard]] std::uint64_t bytes(std::string_view key, std::uint64_t fallback);
  /// The same from `least` to `most`.
  [[nodiscard]] std::uint64_t bytes(std::string_view key, std::uint64_t fallback,
                                    std::uint64_t least, std::uint64_t most);
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
  /// What `read` (text to expected value, or a text that says what is wrong) makes of such a list.
  /// What it refuses is told with the line of its element, and left out.
  template <typename Read>
  [[nodiscard]] auto list(std::string_view key, Read&& read) {
    std::vector<typename std::invoke_result_t<Read, std::string>::value_type> all;
    for (const auto& element : elements(key)) {
      auto value = read(element.text);
      if (value.has_value()) {
        all.push_back(std::move(*value));
      } else {
        complain_at(element.line, key, value.error());
      }
    }
    return all;
  }
  /// For mappings whose keys are the operator's own: gives every key and its text to `read`, which
  /// gives an expected nothing, or a text that says what is wrong with them.
  template <typename Read>
  void each(Read&& read) {
    for (const auto& entry : entries()) {
      const tl::expected<void, std::string> done = read(entry.key, entry.text);
      if (!done.has_value()) { complain_at(entry.line, entry.key, done.error()); }
    }
  }
  /// The mapping under `key`; an empty one where it is absent.
  [[nodiscard]] Map map(std::string_view key);
  /// The mappings of the list under `key`. A text among them stands for a mapping that has only the
  /// key `alone`, where one is given.
  [[nodiscard]] std::vector<Map> maps(std::string_view key, std::string_view alone = {});

  /// Adds a problem with the value of `key`, or with the whole map where it has no such key.
  void complain(std::string_view key, const std::string& what);
  /// Reports the keys that nobody asked for.
  void done();

  /// From here on every key that is asked for, of this mapping and of those in it, is added to
  /// `asked`, which must outlive them: "outputs.batch.events". For tests of documents.
  void record(std::set<std::string>& asked);

 private:
  struct Node;
  struct Element {
    std::string key;
    std::string text;
    int line{0};
  };
  explicit Map(std::unique_ptr<Node> node);
  [[nodiscard]] std::optional<std::string> one_of(std::string_view key,
                                                  const std::vector<std::string>& words);
  [[nodiscard]] std::vector<Element> elements(std::string_view key);
  [[nodiscard]] std::vector<Element> entries();
  void complain_at(int line, std::string_view key, const std::string& what);
  std::unique_ptr<Node> node_;
};

}  // namespace remora::config
