#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "capture/base/bytes.h"
#include "dissect/conversation/extent.h"
#include "dissect/conversation/family.h"

namespace remora::messenger {

/// LIMIT: of a head, start line to empty line.
inline constexpr std::size_t kMaxSipHead = std::size_t{16} << 10U;

/// Whether these bytes begin a message of SIP, RFC 3261 7: a status line, or a request line of one
/// of its methods.
[[nodiscard]] Verdict recognise_sip(ByteView first_bytes);

/// Where the head ends: with its empty line. Keep-alives in front of it belong to it (RFC 5626
/// 3.5.1). Lost when it is none, or does not end within the limit.
[[nodiscard]] Extent measure_sip_head(ByteView bytes);

/// Content-Length, or its short form l, RFC 3261 20.14; empty when it is missing or no number.
[[nodiscard]] std::optional<std::uint64_t> sip_content_length(std::string_view head);

/// Who sends the message and who receives it: From and To of a request, RFC 3261 20.20 and 20.39,
/// the other way round in its answer. "alice@example.com"; empty where there is no such address.
struct SipAccounts {
  std::string sender{};
  std::string receiver{};
};
[[nodiscard]] SipAccounts sip_accounts(std::string_view head);

}  // namespace remora::messenger
