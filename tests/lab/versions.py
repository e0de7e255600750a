"""Versions of the programs that took part, as the distribution numbers them."""

import re
import subprocess
from functools import cache

from lab.process import ENVIRONMENT

PACKAGE_OF = {"xfreerdp": "freerdp2-x11", "freerdp-shadow-cli": "freerdp2-shadow-x11",
              "ovs-vswitchd": "openvswitch-switch", "dovecot": "dovecot-core", "smbd": "samba", "fusermount3": "fuse3"}


@cache
def version_of(package: str) -> str:
    done = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, check=False, text=True,
                          env=ENVIRONMENT)
    return re.sub(r"^\d+:|[-+~].*$", "", done.stdout.strip()) if done.returncode == 0 else ""


def versions_of(programs: list[str]) -> dict[str, str]:
    found = {program: version_of(PACKAGE_OF.get(program, program)) for program in programs}
    return {program: version for program, version in found.items() if version}
