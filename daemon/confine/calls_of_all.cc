#include "daemon/confine/calls_of_all.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace remora::confine {
namespace {

void allow_threads(CallFilter& filter) {
  // A thread is what shares everything with its maker, in the namespaces that it is in;
  // pthread_create(3) asks for that.
  constexpr std::uint32_t kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                        CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  constexpr std::uint32_t kThread = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND | CLONE_FILES;
  filter.allow_if(SCMP_SYS(clone), {masked(0, kNamespaces | kThread, kThread)});
  // clone3 has its flags in memory, where no filter sees them; glibc then goes back to clone.
  filter.refuse(ENOSYS, {SCMP_SYS(clone3)});
  filter.allow({SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(gettid),
                SCMP_SYS(getpid), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
                SCMP_SYS(sched_setaffinity), SCMP_SYS(getcpu), SCMP_SYS(exit),
                SCMP_SYS(exit_group)});
  filter.allow_if_among(SCMP_SYS(prctl), 0, {PR_SET_NAME, PR_GET_NAME});
}

void allow_memory(CallFilter& filter) {
  filter.allow({SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
                SCMP_SYS(mlock), SCMP_SYS(mlock2), SCMP_SYS(munlock), SCMP_SYS(mlockall)});
  filter.allow_if(SCMP_SYS(mprotect), {masked(2, PROT_EXEC, 0)});
}

void allow_signals(CallFilter& filter) {
  filter.allow({SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
                SCMP_SYS(rt_sigtimedwait), SCMP_SYS(rt_sigpending), SCMP_SYS(sigaltstack),
                SCMP_SYS(signalfd4), SCMP_SYS(restart_syscall), SCMP_SYS(pause)});
  // abort(3) and pthread_kill(3); nobody else's threads.
  filter.allow_if(SCMP_SYS(tgkill), {equals(0, ::getpid())});
}

void allow_time_and_waiting(CallFilter& filter) {
  filter.allow({SCMP_SYS(clock_gettime),
                SCMP_SYS(clock_getres),
                SCMP_SYS(clock_nanosleep),
                SCMP_SYS(nanosleep),
                SCMP_SYS(gettimeofday),
                SCMP_SYS(time),
                SCMP_SYS(times),
                SCMP_SYS(timerfd_create),
                SCMP_SYS(timerfd_settime),
                SCMP_SYS(timerfd_gettime),
                SCMP_SYS(epoll_create),
                SCMP_SYS(epoll_create1),
                SCMP_SYS(epoll_ctl),
                SCMP_SYS(epoll_wait),
                SCMP_SYS(epoll_pwait),
                SCMP_SYS(epoll_pwait2),
                SCMP_SYS(eventfd),
                SCMP_SYS(eventfd2),
                SCMP_SYS(poll),
                SCMP_SYS(ppoll),
                SCMP_SYS(select),
                SCMP_SYS(pselect6)});
}

void allow_questions(CallFilter& filter) {
  filter.allow({SCMP_SYS(getrandom), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getrusage),
                SCMP_SYS(getrlimit), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
                SCMP_SYS(getegid), SCMP_SYS(getppid)});
  filter.allow_if(SCMP_SYS(prlimit64), {equals(0, 0), is_null(2)});  // its own, without new ones
}

void allow_descriptors(CallFilter& filter) {
  filter.allow({SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(lseek),
                SCMP_SYS(fstat), SCMP_SYS(close), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg),
                SCMP_SYS(getsockopt)});
  // None that makes another number for a descriptor (socket_numbers.h), or has signals sent
  // (F_SETOWN).
  filter.allow_if_among(SCMP_SYS(fcntl), 1, {F_GETFD, F_SETFD, F_GETFL, F_SETFL});
  filter.allow_if_among(SCMP_SYS(ioctl), 1, {FIONBIO, FIONREAD, TCGETS});
}

}  // namespace

void allow_calls_of_all(CallFilter& filter) {
  allow_threads(filter);
  allow_memory(filter);
  allow_signals(filter);
  allow_time_and_waiting(filter);
  allow_questions(filter);
  allow_descriptors(filter);
}

void allow_files_and_sockets(CallFilter& filter) {
  filter.allow({SCMP_SYS(open),
                SCMP_SYS(openat),
                SCMP_SYS(openat2),
                SCMP_SYS(creat),
                SCMP_SYS(write),
                SCMP_SYS(writev),
                SCMP_SYS(pwrite64),
                SCMP_SYS(preadv),
                SCMP_SYS(pwritev),
                SCMP_SYS(sendfile),
                SCMP_SYS(copy_file_range),
                SCMP_SYS(fsync),
                SCMP_SYS(fdatasync),
                SCMP_SYS(sync_file_range),
                SCMP_SYS(msync),
                SCMP_SYS(ftruncate),
                SCMP_SYS(truncate),
                SCMP_SYS(fallocate),
                SCMP_SYS(fadvise64),
                SCMP_SYS(readahead),
                SCMP_SYS(flock),
                SCMP_SYS(stat),
                SCMP_SYS(lstat),
                SCMP_SYS(newfstatat),
                SCMP_SYS(statx),
                SCMP_SYS(statfs),
                SCMP_SYS(fstatfs),
                SCMP_SYS(access),
                SCMP_SYS(faccessat),
                SCMP_SYS(faccessat2),
                SCMP_SYS(readlink),
                SCMP_SYS(readlinkat),
                SCMP_SYS(getdents64),
                SCMP_SYS(getcwd),
                SCMP_SYS(rename),
                SCMP_SYS(renameat),
                SCMP_SYS(renameat2),
                SCMP_SYS(unlink),
                SCMP_SYS(unlinkat),
                SCMP_SYS(mkdir),
                SCMP_SYS(mkdirat),
                SCMP_SYS(rmdir),
                SCMP_SYS(fchmod),
                SCMP_SYS(umask),
                SCMP_SYS(dup),
                SCMP_SYS(dup2),
                SCMP_SYS(dup3),
                SCMP_SYS(pipe),
                SCMP_SYS(pipe2),
                SCMP_SYS(socketpair),
                SCMP_SYS(bind),
                SCMP_SYS(connect),
                SCMP_SYS(getsockname),
                SCMP_SYS(getpeername),
                SCMP_SYS(setsockopt),
                SCMP_SYS(sendto),
                SCMP_SYS(sendmsg),
                SCMP_SYS(sendmmsg),
                SCMP_SYS(recvmmsg),
                SCMP_SYS(shutdown)});
  filter.allow_if_among(SCMP_SYS(fcntl), 1,
                        {F_DUPFD, F_DUPFD_CLOEXEC, F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK,
                         F_OFD_SETLK, F_OFD_SETLKW, F_SETPIPE_SZ});
  filter.allow_if_among(SCMP_SYS(ioctl), 1, {FIOCLEX, FIONCLEX, SIOCOUTQ, TIOCGWINSZ});
  filter.refuse(EPERM, {SCMP_SYS(fchown)});  // SQLite, where its user is root
  // libc loads modules that look up names; memory is either written or run.
  filter.allow_if(SCMP_SYS(mmap), {masked(2, PROT_EXEC, 0)});
  filter.allow_if(SCMP_SYS(mmap), {masked(2, PROT_EXEC | PROT_WRITE, PROT_EXEC)});
}

}  // namespace remora::confine
