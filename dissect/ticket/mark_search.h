#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/ticket/text_form.h"

namespace remora::ticket {

/// What a mark begins or ends.
enum class MarkKind : std::uint8_t {
  kInvitationStart,         ///< <UPLOADINFO
  kConnectionString2Start,  ///< <E>
  kConnectionString1Start,  ///< 65538,1,
  kInvitationEnd,           ///< </UPLOADINFO>
  kConnectionString2End,    ///< </E>
};

struct Mark {
  MarkKind kind{};
  TextForm form{};
  std::string bytes;          ///< as they stand in a stream
  std::string document;       ///< the same without base64
  bool of_invitation{false};  ///< a connection string 1 that is an invitation's RCTICKET
  /// `bytes` are base64 of `document`, but for the first bits where it does not begin with a group,
  /// and for the last `known_bits`, which begin the next character and have `known_value`.
  bool base64{false};
  std::uint8_t known_bits{0};
  std::uint8_t known_value{0};
};

/// The marks of one kind of search, as an automaton: one step a byte, whatever their number (Aho
/// and Corasick). Made once, read by all threads.
class MarkTable {
 public:
  /// No mark may be part of another, unless it ends with it: then the longer is found.
  explicit MarkTable(std::vector<Mark> marks);

  /// Marks of a document, in 8-bit code pages and UTF-16LE.
  [[nodiscard]] static const MarkTable& of_documents();
  /// The same, and connection strings 1 on their own.
  [[nodiscard]] static const MarkTable& of_messages();
  /// What may begin a ticket in a stream, also in base64 at each of its three alignments.
  [[nodiscard]] static const MarkTable& of_streams();

 private:
  friend class MarkSearch;
  using State = std::uint16_t;

  void add_states();
  void add_ways_back();
  void add_shortcuts();
  [[nodiscard]] std::size_t next_start(ByteView bytes, std::size_t at) const;

  std::vector<Mark> marks_;
  std::vector<std::array<State, 256>> next_;  ///< by state
  std::vector<std::int16_t> found_;  ///< by state: index of the mark that ends there, or -1
  /// Whether a mark has four bytes of this hash at its beginning, or one or two bytes behind it:
  /// passes over most of a stream three bytes at a time. Empty where marks are too short for that.
  std::vector<bool> quads_;
  std::optional<std::byte> first_;  ///< with which all marks begin
};

/// Goes through a stream that comes in pieces. Keeps a state, never bytes.
class MarkSearch {
 public:
  explicit MarkSearch(const MarkTable& table) : table_{&table} {}

  /// Consumes `bytes` up to the end of the next mark, or all of them. The mark is the table's.
  [[nodiscard]] const Mark* next(ByteView& bytes);
  /// What follows has nothing to do with what came.
  void restart() { state_ = 0; }

 private:
  const MarkTable* table_;
  MarkTable::State state_{0};
};

}  // namespace remora::ticket
