#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dissect/conversation/conversation.h"
#include "dissect/conversation/family.h"

namespace remora::testing {

/// Bytes that one side of a conversation says at once.
struct Said {
  Side from{};
  std::vector<std::byte> bytes;
};

/// What the names and accounts in findings say, in their order, the initiator being the client:
/// "server srv.corp.example; client WS-ALICE; client CORP\alice; client CORP\alice for HTTP/srv; "
/// A name that one end only tells the other is followed by " as dialled".
[[nodiscard]] std::string names_and_accounts(const std::vector<Finding>& found);

/// Leads the talk through a conversation that knows this family alone, in pieces of `piece` bytes.
struct Listened {
  std::string told;
  Recognition recognition{};
};
[[nodiscard]] Listened listen(const Family& family, const std::vector<Said>& talk,
                              std::size_t piece);

/// The laws of a dissector that tells names: the same is told however the stream is cut; nothing
/// outside is read when it ends early, when a byte is changed, or when a piece is missing.
void expect_names_however_cut(const Family& family, const std::vector<Said>& talk,
                              const std::string& told);

}  // namespace remora::testing
