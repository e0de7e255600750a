// Where the system is not Linux: nothing is given up, and the caller is told.
#include "daemon/confine/calls.h"
#include "daemon/confine/files.h"
#include "daemon/confine/packet_sockets.h"
#include "daemon/confine/process.h"
#include "daemon/confine/user.h"

namespace remora::confine {
namespace {

tl::unexpected<std::string> not_here(const char* what) {
  return tl::unexpected{std::string{what} +
                        ": can be given up on Linux only; use the means of this system"};
}

}  // namespace

struct PacketSockets::Parts {
  int descriptor = -1;
  Answered answer = Answered::kSensorHasEnded;
};
PacketSockets::PacketSockets(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
PacketSockets::PacketSockets(PacketSockets&&) noexcept = default;
PacketSockets& PacketSockets::operator=(PacketSockets&&) noexcept = default;
PacketSockets::~PacketSockets() = default;
tl::expected<PacketSockets, std::string> PacketSockets::receive(int) {
  return not_here("packet sockets");
}
int PacketSockets::descriptor() const {
  return parts_->descriptor;
}
PacketSockets::Answered PacketSockets::answer() {
  return parts_->answer;
}

bool is_root() {
  return false;
}
tl::expected<void, std::string> become(const std::string&, Keep) {
  return not_here("the user");
}
tl::expected<void, std::string> drop_capabilities(Keep) {
  return not_here("capabilities");
}
tl::expected<void, std::string> harden() {
  return not_here("core dumps and new privileges");
}
tl::expected<Landlocked, std::string> confine_files(Role, const FileRights&) {
  return not_here("files");
}
std::vector<std::string> system_files() {
  return {};
}
tl::expected<void, std::string> confine_calls_of_sensor(int) {
  return not_here("system calls");
}
tl::expected<void, std::string> confine_calls_of_shipper() {
  return not_here("system calls");
}
tl::expected<void, std::string> confine_calls_of_supervisor(std::span<const pid_t>) {
  return not_here("system calls");
}

}  // namespace remora::confine
