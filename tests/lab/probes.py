"""What this machine cannot do, by name: a scenario that needs it is skipped, with the reason."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from lab.client import Rdesktop
from lab.ovs import TUNNELS
from lab.process import ENVIRONMENT
from lab.scenario import Scenario
from lab.shadow import Shadow
from lab.xrdp import Xrdp

ALWAYS = ("ip", "unshare", "ethtool", "tcpdump", "dnsmasq", "openssl", "ss", "ping", "nft")
SCREENS = ("Xvfb", "openbox", "wmctrl", "xdotool", "xprop")
INSTALL = "run scripts/setup lab"


def has(program: str) -> bool:
    return shutil.which(program, path=ENVIRONMENT["PATH"]) is not None


@cache
def machine() -> str:
    """Why nothing can be played here, or nothing"""
    if os.geteuid() != 0:
        return "the lab needs root, for network namespaces"
    missing = [program for program in ALWAYS if not has(program)]
    if missing:
        return f"not installed: {' '.join(missing)}; {INSTALL}"
    name = f"remora-probe-{os.getpid()}"
    try:
        done = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False, text=True, timeout=30)
        if done.returncode == 0:
            done = subprocess.run(["ip", "netns", "exec", name, "nft", "add", "table", "inet", "probe"],
                                  capture_output=True, check=False, text=True, timeout=30)
        return f"network namespaces do not work here: {done.stderr.strip()}" if done.returncode else ""
    finally:
        subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False, timeout=30)


def programs_of(scenario: Scenario) -> tuple[str, ...]:
    out = list(scenario.needs)
    if scenario.client:
        out += [*SCREENS, "rdesktop" if isinstance(scenario.client, Rdesktop) else "xfreerdp"]
        if not isinstance(scenario.client, Rdesktop):
            out.append("gcc")
    if isinstance(scenario.server, Xrdp):
        out += ["xrdp", "xrdp-sesman", "xrdp-keygen", "xterm"]
    if isinstance(scenario.server, Shadow):
        out += [*SCREENS, "freerdp-shadow-cli", "xterm"]
    if scenario.play == "reverse":
        out.append("socat")
    return tuple(dict.fromkeys(out))


def obstacle(scenario: Scenario) -> str:
    """Why this scenario cannot be played here, or nothing"""
    if scenario.made:
        return ""
    if machine():
        return machine()
    missing = [program for program in programs_of(scenario) if not has(program)]
    if missing:
        return f"not installed: {' '.join(missing)}; {INSTALL}"
    if "fusermount3" in scenario.needs and not Path("/dev/fuse").exists():
        return "no /dev/fuse, which xrdp needs for redirected drives"
    if scenario.network in TUNNELS and not Path("/dev/net/tun").exists():
        return "no /dev/net/tun, which Open vSwitch needs for its inner interfaces"
    if isinstance(scenario.server, Xrdp) and not Path("/usr/lib/xorg/modules/drivers/xrdpdev_drv.so").exists():
        return f"not installed: xorgxrdp; {INSTALL}"
    return ""
