"""Classic capture files, draft-ietf-opsawg-pcap section 4 (file header) and 5 (packet record)."""

import struct

from builder.frame import Frame

MAGIC_MICROSECONDS = 0xA1B2C3D4
MAGIC_NANOSECONDS = 0xA1B23C4D

# https://www.tcpdump.org/linktypes.html
LINKTYPE_NULL = 0
LINKTYPE_ETHERNET = 1
LINKTYPE_PPP = 9
LINKTYPE_PPP_HDLC = 50
LINKTYPE_RAW = 101
LINKTYPE_LOOP = 108
LINKTYPE_LINUX_SLL = 113
LINKTYPE_USER0 = 147
LINKTYPE_IPV4 = 228
LINKTYPE_IPV6 = 229
LINKTYPE_LINUX_SLL2 = 276


def pcap_file(frames: list[Frame], linktype: int = LINKTYPE_ETHERNET, *, big_endian: bool = False,
              nanoseconds: bool = False, snaplen: int = 262144) -> bytes:
    order = ">" if big_endian else "<"
    magic = MAGIC_NANOSECONDS if nanoseconds else MAGIC_MICROSECONDS
    unit = 1 if nanoseconds else 1000
    out = bytearray(struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, linktype))
    for frame in frames:
        seconds, rest = divmod(frame.time_ns, 1_000_000_000)
        out += struct.pack(order + "IIII", seconds, rest // unit, len(frame.data), frame.wire_size)
        out += frame.data
    return bytes(out)
