#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

struct pcap;

/// All that differs between Linux (platform_linux.cc) and Windows with Npcap (platform_npcap.cc).
namespace remora::capture::platform {

#ifdef _WIN32
using Waitable = void*;  ///< a HANDLE, for WaitForMultipleObjects
#else
using Waitable = int;  ///< a descriptor, for poll(2)
#endif

/// What is to be done once before libpcap is called; may be called again. Fails with what to do.
[[nodiscard]] tl::expected<void, std::string> prepare();

/// What to wait on until there are frames, or an error to be read.
[[nodiscard]] Waitable waitable(pcap* handle);

enum class Presence : std::uint8_t {
  kUp,
  kDown,  ///< it is there, and the handle goes on when it is up again
  kGone,  ///< what the handle reads is not the interface of that name, now or any more
};

/// Of the interface that `handle` was opened for as `name`. Costs some system calls.
[[nodiscard]] Presence presence(pcap* handle, const std::string& name);

/// What an operator can do where the system refused the right to capture.
[[nodiscard]] std::string advice_on_rights();

}  // namespace remora::capture::platform
