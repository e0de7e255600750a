#pragma once

#include <string>
#include <string_view>

#include "remora/v1/event.pb.h"

namespace remora::outputs::syslog {

/// What the header of every message bears.
struct Header {
  int facility{4};  ///< RFC 5424, table 1: auth
  std::string app_name{"remora"};
  std::string hostname{};  ///< empty: the event's sensor
  /// "name@number". The number is IANA's for documentation, RFC 5612; who has one sets it.
  std::string structured_data_id{"remora@32473"};
};

/// RFC 5424: header, structured data (eventId, kind, certainty) and `payload`, which must be a
/// single line. The kind is the MSGID, the event's time the TIMESTAMP. No byte order mark: readers
/// of CEF look for "CEF:" first.
[[nodiscard]] std::string encode(const v1::Event& event, const Header& header,
                                 std::string_view payload);

/// RFC 6587, 3.4.1: length, space, message.
[[nodiscard]] std::string framed(const std::string& message);

}  // namespace remora::outputs::syslog
