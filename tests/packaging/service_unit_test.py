#!/usr/bin/env python3
"""The service's unit: systemd knows every name in it, and it leaves the service little to do harm with."""

import re
import shutil
import tempfile
import unittest
from pathlib import Path

import program

UNIT = program.BUILD / "daemon/packaging/remora.service"


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
class Unit(unittest.TestCase):
    def test_systemd_knows_every_name(self):
        with tempfile.TemporaryDirectory() as folder:
            # It wants to see the program that is started.
            unit = Path(folder) / UNIT.name
            unit.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={program.BINARY}", UNIT.read_text()))
            done = program.run("systemd-analyze", "verify", "--man=no", unit)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_exposure(self):
        done = program.run("systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", UNIT)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"Overall exposure level for remora.service: [01]\.\d|2\.0")

    def test_calls_by_which_the_program_confines_itself_are_allowed(self):
        """In the order of systemd.exec(5): the first line allows, a ~ takes away, what follows adds again."""
        allowed = set()
        for line in re.findall(r"(?m)^SystemCallFilter=(.*)", UNIT.read_text()):
            take = set.difference_update if line.startswith("~") else set.update
            for word in line.lstrip("~").split():
                take(allowed, members(word))
        self.assertLessEqual({"seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
                              "capset", "prctl", "prlimit64", "memfd_create", "socketpair", "socket", "sendmsg", "recvmsg",
                              "ioctl", "clone3", "execve", "wait4", "kill", "pidfd_send_signal", "mlock", "mmap",
                              "epoll_pwait", "timerfd_create", "eventfd2", "signalfd4", "fdatasync", "rename"}, allowed)
        self.assertFalse({"mount", "ptrace", "bpf", "setuid", "reboot", "init_module", "keyctl", "io_uring_setup",
                          "chroot", "process_vm_readv"} & allowed)


def members(word: str) -> set[str]:
    if not word.startswith("@"):
        return {word}
    lines = program.run("systemd-analyze", "syscall-filter", word).stdout.splitlines()
    names = [line.strip() for line in lines if line.startswith("    ") and not line.strip().startswith("#")]
    return set().union(*(members(name) for name in names)) if names else set()


if __name__ == "__main__":
    program.main()
