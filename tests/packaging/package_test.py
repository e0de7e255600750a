#!/usr/bin/env python3
"""The Debian package through its life in a clean system: REMORA_DEB=FILE package_test.py, as root. `scripts/package test`
builds the package and calls this."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path

from booted import BootedSystem
from clean_system import SUITE, CleanSystem

SKIPPED = 77
PROJECT = Path(__file__).resolve().parents[2]
DEB = os.environ.get("REMORA_DEB", "")
SERVICE = "remora.service"
CAPTURE = PROJECT / "pcaps/rdp/standard-low.pcap"
ON_LO = PROJECT / "tests/packaging/on_lo.py"
WANTED_BY = "etc/systemd/system/multi-user.target.wants/remora.service"
# What dpkg and apt themselves write down, and copies of the user database before its last change.
BOOKS = re.compile(r"/(var/(lib/(dpkg|apt)|cache|log/(apt|dpkg\.log|alternatives\.log))|srv|etc/\w+-$|root/)")


def lacks() -> str:
    """What keeps the test from running here, or nothing"""
    if not DEB:
        return "REMORA_DEB names no package; scripts/package test builds one"
    if os.geteuid() != 0:
        return "needs root"
    if not shutil.which("debootstrap"):
        return "debootstrap is not installed"
    return ""


def field(package: Path, name: str) -> str:
    return subprocess.run(["dpkg-deb", "-f", package, name], check=True, capture_output=True, text=True,
                          timeout=60).stdout.strip()


def later(package: Path, to: Path, version: str, line: str) -> None:
    """The same package of a later version, whose default configuration has one line more"""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-R", package, folder], check=True, timeout=60)
        control = Path(folder) / "DEBIAN/control"
        control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {version}", control.read_text()))
        with open(Path(folder) / "etc/remora/remora.yaml", "a", encoding="utf-8") as file:
            file.write(line)
        subprocess.run(["dpkg-deb", "-b", "-Zgzip", "--root-owner-group", folder, to], check=True, timeout=60,
                       stdout=subprocess.DEVNULL)


class InCleanSystem(unittest.TestCase):
    """What all need: a clean system, and in /srv the package, two later versions of it, and a capture"""

    @classmethod
    def setUpClass(cls):
        package = Path(DEB)
        cls.system = CleanSystem(field(package, "Depends"))
        cls.addClassCleanup(cls.system.close)
        cls.root = cls.system.root
        cls.version = field(package, "Version")
        shutil.copyfile(package, cls.root / "srv/remora.deb")
        for number in (1, 2):
            later(package, cls.root / f"srv/later{number}.deb", f"{cls.version}+{number}", f"# version {number}\n")
        shutil.copyfile(CAPTURE, cls.root / "srv/standard-low.pcap")


def install(system: CleanSystem | BootedSystem, name: str) -> str:
    # As unattended upgrades call it; a question would find no answer and fail.
    return system.must("apt-get", "install", "-y", "-q", "--no-install-recommends",
                       "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold",
                       f"/srv/{name}.deb")


class Package(InCleanSystem):
    def setUp(self):
        self.before = self.system.files()
        self.install("remora")
        self.addCleanup(self.system.run, "dpkg", "--purge", "remora")

    def install(self, name: str) -> None:
        install(self.system, name)

    def about(self, path: str) -> str:
        return self.system.must("stat", "-c", "%a %U:%G", path).strip()

    def configuration(self) -> Path:
        return self.root / "etc/remora/remora.yaml"

    def as_remora(self, *words: str) -> str:
        return self.system.must("setpriv", "--reuid", "remora", "--regid", "remora", "--init-groups", *words)

    def make_state(self) -> None:
        self.as_remora("sh", "-c", "umask 077; remora replay --store /var/lib/remora/store.db --output /dev/null "
                                   "/srv/standard-low.pcap; echo '{}' > /var/log/remora/events.jsonl")

    # -- installed ------------------------------------------------------------------------------
    def test_files_have_their_owners_and_modes(self):
        for path, wanted in {"/usr/bin/remora": "755 root:root",
                             "/etc/remora": "750 root:remora",
                             "/etc/remora/remora.yaml": "640 root:remora",
                             "/var/lib/remora": "750 remora:remora",
                             "/var/log/remora": "750 remora:remora",
                             "/usr/lib/systemd/system/remora.service": "644 root:root"}.items():
            self.assertEqual(self.about(path), wanted, path)
        listed = self.system.must("dpkg", "-L", "remora").split()
        for path in ("/usr/share/man/man1/remora.1.gz", "/usr/share/man/man5/remora.yaml.5.gz",
                     "/usr/share/man/man8/remora-daemon.8.gz", "/usr/share/doc/remora/copyright",
                     "/usr/share/doc/remora/outputs.md", "/usr/share/doc/remora/changelog.Debian.gz",
                     "/usr/share/bash-completion/completions/remora", "/usr/share/zsh/vendor-completions/_remora",
                     "/usr/share/fish/vendor_completions.d/remora.fish"):
            self.assertIn(path, listed)
        self.assertEqual(set((self.root / "var/lib/dpkg/info/remora.conffiles").read_text().split()),
                         {path for path in listed if path.startswith("/etc/") and (self.root / path[1:]).is_file()})

    def test_program_has_no_rights_of_its_own(self):
        self.assertEqual(self.root.joinpath("usr/bin/remora").stat().st_mode & 0o7000, 0)
        self.assertNotIn("security.capability", os.listxattr(self.root / "usr/bin/remora"))

    def test_user_can_not_log_in(self):
        name, _, uid, _, _, home, shell = self.system.must("getent", "passwd", "remora").strip().split(":")
        self.assertEqual((name, home, shell), ("remora", "/var/lib/remora", "/usr/sbin/nologin"))
        self.assertLess(int(uid), 1000)
        self.assertRegex(self.system.must("getent", "shadow", "remora"), r"^remora:[!*]")

    def test_program_runs(self):
        self.assertIn(f"remora {self.version.split('-')[0]}\n", self.system.must("remora", "version"))
        self.make_state()
        self.assertEqual(len(self.as_remora("remora", "sessions", "--format", "jsonl").splitlines()), 1)

    def test_service_is_enabled_and_systemd_takes_it(self):
        self.assertTrue((self.root / WANTED_BY).is_symlink())
        self.system.must("systemd-analyze", "verify", "--man=no", SERVICE)

    def test_lintian_finds_no_error(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed")
        done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error", DEB], capture_output=True, text=True,
                              timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    # -- upgraded -----------------------------------------------------------------------------------
    def test_upgrade_brings_a_new_default_configuration(self):
        self.install("later1")
        self.assertEqual(self.system.must("dpkg-query", "-W", "-f", "${Version}", "remora"), f"{self.version}+1")
        self.assertTrue(self.configuration().read_text().endswith("# version 1\n"))
        self.assertEqual(self.about("/etc/remora/remora.yaml"), "640 root:remora")

    def test_upgrade_keeps_what_the_user_changed(self):
        self.make_state()
        edited = "sensor: {name: mine}\n" + self.configuration().read_text()
        self.configuration().write_text(edited)
        (self.root / "etc/remora/environment").write_text("SIEM_PASSWORD=secret\n")
        self.system.must("chmod", "0600", "/etc/remora/remora.yaml")
        self.system.must("chown", "remora:remora", "/etc/remora/remora.yaml")
        self.install("later2")
        self.assertEqual(self.configuration().read_text(), edited)
        self.assertEqual(self.about("/etc/remora/remora.yaml"), "600 remora:remora")
        self.assertTrue((self.root / "etc/remora/remora.yaml.dpkg-dist").exists())
        self.assertEqual(len(self.as_remora("remora", "sessions", "--format", "jsonl").splitlines()), 1)
        # Purged with the package's own files are those that dpkg put beside them; the user's own file stays.
        self.system.must("dpkg", "--purge", "remora")
        self.assertEqual(os.listdir(self.root / "etc/remora"), ["environment"])
        shutil.rmtree(self.root / "etc/remora")

    def test_service_that_was_disabled_stays_disabled(self):
        (self.root / WANTED_BY).unlink()
        self.install("later1")
        self.assertFalse((self.root / WANTED_BY).is_symlink())

    # -- removed ------------------------------------------------------------------------------------
    def test_removal_keeps_state_configuration_and_user(self):
        self.make_state()
        self.system.must("apt-get", "remove", "-y", "-q", "remora")
        self.assertFalse((self.root / "usr/bin/remora").exists())
        self.assertEqual(self.about("/var/lib/remora/store.db"), "600 remora:remora")
        self.assertEqual(self.about("/etc/remora/remora.yaml"), "640 root:remora")
        self.install("remora")
        self.assertTrue((self.root / WANTED_BY).is_symlink())
        self.assertEqual(len(self.as_remora("remora", "sessions", "--format", "jsonl").splitlines()), 1)

    def test_purge_leaves_nothing(self):
        self.make_state()
        self.system.must("apt-get", "purge", "-y", "-q", "remora")
        self.assert_nothing_left()

    def test_purge_after_removal_leaves_nothing(self):
        self.make_state()
        self.system.must("apt-get", "remove", "-y", "-q", "remora")
        self.system.must("dpkg", "--purge", "remora")
        self.assert_nothing_left()

    def assert_nothing_left(self) -> None:
        after = self.system.files()
        changed = {path for path in self.before.keys() | after.keys() if self.before.get(path) != after.get(path)}
        self.assertEqual({path for path in changed if not BOOKS.match(path)}, set())
        for book in ("passwd", "group", "shadow"):
            self.assertNotIn("remora", (self.root / "etc" / book).read_text())


class Service(InCleanSystem):
    """With systemd, which applies all of the unit"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.booted = BootedSystem(cls.system)
        cls.addClassCleanup(cls.booted.close)
        if reason := cls.booted.wait_until_up():
            raise unittest.SkipTest(reason)

    def setUp(self):
        install(self.booted, "remora")
        self.addCleanup(self.booted.run, "dpkg", "--purge", "remora")

    def show(self, name: str) -> str:
        return self.booted.must("systemctl", "show", "--value", "-p", name, SERVICE).strip()

    def status(self, pid: str) -> dict[str, str]:
        return dict(re.findall(r"(?m)^(\w+):\s*(.*)$", self.booted.must("cat", f"/proc/{pid}/status")))

    def journal(self) -> str:
        return self.booted.run("journalctl", "--no-pager", "-u", SERVICE).stdout

    def assert_active(self) -> None:
        self.assertEqual(self.show("ActiveState"), "active", self.journal())

    def processes(self) -> dict[str, str]:
        """supervisor, sensor and shipper, by their process numbers"""
        main = self.show("MainPID")
        found = {"supervisor": main}
        for child in self.booted.must("cat", f"/proc/{main}/task/{main}/children").split():
            is_sensor = "sensor" in self.booted.must("cat", f"/proc/{child}/cmdline").split("\0")
            found["sensor" if is_sensor else "shipper"] = child
        return found

    def signal(self, name: str, process: str) -> None:
        self.booted.must("sh", "-c", f"kill -{name} {self.processes()[process]}")  # no /bin/kill there

    def wait_for(self, what: Callable[[], bool]) -> None:
        until = time.monotonic() + 90
        while not what():
            self.assertLess(time.monotonic(), until, self.journal())
            time.sleep(0.5)

    def assert_started_anew(self) -> None:
        self.wait_for(lambda: self.show("NRestarts") != "0" and self.show("ActiveState") == "active")
        self.assertEqual(self.show("NRestarts"), "1", self.journal())

    def get(self, path: str) -> str:
        done = self.booted.on_its_network(sys.executable, ON_LO, "get", path)
        self.assertEqual(done.returncode, 0, done.stderr + self.journal())
        return done.stdout

    def open_a_session(self) -> None:
        """The first half of one: who closes it does so for want of the rest"""
        done = self.booted.on_its_network(sys.executable, ON_LO, "send", CAPTURE, 60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.wait_for(lambda: len(json.loads(self.get("/sessions"))) == 1)

    def assert_session_was_closed(self) -> None:
        def ends() -> list[str]:
            done = self.booted.run("remora", "sessions", "--format", "jsonl")
            return [json.loads(line).get("end_reason") for line in done.stdout.splitlines()]
        self.wait_for(lambda: ends() == ["SENSOR_RESTART"])
        self.assertEqual(json.loads(self.get("/sessions")), [])

    def test_default_configuration_is_in_order(self):
        done = self.booted.run("remora", "check-config", "/etc/remora/remora.yaml")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_it_runs_once_it_is_installed(self):
        self.assert_active()
        self.assertEqual(self.show("UnitFileState"), "enabled")
        self.wait_for(lambda: self.show("StatusText") == "1 of 1 interfaces captured, 0 sessions open")
        self.assertIn("1 of 1", self.get("/readyz"))

    def test_its_processes_have_next_to_no_rights(self):
        user = self.booted.must("id", "-u", "remora").strip()
        net_raw = 1 << 13  # capabilities(7)
        processes = self.processes()
        self.assertEqual(set(processes), {"supervisor", "sensor", "shipper"})
        for name, pid in processes.items():
            about = self.status(pid)
            self.assertEqual(set(about["Uid"].split()), {user}, name)
            self.assertEqual((about["NoNewPrivs"], about["Seccomp"]), ("1", "2"), name)
            allowed = net_raw if name == "supervisor" else 0
            for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                self.assertEqual(int(about[kind], 16) & ~allowed, 0, f"{name}: {kind}")
            # Of which nothing comes without new privileges.
            self.assertEqual(int(about["CapBnd"], 16) & ~net_raw, 0, name)

    def test_its_processes_see_what_they_count(self):
        for name, pid in self.processes().items():
            self.wait_for(lambda name=name: re.search(rf'remora_memory_bytes{{process="{name}"}} [1-9]',
                                                      self.get("/metrics")) is not None)
            self.booted.must("nsenter", "-t", pid, "--mount", "cat", "/sys/class/net/lo/statistics/rx_missed_errors")

    def test_it_takes_the_configuration_anew(self):
        main = self.show("MainPID")
        self.booted.must("systemctl", "reload", SERVICE)
        self.wait_for(lambda: 'remora_reloads_total{result="done"} 1' in self.get("/metrics"))
        self.wait_for(lambda: self.show("ActiveState") == "active")
        self.assertEqual(self.show("MainPID"), main)

    def test_a_wrong_configuration_changes_nothing(self):
        main = self.show("MainPID")
        self.booted.must("sh", "-c", "echo 'nonsense: 1' >> /etc/remora/remora.yaml")
        self.booted.must("systemctl", "reload", SERVICE)
        self.wait_for(lambda: 'remora_reloads_total{result="refused"} 1' in self.get("/metrics"))
        self.wait_for(lambda: self.show("ActiveState") == "active")
        self.assertEqual(self.show("MainPID"), main)

    def test_it_ends_in_order(self):
        self.booted.must("systemctl", "stop", SERVICE)
        self.assertEqual((self.show("ActiveState"), self.show("Result"), self.show("ExecMainStatus")),
                         ("inactive", "success", "0"), self.journal())
        self.assertEqual(self.booted.must("stat", "-c", "%a %U:%G", "/var/lib/remora/store.db").strip(),
                         "600 remora:remora")

    def test_it_is_started_anew_when_a_process_is_killed(self):
        for name in ("supervisor", "sensor", "shipper"):
            with self.subTest(name=name):
                self.booted.must("systemctl", "restart", SERVICE)
                self.signal("KILL", name)
                self.assert_started_anew()

    def test_it_is_started_anew_when_a_process_hangs(self):
        """The supervisor says so; that itself is silent systemd notices."""
        self.signal("STOP", "sensor")
        self.assert_started_anew()
        self.assertIn("a process of the daemon hangs name=sensor", self.journal())

    def test_sessions_are_closed_when_it_is_killed(self):
        self.open_a_session()
        self.booted.must("systemctl", "kill", "-s", "KILL", SERVICE)
        self.assert_started_anew()
        self.assert_session_was_closed()

    def test_upgrade_starts_the_new_version_and_closes_sessions(self):
        main = self.show("MainPID")
        self.open_a_session()
        install(self.booted, "later1")
        self.assert_active()
        self.assertNotEqual(self.show("MainPID"), main)
        self.assert_session_was_closed()

    def test_upgrade_leaves_a_service_alone_that_was_disabled_and_stopped(self):
        self.booted.must("systemctl", "disable", "--now", SERVICE)
        install(self.booted, "later1")
        self.assertEqual((self.show("ActiveState"), self.show("UnitFileState")), ("inactive", "disabled"))

    def test_removal_ends_it(self):
        self.booted.must("apt-get", "remove", "-y", "-q", "remora")
        self.assertEqual(self.show("ActiveState"), "inactive")


if __name__ == "__main__":
    if reason := lacks():
        print(f"package_test in a clean {SUITE}: SKIPPED, {reason}")
        sys.exit(SKIPPED)
    result = unittest.main(exit=False, verbosity=2).result
    sys.exit(0 if result.wasSuccessful() else 1)
