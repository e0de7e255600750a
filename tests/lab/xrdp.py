"""xrdp with its session manager, its own settings, keys and accounts, without touching those of the machine."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lab.laboratory import KEYS, Laboratory
from lab.process import Program
from lab.waiting import ProgramFailed, wait_for

USER, UID = "anna", 7301
PASSWORD = "Lab-pass%1"
DOMAIN = "CORP"


@dataclass(frozen=True)
class Xrdp:
    """Settings, in xrdp's words"""
    security: str = "tls"                    # rdp, tls or negotiate
    crypt: str = "high"                      # none, low, medium, high, fips: of Standard RDP Security
    tls: str = "TLSv1.2, TLSv1.3"
    ciphers: str = ""
    port: int = 3389
    keep_session: bool = False               # when its client goes

    software = "xrdp"


# Started by the session manager as the user; its end is the logoff. It does what appears in todo/.
DESKTOP = """#!/bin/sh
cd "$HOME" || exit 1
echo "$DISPLAY" >display
work='for i in 0 1 2 3 4 5; do echo "line $i of the desktop"; sleep 0.1; done; exec sleep 600'
xterm -geometry 60x16 -e sh -c "$work" &
touch up
while [ ! -e logoff ]; do
  for job in todo/*; do
    [ -e "$job" ] || continue
    sh "$job" >"$job.log" 2>&1; code=$?
    mv "$job" taken; mv "$job.log" "done/$(basename "$job").log"; echo $code >"done/$(basename "$job")"
  done
  sleep 0.1
done
"""


class XrdpServer:
    def __init__(self, lab: Laboratory, settings: Xrdp):
        self.lab, self.settings = lab, settings
        self.host = lab.host("srv")
        self.etc = lab.network.etc("srv")
        self.home = self.host.home / USER
        self.jobs = 0

    # -- settings -------------------------------------------------------------------------------
    def prepare(self) -> None:
        shutil.copytree("/etc/xrdp", self.etc / "xrdp", ignore=shutil.ignore_patterns("*.pem", "rsakeys.ini"))
        for source, target in (("server.cert.pem", "cert.pem"), ("server.key.pem", "key.pem"),
                               ("rsakeys.ini", "rsakeys.ini")):
            shutil.copyfile(KEYS / source, self.etc / "xrdp" / target)
        mine = self.settings
        self.edit("xrdp.ini", {"port": f"{mine.port}", "security_layer": mine.security, "crypt_level": mine.crypt,
                               "ssl_protocols": mine.tls, "certificate": "/etc/xrdp/cert.pem",
                               "key_file": "/etc/xrdp/key.pem", "LogFile": str(self.log_file), "EnableSyslog": "false"},
                  {"tls_ciphers": mine.ciphers} if mine.ciphers else {})
        self.edit("sesman.ini", {"X11DisplayOffset": f"{self.lab.slot.first_display}",
                                 "LogFile": str(self.lab.logs / "SRV-FIN-sesman.log"),
                                 "KillDisconnected": "false" if mine.keep_session else "true",
                                 "EnableSyslog": "false"})
        (self.etc / "xrdp/startwm.sh").write_text(DESKTOP)
        (self.etc / "xrdp/startwm.sh").chmod(0o755)
        self.add_account()

    def edit(self, name: str, values: dict[str, str], more: dict[str, str] | None = None) -> None:
        path = self.etc / "xrdp" / name
        text = path.read_text()
        for key, value in values.items():
            text = re.sub(rf"(?m)^#?{key}=.*$", lambda _, k=key, v=value: f"{k}={v}", text, count=1)
        for key, value in (more or {}).items():
            text = re.sub(rf"(?m)^#?{key}=.*\n", "", text)
            text = text.replace("[Globals]\n", f"[Globals]\n{key}={value}\n", 1)
        path.write_text(text)

    def add_account(self) -> None:
        """An account of this namespace alone"""
        for folder in ("", "todo", "taken", "done"):
            (self.home / folder).mkdir()
        self.host.home.chmod(0o755)
        for path in (self.home, *self.home.iterdir()):
            shutil.chown(path, UID, UID)
        shadow = subprocess.run(["openssl", "passwd", "-6", PASSWORD], capture_output=True, check=True, text=True)
        for name, line in (("passwd", f"{USER}:x:{UID}:{UID}::{self.home}:/bin/sh"), ("group", f"{USER}:x:{UID}:"),
                           ("shadow", f"{USER}:{shadow.stdout.strip()}:19000:0:99999:7:::")):
            text = Path("/etc", name).read_text()
            (self.etc / name).write_text(text + line + "\n")

    # -- life -----------------------------------------------------------------------------------
    def start(self) -> None:
        """With folders of its own for sockets and displays: nothing of it outlives the namespace."""
        self.prepare()
        script = ("mount -t tmpfs none /run && mkdir -p /run/xrdp && mkdir -m 3777 /run/xrdp/sockdir && "
                  "mount -t tmpfs -o mode=1777 none /tmp && mkdir -m 1777 /tmp/.X11-unix && "
                  "{ xrdp-sesman -n & } && exec xrdp -n")
        self.program: Program = self.host.start("unshare", "-m", "sh", "-c", script, name="xrdp-console")
        self.lab.wait_for_port("srv", self.settings.port, self.program)
        self.lab.wait_for_port("srv", 3350, self.program)

    @property
    def log_file(self) -> Path:
        return self.lab.logs / "SRV-FIN-xrdp.log"

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def selected(self) -> list[tuple[str, str]]:
        """For each connection: protocols requested and selected, as xrdp logged them"""
        return re.findall(r"requested \[(.*?)\], selected \[(.*?)\]", self.log())

    def keyboard_layout(self) -> int:
        """Of the last client"""
        return int(re.findall(r"keylayout:\[0x([0-9a-f]+)\]", self.log())[-1], 16)

    def connections(self) -> int:
        return self.log().count("connection received from")

    # -- the desktop ----------------------------------------------------------------------------
    def wait_for_desktop(self, client: Program) -> None:
        def up() -> bool:
            if not client.running():
                raise ProgramFailed(f"{client.name} ended ({client.popen.returncode}) before the desktop came")
            return (self.home / "up").exists()
        wait_for("the desktop", up)

    def inside(self, command: str, check: bool = True) -> str:
        """Runs a shell command as the user in the session"""
        self.jobs += 1
        name = f"{self.jobs:02d}"
        new = self.home / f"new-{name}"
        new.write_text(command + "\n")
        new.rename(self.home / "todo" / name)
        done = self.home / "done" / name
        wait_for(f"'{command}' in the session", lambda: done.exists() and done.read_text().strip())
        said = (self.home / "done" / f"{name}.log").read_text(errors="replace")
        if check and done.read_text().strip() != "0":
            raise ProgramFailed(f"in the session, {command}: {said}")
        return said

    def log_off(self) -> None:
        (self.home / "logoff").touch()
