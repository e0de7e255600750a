#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/findings.h"
#include "dissect/mime/mime_reader.h"
#include "dissect/mime/part_headers.h"
#include "dissect/observation/ticket.h"
#include "dissect/ticket/document_watch.h"

namespace remora::mime {

/// Looks for tickets in the parts of a message on its way, as ticket::DocumentWatch does in one
/// document. Plain text and what bears a ticket's name are looked through; of anything else the
/// first bytes decide, and what cannot be a ticket is not decoded.
///
/// State: a MimeReader, the watch over one part, and up to ticket::kMaxPrologBytes of its
/// beginning.
class MessageWatch {
 public:
  /// LIMIT: tickets of one message whose keys are kept.
  static constexpr std::size_t kMaxKeys = 64;

  /// A message, from its first header on. `context` outlives the watch.
  MessageWatch(observation::Carriage carriage, const Context& context)
      : carriage_{std::move(carriage)}, context_{&context} {}
  /// A body whose headers came by another way.
  MessageWatch(observation::Carriage carriage, const PartHeaders& headers, const Context& context)
      : carriage_{std::move(carriage)}, context_{&context}, reader_{headers} {}
  MessageWatch(observation::Carriage carriage, Context&& context) = delete;
  MessageWatch(observation::Carriage carriage, const PartHeaders& headers,
               Context&& context) = delete;

  /// The next bytes, sent by `from`; `at` is the packet that brought them.
  void on_bytes(Side from, ByteView bytes, Instant at, Findings& out);
  /// Bytes are missing here: a ticket that had begun is given up.
  void on_gap();
  /// No more comes. A ticket that had begun is refused as cut off.
  void on_end(Side from, Instant at, Findings& out);

  /// Keys of the tickets found so far.
  [[nodiscard]] const std::vector<observation::Sha256>& keys() const { return keys_; }

 private:
  class Sink;
  enum class Interest : std::uint8_t { kNone, kFirstBytes, kAll };

  [[nodiscard]] bool begin_part(const PartHeaders& headers);
  [[nodiscard]] bool judge(ByteView bytes, Side from, Instant at, Findings& out);
  void look_through(ByteView bytes, Side from, Instant at, Findings& out);
  void collect_keys();

  observation::Carriage carriage_;
  const Context* context_;
  MimeReader reader_;
  std::optional<ticket::DocumentWatch> watch_;
  std::vector<std::byte> first_bytes_;
  std::vector<observation::Sha256> keys_;
  std::vector<const char*> told_;  ///< oddities, each once
  std::string file_name_;          ///< of the part read now
  std::size_t keys_of_part_{0};
  Interest interest_{Interest::kNone};
};

}  // namespace remora::mime
