"""One run's place on the machine: a number that no other run has at the same time. The number is held by a socket
with an abstract name, which goes with the process, so an interrupted run leaves no lock behind."""

import socket

SLOTS = range(10)


class Slot:
    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        for number in SLOTS:
            try:
                self.socket.bind(f"\0remora-lab-{number}")
            except OSError:
                continue
            self.number = number
            self.prefix = f"remora{number}"
            return
        self.socket.close()
        raise SystemExit(f"lab: {len(SLOTS)} runs are at work already")

    @property
    def first_display(self) -> int:
        """Of the desktops that xrdp starts; ten for each run"""
        return 300 + 10 * self.number

    def release(self) -> None:
        self.socket.close()
