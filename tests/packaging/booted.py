"""systemd as the first process of a clean system: in process, mount, network, host name and cgroup namespaces of its own,
with what belongs to the whole machine (/proc/sys, /sys, devices) read-only or not there. Killed with its namespaces; the
cgroups that it made are removed."""

import os
import subprocess
import time
from pathlib import Path

from clean_system import ENVIRONMENT, CleanSystem

PATIENCE = 60
CGROUPS = Path("/sys/fs/cgroup")
BOOT = """
set -e
root=$1
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
if [ "$2" = cgroup2fs ]; then
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
  mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
  mkdir "$root/sys/fs/cgroup/systemd" "$root/sys/fs/cgroup/unified"
  mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
fi
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero full random urandom tty; do touch "$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
touch "$root/dev/console"; mount --bind /dev/null "$root/dev/console"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
ip link set lo up
exec env -i container=remora-test PATH="$PATH" chroot "$root" /lib/systemd/systemd --unit=basic.target --show-status=no
"""


class BootedSystem:
    def __init__(self, system: CleanSystem) -> None:
        self._cgroups = own_cgroups()
        for folder in self._cgroups:
            folder.mkdir(exist_ok=True)
        kind = subprocess.run(["stat", "-f", "-c", "%T", CGROUPS], capture_output=True, text=True, check=True,
                              timeout=PATIENCE).stdout.strip()
        self._log = open(system.folder / "boot.log", "a+", encoding="utf-8")
        # It enters the cgroups first, so that they are the roots of its namespace.
        self._unshare = subprocess.Popen(
            ["sh", "-c", 'for folder in $CGROUPS; do echo $$ > "$folder/cgroup.procs"; done; exec "$@"', "enter",
             "unshare", "--mount", "--propagation", "private", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--fork",
             "--kill-child", "sh", "-c", BOOT, "boot", system.root, kind],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            env={"PATH": ENVIRONMENT["PATH"], "CGROUPS": " ".join(map(str, self._cgroups))})
        self.pid = 0

    def wait_until_up(self) -> str:
        """Nothing, or why systemd does not run here"""
        until = time.monotonic() + PATIENCE
        children = Path(f"/proc/{self._unshare.pid}/task/{self._unshare.pid}/children")
        while time.monotonic() < until:
            if self._unshare.poll() is not None:
                break
            self.pid = int((children.read_text().split() or ["0"])[0])
            if self.pid and self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"):
                return ""
            time.sleep(0.2)
        self._log.seek(0)
        return "systemd does not start in namespaces here: " + (self._log.read().strip() or "it does not come up")

    def run(self, *words: object) -> subprocess.CompletedProcess:
        return self._enter(["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--root", "--wd=/", "env", "-i",
                            *(f"{name}={value}" for name, value in ENVIRONMENT.items())], words)

    def on_its_network(self, *words: object) -> subprocess.CompletedProcess:
        """A program of this machine, for which the clean system is too small"""
        return self._enter(["--net"], words)

    def _enter(self, spaces: list[str], words: tuple[object, ...]) -> subprocess.CompletedProcess:
        return subprocess.run(["nsenter", "-t", str(self.pid), *spaces, *map(str, words)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=300, check=False)

    def must(self, *words: object) -> str:
        done = self.run(*words)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def close(self) -> None:
        self._unshare.kill()
        self._unshare.wait(PATIENCE)
        self._log.close()
        until = time.monotonic() + PATIENCE
        for top in self._cgroups:
            for folder, _, _ in os.walk(top, topdown=False):
                while time.monotonic() < until:  # its processes are on their way out
                    try:
                        os.rmdir(folder)
                        break
                    except OSError:
                        time.sleep(0.1)


def own_cgroups() -> list[Path]:
    """Below where this process is, in the hierarchies that systemd uses: cgroups(7)"""
    found = []
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        mounts = {"name=systemd": [CGROUPS / "systemd"], "": [CGROUPS / "unified", CGROUPS]}.get(controllers, [])
        for mount in mounts:
            if (mount / path.lstrip("/") / "cgroup.procs").exists():
                found.append(mount / path.lstrip("/") / f"remora-test-{os.getpid()}")
                break
    return found
