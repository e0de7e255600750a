#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/drives/io_completion.h"
#include "dissect/drives/io_request.h"
#include "dissect/encoding/file_stretches.h"
#include "dissect/observation/shared_file.h"

namespace remora::drives {

/// Where an open file says what happens to it.
struct Telling {
  Side server{};
  Instant at;
  Findings& out;
  std::uint64_t& last_id;  ///< of the transfers of the connection
};

/// A file that the server has open on a drive of the client:
///
///   CREATE ── READ: bytes to the server ─┐
///      └───── WRITE: bytes to the client ┴── CLOSE
///
/// Each of both ways is a transfer of its own. A file that is read only as far as `desktop.ini` is,
/// which Explorer does with every folder, is passed over. State: counts and digests of both ways.
class OpenFile {
 public:
  OpenFile(std::uint32_t device, std::uint32_t id, std::string name)
      : device_{device}, id_{id}, name_{std::move(name)} {}

  [[nodiscard]] bool is(std::uint32_t device, std::uint32_t id) const {
    return device_ == device && id_ == id;
  }
  [[nodiscard]] bool has_id_of(const OpenFile& other) const { return is(other.device_, other.id_); }
  [[nodiscard]] std::uint32_t device() const { return device_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool moves() const { return read_.id != 0 || written_.id != 0; }

  /// How it was opened; `size`: what another handle told of it.
  void on_opened(const Create& create, const Created& created, std::optional<std::uint64_t> size);
  void on_described(const Described& told);
  /// A change that the client agreed to. What ends with the file is told by `close`.
  void on_changed(const Change& change, const std::string& new_name, const Telling& telling);

  /// Some bytes of a READ completion; `last` of them.
  void on_read(std::uint64_t offset, ByteView bytes, bool last, const Telling& telling);
  /// `moved` bytes came where `asked` were wanted.
  void on_read_done(const Range& asked, std::uint64_t moved);
  void on_read_failed(const Range& asked, std::uint32_t status);
  /// Where the bytes of this request go.
  [[nodiscard]] std::uint64_t place_of(const Range& asked) const;
  void on_write(std::uint64_t offset, ByteView bytes, bool last, const Telling& telling);
  /// The client's answer; `moved` where it succeeded.
  void on_written(const Range& asked, std::uint32_t status, std::uint32_t moved);
  /// Some of what was said on the channel was not to be read; by the server, or by the client only.
  /// Where it was the server's, whatever begins then may be of another file under the same id, and
  /// has neither name nor size.
  void on_loss(bool by_server);

  /// The server closed it.
  void close(const Telling& telling);
  /// It is open no longer, though nobody closed it: `rule`.
  void cut_off(const char* rule, const Telling& telling);

 private:
  using Step = observation::SharedFileStep;

  /// One of both ways.
  struct Move {
    std::uint64_t id{0};  ///< once it was told
    encoding::FileStretches seen;
    std::uint64_t told{0};
    bool lost{false};
    bool of_another{false};  ///< perhaps: it began when `replaced_` already
    std::optional<observation::NamedCode> failed;
  };

  [[nodiscard]] Step step(Step::Kind kind, const Move& move,
                          std::optional<std::uint64_t> size) const;
  void progress(Move& move, bool last, std::optional<std::uint64_t> size, const char* rule,
                Side from, const Telling& telling);
  void tell_empty(const Telling& telling);
  void end(const char* rule, bool cut_off, const Telling& telling);
  void end(Move& move, std::optional<std::uint64_t> size, const char* rule, bool cut_off, Side from,
           const Telling& telling);
  static void tell(Step step, const char* rule, Side from, const Telling& telling);
  [[nodiscard]] std::optional<std::uint64_t> size_to_read() const {
    return writing_ ? size_before_writing_ : size_;
  }

  std::uint32_t device_;
  std::uint32_t id_;
  std::string name_;
  Move read_;
  Move written_;
  std::optional<std::uint64_t> size_;  ///< as it is now
  std::optional<std::uint64_t> size_before_writing_;
  std::optional<std::uint64_t> announced_;  ///< how large it is to become
  bool emptied_{false};                     ///< nothing is in it but what was written
  bool writing_{false};
  bool directory_{false};
  bool opened_to_read_{false};
  bool deletes_{false};
  bool replaced_{
      false};  ///< perhaps, by another file under the same id: words of the server are lost
};

}  // namespace remora::drives
