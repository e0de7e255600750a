#pragma once

#include "dissect/conversation/family.h"

namespace remora::ftp {

/// Whether a control connection begins so: a greeting, "220", that names FTP, as those of nearly
/// all servers do; or a client's USER. A greeting that does not stays undecided, for what the
/// client says: SMTP greets alike.
[[nodiscard]] Verdict recognise(ByteView first_bytes);

}  // namespace remora::ftp
