#include <array>
#include <string_view>

#include <pcap/pcap.h>

#include "capture/live/platform.h"

// Npcap (https://npcap.com/guide/npcap-devguide.html) is libpcap with a driver. Its DLLs lie in
// %SystemRoot%\System32\Npcap, which is not searched: the program is linked with
// /DELAYLOAD:wpcap.dll, and `prepare` names the folder before the first call.
namespace remora::capture::platform {

tl::expected<void, std::string> prepare() {
  std::array<wchar_t, MAX_PATH> system{};
  const auto size = ::GetSystemDirectoryW(system.data(), static_cast<UINT>(system.size()));
  const auto folder = std::wstring{system.data(), size} + L"\\Npcap";
  if (size == 0 || size >= system.size() || ::SetDllDirectoryW(folder.c_str()) == 0) {
    return tl::unexpected<std::string>{
        "the folder of Npcap cannot be searched; is Npcap installed?"};
  }
  return {};
}

Waitable waitable(pcap* handle) {
  return pcap_getevent(handle);
}

// The driver ends reads of an adapter that went away with an error, which the caller sees; a cable
// that is unplugged stops nothing. The handle is not asked for more.
Presence presence(pcap* /*handle*/, const std::string& /*name*/) {
  return Presence::kUp;
}

std::string advice_on_rights() {
  return "Npcap was installed for administrators only; run as one, or install it without that";
}

}  // namespace remora::capture::platform
