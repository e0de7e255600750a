#pragma once

#include "dissect/conversation/family.h"

namespace remora::mail {

inline constexpr Protocol kSmtp{"smtp"};
inline constexpr Protocol kPop3{"pop3"};
inline constexpr Protocol kImap{"imap"};

/// Mail in clear, for the tickets that it carries.
[[nodiscard]] Family smtp_family();
[[nodiscard]] Family pop3_family();
[[nodiscard]] Family imap_family();

}  // namespace remora::mail
