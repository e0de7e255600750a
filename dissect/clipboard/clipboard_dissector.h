#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "dissect/clipboard/file_list.h"
#include "dissect/clipboard/file_moves.h"
#include "dissect/clipboard/pdu.h"
#include "dissect/conversation/channel.h"
#include "dissect/conversation/dissector.h"
#include "dissect/conversation/message_stream.h"

namespace remora::clipboard {

/// The clipboard that client and server of one RDP session share, on the static channel "cliprdr",
/// [MS-RDPECLIP]: the files that are copied on one side and pasted on the other. Bytes of files are
/// counted and digested as they come. Nothing of text, pictures and other contents is read.
///
/// State: of each side the lists of its files, what was asked of it, files on their way, a small
/// message.
class ClipboardDissector final : public ChannelDissector {
 public:
  /// LIMIT: lists of one side, of which all but one are locked.
  static constexpr std::size_t kMaxLists = 4;
  /// LIMIT: requests of each kind without answer.
  static constexpr std::size_t kMaxPending = 64;

  void on_piece(const ChannelPiece& piece, Instant at, Findings& out) override;

 private:
  /// What was asked of a file, and the list that it is in.
  struct Asked {
    ContentsRequest request;
    std::uint64_t list{0};
  };
  /// One side: what it has on its clipboard, and what it says.
  struct SideState {
    std::optional<bool> long_names;
    std::optional<std::uint32_t> file_format;  ///< id of the list of files
    bool has_current{false};                   ///< the last of `lists` is the one on the clipboard
    std::uint64_t last_serial{0};
    std::vector<FileList> lists;
    std::vector<bool> asked_data;  ///< requests for data of its clipboard; whether the file list
    std::vector<Asked> asked_contents;
    FileMoves moves;

    MessageStream messages{kStartBytes};
    /// What the bytes of the current message are: the list, or of a file.
    bool content_is_list{false};
    std::uint64_t content_list{0};
    std::uint32_t content_index{0};
    std::uint64_t content_offset{0};
  };
  class Reader;

  /// Enough for the start of any response, and all of one that tells a size.
  static constexpr std::size_t kStartBytes = 20;

  [[nodiscard]] MessagePlan plan(ByteView start, std::uint32_t total, Side from, Instant at,
                                 Findings& out);
  [[nodiscard]] static MessagePlan plan_data(const Header& header, std::uint32_t total,
                                             SideState& owner);
  [[nodiscard]] static MessagePlan plan_contents(const Header& header, Cursor& in,
                                                 std::uint32_t total, SideState& owner,
                                                 const Telling& telling);
  void on_message(ByteView message, Side from, Instant at, Findings& out);
  static void on_content(ByteView bytes, bool last, SideState& owner, const Telling& telling);
  void read_message(Cursor& in, Side from, Instant at, Findings& out);
  static void on_formats(std::optional<std::uint32_t> file_format, SideState& owner,
                         const Telling& telling);
  static void on_contents_request(const ContentsRequest& request, SideState& owner,
                                  const Telling& telling);
  static void on_unlock(std::uint32_t id, SideState& owner, const Telling& telling);
  void on_loss(Side from);

  [[nodiscard]] NameForm name_form() const;
  [[nodiscard]] static FileList* list_of(SideState& owner, std::uint64_t serial);
  static FileList& current_list(SideState& owner, const Telling& telling);
  static void forget(SideState& owner, std::size_t index, const char* rule, const Telling& telling);
  [[nodiscard]] SideState& of(Side side) { return sides_.at(index_of(side)); }
  [[nodiscard]] Telling telling(Side owner, Instant at, Findings& out) {
    return {.owner = owner, .at = at, .out = out, .last_id = last_id_};
  }

  std::array<SideState, 2> sides_;
  std::uint64_t last_id_{0};
};

/// Whether a channel of this name is the one for the clipboard.
[[nodiscard]] bool reads_channel(std::string_view name);

}  // namespace remora::clipboard
