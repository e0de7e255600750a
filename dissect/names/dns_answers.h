#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "capture/base/address.h"
#include "dissect/names/dns_message.h"
#include "dissect/observation/names.h"

namespace remora::names {

/// What the answers of a positive response say to its one question: the name asked for, and the
/// canonical name behind aliases (RFC 1034 3.6.2), for each address; or the name for the address
/// that was asked for (PTR). Records that are not on the way from the question are nobody's answer.
/// The time to live is the shortest on the way. `told_to` is left open.
[[nodiscard]] std::vector<observation::NameLearned> to_names(const DnsMessage& response);

/// "20.100.51.198.in-addr.arpa" (RFC 1035 3.5), "…ip6.arpa" (RFC 3596 2.5): the address meant;
/// empty for any other name.
[[nodiscard]] std::optional<IpAddress> to_reverse_address(std::string_view name);

}  // namespace remora::names
