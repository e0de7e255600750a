#!/usr/bin/env python3
"""What each process of a running daemon may still do, has open, and holds in its memory: privilege_test.py BINARY
PROJECT. That a forbidden call is deadly is tried in tests/daemon/confine."""

import os
import pwd
import re
import secrets
import shutil
import subprocess
import unittest
from pathlib import Path

import tap
from daemon_support import PCAPS, DaemonTest, closed, main
from tap import ADMIN_PORT, USER, Daemon, wait_for

NONE, NET_RAW = "0000000000000000", "0000000000002000"  # bit 13, linux/capability.h
SECRET = "REMORA_TEST_SECRET"
SEALED = PCAPS / "lab/tls12"
TO_KAFKA = """\
  - name: broker
    type: kafka
    brokers: [127.0.0.1:1]
    topic: events
    sasl: {username: remora, password: "${%s}"}
""" % SECRET


def status(number: int) -> dict[str, str]:
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return {name: value.strip() for name, value in (line.split(":", 1) for line in lines)}


def descriptors(number: int) -> dict[int, str]:
    return {int(link.name): os.readlink(link) for link in Path(f"/proc/{number}/fd").iterdir() if link.is_symlink()}


def in_memory(number: int, marker: bytes) -> bool:
    """As root, who may read what is closed to others"""
    with Path(f"/proc/{number}/maps").open() as maps, Path(f"/proc/{number}/mem").open("rb", 0) as memory:
        for line in maps:
            if not re.match(r"\S+ r", line) or "[v" in line:
                continue
            start, end = (int(edge, 16) for edge in line.split()[0].split("-"))
            before = b""
            for at in range(start, end, 1 << 24):
                try:
                    memory.seek(at)
                    piece = memory.read(min(1 << 24, end - at))
                except OSError:
                    break
                if marker in before + piece:
                    return True
                before = piece[-len(marker):]
    return False


def sockets_of(number: int) -> set[str]:
    return {found[1] for target in descriptors(number).values() if (found := re.match(r"socket:\[(\d+)]", target))}


class Rights(DaemonTest):
    def each(self, daemon: Daemon) -> dict[str, int]:
        processes = daemon.processes()
        self.assertEqual(set(processes), {"supervisor", "sensor", "shipper"})
        return processes

    def test_users_capabilities_and_filters(self):
        daemon = self.daemon().start()
        user = pwd.getpwnam(USER)
        for name, number in self.each(daemon).items():
            with self.subTest(process=name):
                told = status(number)
                self.assertEqual(told["Uid"].split(), [str(user.pw_uid)] * 4)
                self.assertEqual(told["Gid"].split(), [str(user.pw_gid)] * 4)
                self.assertNotIn("0", told["Groups"].split())
                kept = NET_RAW if name == "supervisor" else NONE
                self.assertEqual((told["CapEff"], told["CapPrm"]), (kept, kept))
                for other in ("CapInh", "CapAmb", "CapBnd"):
                    self.assertEqual(told[other], NONE, other)
                self.assertEqual((told["NoNewPrivs"], told["Seccomp"]), ("1", "2"))
                self.assertRegex(Path(f"/proc/{number}/limits").read_text(), r"Max core file size +0 +0 ")
                # proc(5): files of a process that is not dumpable are root's.
                self.assertEqual(Path(f"/proc/{number}/environ").stat().st_uid, 0)
        threads = [Path(f"/proc/{number}/task/{task}/status") for number in self.each(daemon).values()
                   for task in os.listdir(f"/proc/{number}/task")]
        self.assertTrue(all("Seccomp:\t2" in thread.read_text() for thread in threads), "a thread has no filter")

    def test_others_of_the_same_user_cannot_look_in(self):
        if shutil.which("setpriv") is None:
            self.skipTest("setpriv is not installed")
        daemon = self.daemon().start()

        def reads(number: object, file: str) -> bool:
            return subprocess.run(["setpriv", "--reuid", USER, "--clear-groups", "head", "-c", "1",
                                   f"/proc/{number}/{file}"], stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=30, check=False).returncode == 0
        for file in ("environ", "maps", "auxv"):
            self.assertTrue(reads("self", file), "this test could not fail")
            for name, number in self.each(daemon).items():
                self.assertFalse(reads(number, file), f"{file} of {name}")
        for name, number in self.each(daemon).items():
            self.assertFalse(reads(number, "mem"), f"memory of {name}")
            self.assertFalse(reads(number, "fd/0"), f"descriptors of {name}")

    def test_what_the_sensor_has_open(self):
        daemon = self.daemon().start()
        self.whole_session(daemon)
        sensor = daemon.processes()["sensor"]
        self.assertEqual(Path(f"/proc/{sensor}/environ").read_bytes(), b"")
        self.assertEqual(Path(f"/proc/{sensor}/cmdline").read_bytes(), b"remora\0sensor\0")
        for number, target in descriptors(sensor).items():
            if number > 2:
                self.assertRegex(target, rf"^(socket:\[\d+]|anon_inode:\[(eventpoll|eventfd|timerfd)]"
                                         rf"|/proc/({sensor}|self)/statm)$", f"descriptor {number}")
        self.assertIn(descriptors(sensor)[0], ("/dev/null",))
        self.assertEqual({descriptors(sensor)[1], descriptors(sensor)[2]}, {str(daemon.log)})

    def test_who_listens_and_who_captures(self):
        daemon = self.daemon().start()
        listening = {}
        for family in ("tcp", "tcp6"):
            for line in Path(f"/proc/self/net/{family}").read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == "0A":  # TCP_LISTEN
                    listening[words[9]] = (family, words[1])
        processes = self.each(daemon)
        self.assertEqual(list(listening.values()), [("tcp", f"0100007F:{ADMIN_PORT:04X}")])
        self.assertLessEqual(set(listening), sockets_of(processes["shipper"]))
        for family in ("udp", "udp6", "raw", "raw6"):
            self.assertEqual(len(Path(f"/proc/self/net/{family}").read_text().splitlines()), 1, family)
        packets = {line.split()[8] for line in Path("/proc/self/net/packet").read_text().splitlines()[1:]}
        self.assertTrue(packets)
        self.assertLessEqual(packets, sockets_of(processes["sensor"]))
        for name in ("supervisor", "shipper"):
            self.assertFalse(packets & sockets_of(processes[name]), f"{name} can capture")

    def test_root_where_it_is_allowed(self):
        daemon = self.daemon(arguments=["--allow-root"])
        for folder in ("etc", "state", "out"):
            shutil.chown(daemon.folder / folder, "root")
        daemon.start()
        for name, number in self.each(daemon).items():
            told = status(number)
            self.assertEqual(told["Uid"].split(), ["0"] * 4)
            kept = NET_RAW if name == "supervisor" else NONE
            self.assertEqual((told["CapEff"], told["CapPrm"]), (kept, kept), name)
            for other in ("CapInh", "CapAmb", "CapBnd"):
                self.assertEqual(told[other], NONE, f"{other} of {name}")
            self.assertEqual((told["NoNewPrivs"], told["Seccomp"]), ("1", "2"), name)
        self.whole_session(daemon)
        self.assertEqual(daemon.stop(), 0)
        self.check_events(daemon.events())

    def test_nothing_confined_where_it_is_said_twice(self):
        daemon = self.daemon(arguments=["--allow-root", "--unconfined"])
        for folder in ("etc", "state", "out"):
            shutil.chown(daemon.folder / folder, "root")
        daemon.start()
        for number in self.each(daemon).values():
            self.assertEqual(status(number)["Seccomp"], "0")
        self.whole_session(daemon)
        self.assertEqual(daemon.stop(), 0)


class Secrets(DaemonTest):
    def test_passwords_of_outputs_are_not_the_sensors(self):
        marker = secrets.token_hex(24)
        os.environ[SECRET] = marker
        self.addCleanup(os.environ.pop, SECRET)
        daemon = self.daemon(TO_KAFKA).start()
        self.whole_session(daemon)
        processes = daemon.processes()
        self.assertTrue(in_memory(processes["shipper"], marker.encode()), "this test could not fail")
        self.assertFalse(in_memory(processes["sensor"], marker.encode()))
        self.assertTrue(in_memory(processes["sensor"], b"session_opened"), "the sensor's memory was not read")
        wait_for(lambda: daemon.metric("remora_output_failed_total", output="broker") > 0, 60)
        said = daemon.text() + daemon.get("/metrics")[1] + daemon.get("/sessions")[1] + daemon.events_file.read_text()
        self.assertNotIn(marker, said)

    def test_keys_are_the_sensors_alone_and_in_nothing_that_is_told(self):
        daemon = self.daemon()
        keys = daemon.folder / "etc/tls.keylog"
        shutil.copyfile(SEALED / "tls.keylog", keys)
        shutil.chown(keys, USER)
        keys.chmod(0o600)
        daemon.config.write_text(daemon.config.read_text() + f"keys: {{tls_keylogs: [{keys}]}}\nlog: {{level: debug}}\n")
        daemon.start()
        self.cable.send(SEALED / "capture.pcap")
        wait_for(lambda: len(closed(daemon.events())) == 1)
        session = daemon.events_of("session_closed")[0]["session_closed"]["session"]
        self.assertTrue(session["decrypted"])
        processes = daemon.processes()
        words = [word for line in keys.read_text().splitlines() if not line.startswith("#")
                 for word in line.split()[2:]]
        self.assertTrue(words)
        for word in words:
            self.assertTrue(in_memory(processes["sensor"], bytes.fromhex(word)), "this test could not fail")
            for other in ("supervisor", "shipper"):
                for form in (bytes.fromhex(word), word.encode(), word.upper().encode()):
                    self.assertFalse(in_memory(processes[other], form), f"a key is in the memory of the {other}")
        said = (daemon.text() + daemon.get("/metrics")[1] + daemon.get("/sessions")[1]).lower().encode()
        self.assertEqual(daemon.stop(), 0)
        said += b"".join(file.read_bytes() for part in ("out", "state") for file in (daemon.folder / part).iterdir())
        for word in words:
            self.assertNotIn(word.lower().encode(), said)
            self.assertNotIn(bytes.fromhex(word), said)


if __name__ == "__main__":
    main()
