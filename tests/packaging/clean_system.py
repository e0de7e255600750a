"""A clean Debian in a folder: made by debootstrap, with the packages that the tested one depends on, kept as an archive for
the next time. Commands run in it in a mount namespace of their own, so that nothing is left mounted, and in a network
namespace without any interface but loopback."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "remora-debootstrap"
SUITE = "bookworm"
SECONDS = 600
# Starts at the folder's root: file systems that programs expect, loopback, then the command in place of the shell.
ENTER = """
set -e
root=$1; shift
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys" 2>/dev/null || true
mount -t devpts -o ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/tmp"
[ "$LOOPBACK" = no ] || ip link set lo up
exec chroot "$root" "$@"
"""
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root",
               "DEBIAN_FRONTEND": "noninteractive"}


class CleanSystem:
    def __init__(self, needs: str) -> None:
        """`needs` as a package's Depends says it"""
        self.folder = Path(tempfile.mkdtemp(prefix="remora-clean-"))
        self.root = self.folder / "root"
        try:
            self._make(needs)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words: object, network: bool = False, ends_alone: bool = False) -> list[str]:
        """With the same process id from unshare to the command, unless whatever it started shall end with it"""
        spaces = ["unshare", "--mount", "--propagation", "private"]
        if not network:
            spaces.append("--net")
        if ends_alone:
            spaces += ["--pid", "--fork", "--kill-child"]
        return [*spaces, "env", "-i", *(f"{name}={value}" for name, value in ENVIRONMENT.items()),
                f"LOOPBACK={'no' if network else 'yes'}", "sh", "-c", ENTER, "enter", str(self.root), *map(str, words)]

    def run(self, *words: object, network: bool = False) -> subprocess.CompletedProcess:
        return subprocess.run(self.command(*words, network=network, ends_alone=True), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=SECONDS, check=False)

    def must(self, *words: object, network: bool = False) -> str:
        done = self.run(*words, network=network)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def files(self) -> dict[str, str]:
        """Every file, with type, mode, owner; of a symbolic link also where it leads"""
        found = {}
        for folder, folders, names in os.walk(self.root):
            for path in (Path(folder) / name for name in folders + names):
                about = path.lstat()
                to = f" -> {os.readlink(path)}" if path.is_symlink() else ""
                found["/" + str(path.relative_to(self.root))] = f"{about.st_mode:o} {about.st_uid}:{about.st_gid}{to}"
        return found

    def _make(self, needs: str) -> None:
        mirrors = sources()
        key = hashlib.sha256("\n".join([SUITE, needs, *mirrors]).encode()).hexdigest()[:16]
        archive = CACHE / f"{SUITE}-{key}.tar"
        if archive.exists():
            subprocess.run(["tar", "--numeric-owner", "-C", self.folder, "-xpf", archive], check=True, timeout=SECONDS)
            return
        subprocess.run(["debootstrap", "--variant=minbase", SUITE, self.root, mirrors[0].split()[0]], check=True,
                       timeout=2 * SECONDS, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        (self.root / "etc/apt/sources.list").write_text("".join(f"deb {line}\n" for line in mirrors))
        for name in ("resolv.conf", "hosts"):
            if Path("/etc", name).exists():
                shutil.copyfile(Path("/etc", name).resolve(), self.root / "etc" / name)
        for path in Path("/etc/apt/apt.conf.d").glob("*"):
            if re.search(r"(?i)acquire.*(proxy|::https?)", path.read_text(errors="replace")):
                shutil.copyfile(path, self.root / "etc/apt/apt.conf.d" / path.name)
        self.must("apt-get", "update", "-q", network=True)
        self.must("apt-get", "satisfy", "-y", "-q", "--no-install-recommends", needs, network=True)
        self.must("apt-get", "clean")
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in CACHE.glob("*.tar"):
            old.unlink()
        part = archive.with_suffix(".part")
        subprocess.run(["tar", "--numeric-owner", "-C", self.folder, "-cf", part, "root"], check=True, timeout=SECONDS)
        part.rename(archive)


def sources() -> list[str]:
    """Where this machine has its Debian from, as lines of sources.list without `deb`; the suite itself first"""
    found = []
    for path in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*.list"))]:
        if path.exists():
            lines = re.findall(r"(?m)^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$", path.read_text())
            found += [(uri, suite, components) for uri, suite, components in lines]
    for path in sorted(Path("/etc/apt/sources.list.d").glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            fields = dict(re.findall(r"(?m)^([A-Za-z-]+):\s*(.+)$", stanza))
            if "deb" in fields.get("Types", "") and fields.get("Enabled", "yes") != "no":
                found += [(uri, suite, fields.get("Components", "")) for uri in fields["URIs"].split()
                          for suite in fields["Suites"].split()]
    wanted = [f"{uri} {suite} {components}" for uri, suite, components in found
              if suite.split("-")[0] == SUITE and "main" in components.split()]
    wanted.sort(key=lambda line: line.split()[1] != SUITE)
    if not wanted or wanted[0].split()[1] != SUITE:
        raise LookupError(f"this machine has no source of Debian {SUITE}")
    return wanted
