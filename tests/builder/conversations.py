"""Whole RDP connections, phase by phase ([MS-RDPBCGR] 1.3.1.1), with the facts each phase gives away."""

from dataclasses import dataclass

from builder import gcc, licensing, mcs, security, share, tls, truth, x224
from builder.client_info import client_info
from builder.frame import MILLISECOND, SECOND
from builder.gcc import LEVEL_LOW, LEVEL_NONE, METHOD_NONE
from builder.randomness import pseudo_random
from builder.tcp import CLIENT, SERVER, Conversation

PROTOCOL_NAMES = ((1, "TLS"), (2, "CREDSSP"), (8, "CREDSSP_EARLY_AUTH"), (4, "RDSTLS"), (16, "RDSAAD"))
METHOD_NAMES = {0: "NONE", 1: "RC4_40", 8: "RC4_56", 2: "RC4_128", 16: "FIPS"}
LEVEL_NAMES = {0: "NONE", 1: "LOW", 2: "CLIENT_COMPATIBLE", 3: "HIGH", 4: "FIPS"}
FAILURE_NAMES = {1: "SSL_REQUIRED_BY_SERVER", 2: "SSL_NOT_ALLOWED_BY_SERVER", 3: "SSL_CERT_NOT_ON_SERVER",
                 4: "INCONSISTENT_FLAGS", 5: "HYBRID_REQUIRED_BY_SERVER",
                 6: "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER"}
ERROR_NAMES = {0x05: "DISCONNECTED_BY_OTHERCONNECTION", 0x0C: "LOGOFF_BY_USER", 0x102: "LICENSE_NO_LICENSE"}
REQUEST_FLAGS = ((1, "RESTRICTED_ADMIN_MODE_REQUIRED"), (2, "REDIRECTED_AUTHENTICATION_MODE_REQUIRED"),
                 (8, "CORRELATION_INFO_PRESENT"))
RESPONSE_FLAGS = ((1, "EXTENDED_CLIENT_DATA_SUPPORTED"), (2, "DYNVC_GFX_PROTOCOL_SUPPORTED"),
                  (4, "NEGRSP_FLAG_RESERVED"), (8, "RESTRICTED_ADMIN_MODE_SUPPORTED"), (16, "REDIRECTED_AUTHENTICATION_MODE_SUPPORTED"))


def protocol_names(bits: int) -> list[str]:
    return [name for bit, name in PROTOCOL_NAMES if bits & bit] or ["STANDARD"]


def flag_names(table: tuple[tuple[int, str], ...], bits: int) -> list[str]:
    return [name for bit, name in table if bits & bit]


@dataclass
class Protection:
    """Standard security as the server chose it; `certificate` is the whole SERVER_CERTIFICATE."""
    method: int = METHOD_NONE
    level: int = LEVEL_NONE
    client_random: bytes = b""
    server_random: bytes = b""
    certificate: bytes = b""
    encrypted_random: bytes = b""  # instead of the client random under PUBLISHED_KEY
    salted: bool = False           # signatures count, 5.3.6.1.1

    @staticmethod
    def proprietary(method: int, level: int, label: str) -> "Protection":
        return Protection(method, level, pseudo_random(f"client random:{label}", 32),
                          pseudo_random(f"server random:{label}", 32),
                          security.proprietary_certificate(security.PUBLISHED_KEY))


class RdpConnection:
    def __init__(self, conversation: Conversation, settings: gcc.Settings | None = None,
                 protection: Protection | None = None, long_length: bool = False):
        self.tcp = conversation
        self.settings = settings or gcc.Settings()
        self.protection = protection or Protection()
        self.long_length = long_length
        self.user = 1004 + len(self.settings.channels) + (1 if self.settings.message_channel else 0)
        self.facts: list[tuple[str, dict]] = []
        self.sealing: dict[str, tls.Sealing] = {}
        self.hidden = False   # behind TLS: marks and facts of PDUs are nobody's to read
        p = self.protection
        if p.method:
            keys = security.SessionKeys(p.method, p.client_random, p.server_random)
            self.ciphers = {CLIENT: security.Cipher(keys, keys.client_to_server, p.salted),
                            SERVER: security.Cipher(keys, keys.server_to_client, p.salted)}

    # -- the pipe -----------------------------------------------------------------------------------
    def put(self, side: str, pdu: bytes, mark: str = "", facts: dict | None = None) -> None:
        if self.hidden:
            self.tcp.send(side, self.sealing[side].seal(pdu), f"hidden_{mark}" if mark else "")
            return
        self.tcp.send(side, pdu, mark)
        if facts:
            self.facts.append((mark, facts))

    def from_client(self, payload: bytes, flags: int = 0, mark: str = "", facts: dict | None = None,
                    channel: int = mcs.IO_CHANNEL) -> None:
        """Encrypted at every level but NONE, where only Info and licensing PDUs have a header (5.3.2)."""
        if self.protection.method:
            payload, mark, facts = self.ciphers[CLIENT].seal(payload, flags), "", None
        elif flags:
            payload = security.basic_header(flags) + payload
        self.put(CLIENT, mcs.send_data_request(payload, channel, self.user, long_length=self.long_length),
                 mark, facts)

    def from_server(self, payload: bytes, flags: int = 0, mark: str = "", facts: dict | None = None,
                    channel: int = mcs.IO_CHANNEL) -> None:
        """Clear behind a basic header at LOW, encrypted above, bare at NONE."""
        if self.protection.level == LEVEL_LOW or (flags and not self.protection.method):
            payload = security.basic_header(flags) + payload
        elif self.protection.method:
            payload, mark, facts = self.ciphers[SERVER].seal(payload, flags), "", None
        self.put(SERVER, mcs.send_data_indication(payload, channel, long_length=self.long_length), mark, facts)

    def fast_path(self, side: str, header: int, body: bytes) -> None:
        self.burst(side, header, [body])

    def burst(self, side: str, header: int, bodies: list[bytes]) -> None:
        """Several fast-path PDUs in one go."""
        p = self.protection
        if p.method and not (side == SERVER and p.level == LEVEL_LOW):
            header |= share.FASTPATH_ENCRYPTED | (share.FASTPATH_SECURE_CHECKSUM if p.salted else 0)
            bodies = [self.ciphers[side].signed(body) for body in bodies]
        self.put(side, b"".join(share.fast_path(header, body) for body in bodies))

    # -- connection initiation ------------------------------------------------------------------------
    def request(self, text: bytes = b"", protocols: int | None = 0, flags: int = 0, correlation: bytes = b"",
                source_reference: int = 0, facts: dict | None = None) -> None:
        negotiation = {"attempts": 1}
        if text.startswith(b"Cookie: mstshash="):
            negotiation["cookie"] = text[len(b"Cookie: mstshash="):].decode()
        elif text:
            negotiation["routing_token"] = text.decode()
        if protocols is not None:
            negotiation["requested_protocols"] = protocol_names(protocols)
            if flags:
                negotiation["request_flags"] = flag_names(REQUEST_FLAGS, flags)
        if correlation:
            negotiation["correlation_id"] = correlation.hex()
        bits = b"" if protocols is None else x224.negotiation_request(protocols, flags)
        extra = x224.correlation_info(correlation) if correlation else b""
        merged = truth.merge({"negotiation": negotiation}, facts or {})
        self.put(CLIENT, x224.connection_request(text, bits, extra, source_reference), "cr", merged)

    def confirm(self, protocol: int | None = 0, flags: int = 0) -> None:
        facts = {"selected_protocol": protocol_names(protocol or 0)[0]}
        if flags:
            facts["response_flags"] = flag_names(RESPONSE_FLAGS, flags)
        answer = b"" if protocol is None else x224.negotiation_response(protocol, flags)
        self.put(SERVER, x224.connection_confirm(answer), "cc", {"negotiation": facts})

    def fail(self, code: int) -> None:
        self.put(SERVER, x224.connection_confirm(x224.negotiation_failure(code)), "failure",
                 {"negotiation": {"failure": FAILURE_NAMES[code]}})

    # -- basic settings, channels ---------------------------------------------------------------------
    def exchange_settings(self) -> None:
        core, p = self.settings.core, self.protection
        self.put(CLIENT, mcs.connect_initial(gcc.conference_create_request(self.settings.client_blocks())),
                 "connect_initial", {
                     "client_software": {
                         "computer_name": core.computer_name, "build": core.build,
                         "keyboard_layout": core.keyboard_layout, "desktop_width": core.desktop_width,
                         "desktop_height": core.desktop_height, "color_depth": core.color_depth,
                         **({"product_id": core.product_id} if core.product_id else {})},
                     "channels": [name for name, _ in self.settings.channels],
                     "wire": {"cs_core_version": core.version, "cs_cluster": self.settings.cluster.hex()}})
        block = gcc.server_security(p.method, p.level, p.server_random, p.certificate)
        facts = {"encryption_method": METHOD_NAMES[p.method], "encryption_level": LEVEL_NAMES[p.level]}
        self.put(SERVER, mcs.connect_response(
            gcc.conference_create_response(self.settings.server_blocks(block))),
            "connect_response", {"security": facts})

    def join_channels(self, skip: bool = False) -> None:
        self.put(CLIENT, mcs.erect_domain())
        self.put(CLIENT, mcs.attach_user_request())
        self.put(SERVER, mcs.attach_user_confirm(self.user))
        extra = [self.settings.message_channel] if self.settings.message_channel else []
        channels = [self.user, mcs.IO_CHANNEL, *extra, *self.settings.channel_ids()]
        for channel in [] if skip else channels:
            self.put(CLIENT, mcs.join_request(channel, self.user))
            self.put(SERVER, mcs.join_confirm(channel, self.user))

    # -- security, licence, activation ----------------------------------------------------------------
    def commence_security(self) -> None:
        p = self.protection
        if p.method:
            sealed = p.encrypted_random or security.encrypted_client_random(
                p.client_random, security.PUBLISHED_KEY)
            packet = security.security_exchange(sealed)
            self.put(CLIENT, mcs.send_data_request(packet, user=self.user,
                                                   long_length=self.long_length))

    def send_info(self, domain: str = "CORP", user: str = "alice", address: str = "10.1.2.3",
                  dynamic_zone: str | None = "W. Europe Standard Time", **more: str) -> None:
        """`more`: what the packet has and nobody may tell"""
        facts = {"users": [{"name": user, "domain": domain, "source": "CLIENT_INFO", "certainty": "OBSERVED"}],
                 "client_software": {"directory": "C:\\WINDOWS\\System32\\mstscax.dll",
                                     "reported_address": address, "time_zone": "W. Europe Standard Time"}}
        self.from_client(client_info(domain, user, address=address, dynamic_zone=dynamic_zone, **more), security.SEC_INFO_PKT,
                         "client_info", facts)

    def license(self, code: int = licensing.STATUS_VALID_CLIENT,
                transition: int = licensing.ST_NO_TRANSITION) -> None:
        """In the clear: the header says LICENSE_PKT without ENCRYPT."""
        self.put(SERVER, mcs.send_data_indication(licensing.error_alert(code, transition),
                                                  long_length=self.long_length),
                 "licence_valid" if code == licensing.STATUS_VALID_CLIENT else "licence_error")

    def activate(self) -> None:
        """2.2.1.13 to 2.2.1.22"""
        size = (self.settings.core.desktop_width, self.settings.core.desktop_height)
        user, server = self.user, mcs.SERVER_USER
        self.from_server(share.demand_active(*size), mark="demand_active")
        self.from_client(share.confirm_active(user, *size))
        self.from_client(share.synchronize(server, user))
        self.from_client(share.control(share.COOPERATE, 0, 0, user))
        self.from_client(share.control(share.REQUEST_CONTROL, 0, 0, user))
        self.from_client(share.font_list(user))
        self.from_server(share.synchronize(user, server))
        self.from_server(share.control(share.COOPERATE, 0, 0, server))
        self.from_server(share.control(share.GRANTED_CONTROL, user, server, server))
        self.from_server(share.font_map())

    def log_on(self, domain: str = "CORP", user: str = "alice", session: int = 2, version: int = 2) -> None:
        pdu = (share.logon_v2 if version == 2 else share.logon_v1)(domain, user, session)
        self.from_server(pdu, mark="logon", facts={
            "users": [{"name": user, "domain": domain, "source": "SAVE_SESSION_INFO",
                       "certainty": "OBSERVED"}], "wire": {"windows_session_id": session}})

    def work(self, updates: int = 2, keys: int = 3) -> None:
        """Output and input on the fast path; the second update needs a two-byte length."""
        for index in range(updates):
            side = 4 if index % 2 == 0 else 16
            pixels = pseudo_random(f"pixels:{index}", side * side * 2)
            update = share.fast_path_update(1, share.bitmap_update(side, side, pixels, 16 * index, 32))
            self.fast_path(SERVER, 0, update)
        self.fast_path(SERVER, 0, share.fast_path_update(6, b""))  # default pointer
        for index in range(keys):
            self.tcp.wait(80 * MILLISECOND)
            self.fast_path(CLIENT, 1 << 2, share.key_event(0x1E + index))
            self.tcp.wait(70 * MILLISECOND)
            self.fast_path(CLIENT, 1 << 2, share.key_event(0x1E + index, release=True))
        self.fast_path(CLIENT, 1 << 2, share.mouse_event(0x0800, 683, 367))

    # -- the end --------------------------------------------------------------------------------------
    def error(self, code: int) -> None:
        self.from_server(share.set_error_info(code), mark="error_info",
                         facts={"error": {"code": code, "name": ERROR_NAMES[code]}})

    def log_off(self) -> None:
        """1.3.1.4.2: user-initiated on the server"""
        self.error(0x0C)
        self.from_server(share.deactivate_all())
        self.disconnect(SERVER, x224.USER_REQUESTED)

    def disconnect(self, side: str, reason: int) -> None:
        self.put(side, mcs.disconnect_provider_ultimatum(reason), f"{side}_disconnect")

    def close_window(self) -> None:
        """1.3.1.4.1: user-initiated on the client, with a user logged on"""
        self.from_client(share.shutdown_request(self.user))
        self.from_server(share.shutdown_denied())
        self.disconnect(CLIENT, x224.USER_REQUESTED)

    # -- several phases at once -----------------------------------------------------------------------
    def set_up(self, skip_joins: bool = False, **info: str) -> None:
        """From the settings to the valid licence."""
        self.exchange_settings()
        self.join_channels(skip_joins)
        self.commence_security()
        self.send_info(**info)
        self.license()

    def truth(self, segments=None, frames=None, **overrides) -> dict:
        return truth.session(self.tcp, self.facts, segments, frames, **overrides)


def working_session(conversation: Conversation, text: bytes = b"Cookie: mstshash=alice", *,
                    method: int = gcc.METHOD_40, updates: int = 2) -> RdpConnection:
    """Encryption level LOW, so that the server's side is readable; up to alice at work."""
    label = f"{conversation.ends[CLIENT]}"
    rdp = RdpConnection(conversation, protection=Protection.proprietary(method, LEVEL_LOW, label))
    conversation.open()
    rdp.request(text)
    rdp.confirm()
    rdp.set_up()
    rdp.activate()
    rdp.log_on()
    rdp.work(updates)
    return rdp


def low_session(conversation: Conversation, text: bytes = b"Cookie: mstshash=alice", *,
                method: int = gcc.METHOD_40, updates: int = 2) -> RdpConnection:
    """The story most families tell again: alice works and logs off."""
    rdp = working_session(conversation, text, method=method, updates=updates)
    conversation.wait(2 * SECOND)
    rdp.log_off()
    conversation.close(SERVER)
    return rdp
