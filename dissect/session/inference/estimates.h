#pragma once

#include <cstdint>

/// What bytes of payload show where the words are not heard. Estimates, the same whether messages
/// are read or only their lengths are seen.
namespace remora::session {

/// Of the novice. One that refuses says good-bye, which is less; a screen, however small and
/// compressed, is more.
inline constexpr std::uint64_t kPictureBytes = 400;
/// Of the expert: some events of mouse and keyboard, beside what the channels themselves carry.
inline constexpr std::uint64_t kInputBytes = 200;
/// The same where it says that it gives control back; the words themselves are counted too.
inline constexpr std::uint64_t kInputBeforeGivingBack = 80;

/// In a consent or a grant that nobody put in words.
inline constexpr double kConfidenceInUnanswered = 0.6;

}  // namespace remora::session
