#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/messenger/message_scan.h"
#include "dissect/messenger/msnp_command.h"

namespace remora::messenger {

/// One conversation with an MSN switchboard or notification server: looks for tickets in its
/// messages.
///
/// State: who takes part, and the payload that is coming. LIMIT: kMaxPayload a message; larger ones
/// are passed over.
class MsnpDissector : public Dissector {
 public:
  static constexpr std::size_t kMaxPayload = std::size_t{64} << 10U;

  explicit MsnpDissector(const Context& context) : context_{&context} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  void learn(const MsnpCommand& command);
  [[nodiscard]] observation::Carriage carriage_of(const MsnpCommand& command) const;

  const Context* context_;
  std::string own_account_;              ///< of whoever logged on to the server here
  std::string other_account_;            ///< the one other who takes part
  bool several_{false};                  ///< more than one other does, or did
  std::array<MessageScan, 2> payloads_;  ///< by index_of(Side)
};

}  // namespace remora::messenger
