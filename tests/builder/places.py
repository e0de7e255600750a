"""Who is where in every story: documentation addresses of RFC 5737 and RFC 3849, or private ones."""

from builder.frame import SECOND
from builder.tcp import Endpoint

START = 1_796_115_600 * SECOND  # 2026-12-01T09:00:00Z


def client(address: str = "192.0.2.10", port: int = 49152) -> Endpoint:
    return Endpoint(address, port)


def server(address: str = "198.51.100.20", port: int = 3389) -> Endpoint:
    return Endpoint(address, port)


def pair(number: int) -> tuple[Endpoint, Endpoint]:
    """The two ends of story `number`."""
    return client(f"192.0.2.{10 + number}", 49152 + 7 * number), server(f"198.51.100.{20 + number}")
