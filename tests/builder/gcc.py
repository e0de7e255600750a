"""GCC conference create (T.124 8.7, PER) and RDP's settings blocks, [MS-RDPBCGR] 2.2.1.3 and 2.2.1.4."""

import struct
from dataclasses import dataclass, field

from builder.mcs import per_length

CONFERENCE_KEY = bytes.fromhex("000500147c0001")  # object identifier 0.0.20.124.0.1

# 2.2.1.3.2 earlyCapabilityFlags
SUPPORT_ERRINFO_PDU = 0x0001
WANT_32BPP_SESSION = 0x0002
VALID_CONNECTION_TYPE = 0x0020
SKIP_CHANNELJOIN = 0x0800
# 2.2.1.4.2 earlyCapabilityFlags
SKIP_CHANNELJOIN_SUPPORTED = 0x0008

# 2.2.1.3.3 and 2.2.1.4.3
METHOD_NONE, METHOD_40, METHOD_128, METHOD_56, METHOD_FIPS = 0, 1, 2, 8, 0x10
LEVEL_NONE, LEVEL_LOW, LEVEL_CLIENT_COMPATIBLE, LEVEL_HIGH, LEVEL_FIPS = 0, 1, 2, 3, 4


def conference_create_request(blocks: bytes) -> bytes:
    body = bytes.fromhex("0008001000" "01c000") + b"Duca" + per_length(len(blocks)) + blocks
    return CONFERENCE_KEY + per_length(14 + len(blocks)) + body


def conference_create_response(blocks: bytes) -> bytes:
    """The 2A is a length which receivers must ignore; node 31219, tag 1, result success."""
    return CONFERENCE_KEY + bytes.fromhex("2a" "14760a01010001c000") + b"McDn" \
        + per_length(len(blocks)) + blocks


def block(kind: int, body: bytes) -> bytes:
    """TS_UD_HEADER 2.2.1.3.1: the length includes the header"""
    return struct.pack("<HH", kind, len(body) + 4) + body


def utf16_field(text: str, size: int) -> bytes:
    """Fixed field, NUL-padded; the last character is always NUL."""
    encoded = text.encode("utf-16-le")[:size - 2]
    return encoded + bytes(size - len(encoded))


@dataclass
class ClientCore:
    """TS_UD_CS_CORE 2.2.1.3.2; fields in wire order. `size` may cut optional fields off the end."""
    version: int = 0x00080004
    desktop_width: int = 1024
    desktop_height: int = 768
    keyboard_layout: int = 0x0409
    build: int = 2600
    computer_name: str = "WS-ALICE"
    keyboard_type: int = 4
    keyboard_function_keys: int = 12
    high_color_depth: int = 16
    supported_color_depths: int = 7
    early_capability_flags: int = SUPPORT_ERRINFO_PDU
    product_id: str = ""
    connection_type: int = 0
    server_selected_protocol: int = 0
    physical_width: int = 0
    physical_height: int = 0
    orientation: int = 0
    desktop_scale: int = 0
    device_scale: int = 0
    size: int = 216

    @property
    def color_depth(self) -> int:
        """RNS_UD_CS_WANT_32BPP_SESSION: highColorDepth cannot say 32, and 24 beside the flag is a fallback"""
        return 32 if self.early_capability_flags & WANT_32BPP_SESSION else self.high_color_depth

    def to_bytes(self) -> bytes:
        body = struct.pack("<IHHHHII", self.version, self.desktop_width, self.desktop_height, 0xCA01,
                           0xAA03, self.keyboard_layout, self.build)
        body += utf16_field(self.computer_name, 32)
        body += struct.pack("<III", self.keyboard_type, 0, self.keyboard_function_keys) + bytes(64)
        body += struct.pack("<HHIHHH", 0xCA01, 1, 0, self.high_color_depth, self.supported_color_depths,
                            self.early_capability_flags)
        body += utf16_field(self.product_id, 64)
        body += struct.pack("<BBI", self.connection_type, 0, self.server_selected_protocol)
        body += struct.pack("<IIHII", self.physical_width, self.physical_height, self.orientation,
                            self.desktop_scale, self.device_scale)
        return block(0xC001, body[:self.size - 4])


def client_security(methods: int, extended: int = 0) -> bytes:
    """TS_UD_CS_SEC 2.2.1.3.3"""
    return block(0xC002, struct.pack("<II", methods, extended))


# CHANNEL_DEF 2.2.1.3.4.1: names with the options Windows XP's client gives them
CHANNELS_XP = (("rdpdr", 0x80800000), ("cliprdr", 0xC0A00000), ("rdpsnd", 0xC0000000))


def client_network(channels: tuple[tuple[str, int], ...]) -> bytes:
    """TS_UD_CS_NET 2.2.1.3.4"""
    return block(0xC003, struct.pack("<I", len(channels)) + b"".join(
        name.encode().ljust(8, b"\0") + struct.pack("<I", options) for name, options in channels))


def client_cluster(flags: int = 0x0D, redirected_session: int = 0) -> bytes:
    """TS_UD_CS_CLUSTER 2.2.1.3.5; 0D: redirection supported, version 4; 02: the session id is valid"""
    return block(0xC004, struct.pack("<II", flags, redirected_session))


def client_monitors(monitors: list[tuple[int, int, int, int, int]]) -> bytes:
    """TS_UD_CS_MONITOR 2.2.1.3.6: left, top, right, bottom, flags (1: primary)"""
    return block(0xC005, struct.pack("<II", 0, len(monitors))
                 + b"".join(struct.pack("<iiiiI", *monitor) for monitor in monitors))


def client_message_channel() -> bytes:
    """TS_UD_CS_MCS_MSGCHANNEL 2.2.1.3.7"""
    return block(0xC006, bytes(4))


def client_monitors_extended(monitors: list[tuple[int, int, int, int, int]]) -> bytes:
    """TS_UD_CS_MONITOR_EX 2.2.1.3.10: width and height in mm, orientation, desktop scale, device scale"""
    return block(0xC008, struct.pack("<III", 0, 20, len(monitors))
                 + b"".join(struct.pack("<IIIII", *monitor) for monitor in monitors))


def client_multitransport(flags: int) -> bytes:
    """TS_UD_CS_MULTITRANSPORT 2.2.1.3.8"""
    return block(0xC00A, struct.pack("<I", flags))


def server_core(version: int = 0x00080004, requested: int | None = 0, early: int | None = None) -> bytes:
    """TS_UD_SC_CORE 2.2.1.4.2; the last two fields are optional"""
    body = struct.pack("<I", version)
    for value in (requested, early):
        body += b"" if value is None else struct.pack("<I", value)
    return block(0x0C01, body)


def server_security(method: int, level: int, server_random: bytes = b"", certificate: bytes = b"") -> bytes:
    """TS_UD_SC_SEC1 2.2.1.4.3: random and certificate only where method and level are not zero"""
    body = struct.pack("<II", method, level)
    if method and level:
        body += struct.pack("<II", len(server_random), len(certificate)) + server_random + certificate
    return block(0x0C02, body)


def server_network(channel_ids: list[int], io_channel: int = 1003) -> bytes:
    """TS_UD_SC_NET 2.2.1.4.4: padded to a multiple of four"""
    body = struct.pack("<HH", io_channel, len(channel_ids))
    body += b"".join(struct.pack("<H", channel) for channel in channel_ids)
    return block(0x0C03, body + bytes(2 * (len(channel_ids) % 2)))


def server_message_channel(channel: int) -> bytes:
    """TS_UD_SC_MCS_MSGCHANNEL 2.2.1.4.5"""
    return block(0x0C04, struct.pack("<H", channel))


def server_multitransport(flags: int) -> bytes:
    """TS_UD_SC_MULTITRANSPORT 2.2.1.4.6"""
    return block(0x0C08, struct.pack("<I", flags))


@dataclass
class Settings:
    """What both sides say in the basic settings exchange."""
    core: ClientCore = field(default_factory=ClientCore)
    channels: tuple[tuple[str, int], ...] = CHANNELS_XP
    client_methods: int = 0x1B
    cluster: bytes = field(default_factory=client_cluster)
    client_extra: bytes = b""
    server_extra: bytes = b""
    server_early: int | None = None
    requested: int = 0
    message_channel: int = 0

    def client_blocks(self) -> bytes:
        # 2.2.1.3 gives no order; this is the one of 4.1.3.
        return self.core.to_bytes() + self.cluster + client_security(self.client_methods) \
            + client_network(self.channels) + self.client_extra

    def channel_ids(self) -> list[int]:
        return [1004 + index for index in range(len(self.channels))]

    def server_blocks(self, security: bytes) -> bytes:
        return server_core(requested=self.requested, early=self.server_early) + security \
            + server_network(self.channel_ids()) + self.server_extra
