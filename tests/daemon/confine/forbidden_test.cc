// Every right that must be gone is really tried, by each process; whoever tries is killed.
#include <fcntl.h>
#include <grp.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <utility>
#include <vector>

#include "tests/daemon/confine/child.h"

namespace remora::confine::testing {
namespace {

struct Deed {
  const char* name;
  void (*done)();
};

std::ostream& operator<<(std::ostream& out, const Deed& deed) {
  return out << deed.name;
}

/// The call itself, without what libc puts around it.
template <typename... Arguments>
void call(long number, Arguments... arguments) {
  (void)::syscall(number, arguments...);
}

const std::vector<Deed> kForAll{
    {"runs_a_program", [] { ::execl("/bin/true", "true", nullptr); }},
    {"runs_a_program_by_descriptor",
     [] { call(SYS_execveat, 0, "/bin/true", nullptr, nullptr, 0); }},
    {"forks", [] { (void)::fork(); }},
    {"clones_itself", [] { call(SYS_clone, SIGCHLD, 0, 0, 0, 0); }},
    {"makes_a_namespace_with_a_thread",
     [] {
       call(SYS_clone, CLONE_THREAD | CLONE_VM | CLONE_SIGHAND | CLONE_FILES | CLONE_NEWUSER, 0, 0,
            0, 0);
     }},
    {"unshares", [] { (void)::unshare(CLONE_NEWUSER); }},
    {"enters_a_namespace", [] { (void)::setns(0, CLONE_NEWNET); }},
    {"traces", [] { (void)::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
    {"reads_others_memory",
     [] { (void)::process_vm_readv(::getppid(), nullptr, 0, nullptr, 0, 0); }},
    {"takes_others_descriptors", [] { call(SYS_pidfd_getfd, 0, 0, 0); }},
    {"signals_its_parent", [] { (void)::kill(::getppid(), 0); }},
    {"signals_others_threads", [] { call(SYS_tgkill, ::getppid(), ::getppid(), 0); }},
    {"queues_a_signal", [] { call(SYS_rt_sigqueueinfo, ::getppid(), SIGCHLD, nullptr); }},
    {"mounts", [] { (void)::mount("none", "/tmp", "tmpfs", 0, nullptr); }},
    {"unmounts", [] { (void)::umount("/tmp"); }},
    {"changes_its_root", [] { (void)::chroot("/"); }},
    {"changes_user", [] { (void)::setuid(0); }},
    {"changes_groups", [] { (void)::setgroups(0, nullptr); }},
    {"sets_capabilities", [] { call(SYS_capset, nullptr, nullptr); }},
    {"raises_its_limits",
     [] {
       const rlimit more{.rlim_cur = 4096, .rlim_max = 4096};
       (void)::setrlimit(RLIMIT_NOFILE, &more);
     }},
    {"becomes_dumpable", [] { (void)::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }},
    {"filters_anew", [] { call(SYS_seccomp, 0, 0, nullptr); }},
    {"loads_a_bpf_program", [] { call(SYS_bpf, 0, nullptr, 0); }},
    {"counts_performance", [] { call(SYS_perf_event_open, nullptr, 0, 0, -1, 0); }},
    {"uses_kernel_keys", [] { call(SYS_keyctl, 0, 0, 0, 0, 0); }},
    {"loads_a_module", [] { call(SYS_finit_module, 0, "", 0); }},
    {"loads_a_kernel", [] { call(SYS_kexec_load, 0, 0, nullptr, 0); }},
    {"reboots", [] { call(SYS_reboot, 0, 0, 0, nullptr); }},
    {"sets_the_clock", [] { call(SYS_clock_settime, 0, nullptr); }},
    {"sets_the_name_of_the_host", [] { call(SYS_sethostname, "", 0); }},
    {"reads_the_kernels_log", [] { call(SYS_syslog, 3, nullptr, 0); }},
    {"uses_io_uring", [] { call(SYS_io_uring_setup, 1, nullptr); }},
    {"handles_faults", [] { call(SYS_userfaultfd, 0); }},
    {"makes_a_file_of_memory", [] { call(SYS_memfd_create, "", 0); }},
    {"makes_a_device", [] { call(SYS_mknodat, AT_FDCWD, "/tmp/remora-device", 0, 0); }},
    {"opens_by_handle", [] { call(SYS_open_by_handle_at, 0, nullptr, 0); }},
    {"changes_personality", [] { call(SYS_personality, 0); }},
    {"runs_what_it_wrote",
     [] {
       (void)::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                    -1, 0);
     }},
    {"makes_memory_run",
     [] {
       void* page = ::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       (void)::mprotect(page, 4096, PROT_READ | PROT_EXEC);
     }},
    {"types_into_a_terminal", [] { (void)::ioctl(0, TIOCSTI, ""); }},
    {"makes_a_call_of_another_table",
     [] {
#if defined(__x86_64__)
       constexpr long kX32 = 0x40000000;
       call(kX32 + SYS_getpid);
#else
       ::raise(SIGSYS);
#endif
     }},
};

const std::vector<Deed> kForSensor{
    {"connects", [] { (void)::connect(0, nullptr, 0); }},
    {"listens", [] { (void)::listen(0, 1); }},
    {"binds_what_does_not_capture", [] { (void)::bind(0, nullptr, 0); }},
    {"binds_a_socket_for_requests",
     [] { (void)::bind(::socket(AF_UNIX, SOCK_DGRAM, 0), nullptr, 0); }},
    {"writes_to_a_packet_socket", [] { (void)!::write(512, "x", 1); }},
    {"writes_in_pieces_to_a_packet_socket", [] { (void)::writev(512, nullptr, 0); }},
    {"sends_on_a_packet_socket", [] { (void)::send(512, "x", 1, 0); }},
    {"sends_to_an_address",
     [] {
       const sockaddr anybody{};
       (void)::sendto(0, "x", 1, 0, &anybody, sizeof(anybody));
     }},
    {"sends_a_message_on_a_packet_socket", [] { (void)::sendmsg(512, nullptr, 0); }},
    {"makes_a_ring_to_send", [] { (void)::setsockopt(512, SOL_PACKET, PACKET_TX_RING, "", 0); }},
    {"gives_a_descriptor_another_number", [] { (void)::dup2(512, 3); }},
    {"gives_a_descriptor_a_lower_number", [] { (void)::fcntl(512, F_DUPFD, 3); }},
    {"makes_a_pair_of_sockets", [] { (void)::socketpair(AF_UNIX, SOCK_DGRAM, 0, nullptr); }},
    {"splices", [] { call(SYS_splice, 0, nullptr, 512, nullptr, 0, 0); }},
    {"removes_a_file", [] { (void)::unlink("/tmp/remora-file"); }},
    {"makes_a_folder", [] { (void)::mkdir("/tmp/remora-folder", 0700); }},
    {"waits_for_children", [] { call(SYS_wait4, -1, nullptr, 0, nullptr); }},
};

const std::vector<Deed> kForShipper{
    {"makes_a_packet_socket", [] { (void)::socket(AF_PACKET, SOCK_RAW, 0); }},
    {"makes_a_raw_socket", [] { (void)::socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }},
    {"makes_a_raw_socket_of_ipv6",
     [] { (void)::socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6); }},
    {"makes_a_socket_of_the_audit", [] { (void)::socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT); }},
    {"makes_a_socket_of_the_kernels_ciphers", [] { (void)::socket(AF_ALG, SOCK_SEQPACKET, 0); }},
    {"makes_a_socket_of_the_hypervisor", [] { (void)::socket(AF_VSOCK, SOCK_STREAM, 0); }},
};

const std::vector<Deed> kForSupervisor{
    {"makes_a_tcp_socket", [] { (void)::socket(AF_INET, SOCK_STREAM, 0); }},
    {"makes_a_udp_socket_of_ipv6", [] { (void)::socket(AF_INET6, SOCK_DGRAM, 0); }},
    {"listens", [] { (void)::listen(0, 1); }},
};

using Who = Ended (*)(void (*)());
struct Case {
  Deed deed;
  const char* name;
  Who who;
};

std::ostream& operator<<(std::ostream& out, const Case& each) {
  return out << each.name << ' ' << each.deed;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  const auto add = [&](const std::vector<Deed>& deeds, const char* name, Who who) {
    for (const auto& deed : deeds) { all.push_back({deed, name, who}); }
  };
  const Who sensor = [](void (*deed)()) { return in_sensor(deed); };
  const Who shipper = [](void (*deed)()) { return in_shipper(deed); };
  const Who supervisor = [](void (*deed)()) { return in_supervisor(deed); };
  add(kForAll, "sensor", sensor);
  add(kForSensor, "sensor", sensor);
  add(kForAll, "shipper", shipper);
  add(kForShipper, "shipper", shipper);
  add(kForAll, "supervisor", supervisor);
  add(kForSupervisor, "supervisor", supervisor);
  return all;
}

class Forbidden : public ::testing::TestWithParam<Case> {};

TEST_P(Forbidden, IsDeadly) {
  SKIP_UNLESS_ROOT();
  const auto ended = GetParam().who(GetParam().deed.done);
  EXPECT_EQ(ended.signal, SIGSYS) << ended;
  EXPECT_FALSE(ended.core);
}

INSTANTIATE_TEST_SUITE_P(Each, Forbidden, ::testing::ValuesIn(cases()), [](const auto& each) {
  return std::string{each.param.name} + "_" + each.param.deed.name;
});

}  // namespace
}  // namespace remora::confine::testing
