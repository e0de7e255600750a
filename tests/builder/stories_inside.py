"""rdp/: what a session tells of its course: licensing, logon, health of the connection, monitors, the way to the end."""

from builder import gcc, licensing, mcs, message_channel, security, share, x224
from builder.capture import Capture, finish
from builder.conversations import Protection, RdpConnection
from builder.frame import MILLISECOND, SECOND
from builder.gcc import LEVEL_HIGH, METHOD_128
from builder.message_channel import SEC_AUTODETECT_REQ, SEC_AUTODETECT_RSP, SEC_HEARTBEAT
from builder.places import START, pair
from builder.randomness import pseudo_random
from builder.tcp import CLIENT, SERVER, Conversation
from builder.tls import certificate_der
from builder.truth import rfc3339

MESSAGE_CHANNEL = 1007
USER, MACHINE, ADDRESS = "dora", "DESK-DORA", "192.168.77.40"
SESSION_CONTINUE, RECONNECT_OPTIONS = 0xFFFFFFFE, 0xFFFFFFFC
MONITORS = [(0, 0, 1919, 1079, 1), (1920, 0, 3839, 1079, 0)]
# Millimetres, degrees, percent; the second's sizes are out of range and to be ignored (2.2.1.3.10.1).
ATTRIBUTES = [(520, 290, 0, 100, 100), (0, 0, 90, 125, 140)]
LATER_MONITORS = [(0, 0, 2559, 1439, 1)]


def duration(nanoseconds: int) -> str:
    """As protobuf's JSON writes it: three, six or nine decimals, or none"""
    seconds, rest = divmod(nanoseconds, SECOND)
    digits = f"{rest:09}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{seconds}.{digits}s" if digits else f"{seconds}s"


def rectangle(monitor: tuple[int, int, int, int, int]) -> dict:
    left, top, right, bottom, flags = monitor
    return {"left": left, "top": top, "right": right, "bottom": bottom, "primary": bool(flags & 1)}


def settings() -> gcc.Settings:
    core = gcc.ClientCore(version=0x00080010, desktop_width=3840, desktop_height=1080, build=19045,
                          computer_name=MACHINE, product_id="00330-80000-00000-AA440", connection_type=7, size=234)
    extra = gcc.client_monitors(MONITORS) + gcc.client_message_channel() + gcc.client_monitors_extended(ATTRIBUTES)
    return gcc.Settings(core=core, client_extra=extra, message_channel=MESSAGE_CHANNEL, server_early=7,
                        server_extra=gcc.server_message_channel(MESSAGE_CHANNEL))


class Told:
    """A connection, and what it has told of its course. `sealed`: facts of encrypted PDUs."""

    def __init__(self, rdp: RdpConnection):
        self.rdp = rdp
        self.certainty = "DECRYPTED" if rdp.protection.method else "OBSERVED"
        self.course: dict = {}
        self.round_trips: list[int] = []

    @property
    def at(self) -> int:
        """Of the PDU that was sent last; behind it came its acknowledgement."""
        return self.rdp.tcp.segments[-2].time_ns

    def shown(self, certainty: str = "") -> dict:
        return {"frame": len(self.rdp.tcp.segments) - 1, "certainty": certainty or self.certainty}

    def note(self, name: str, certainty: str = "", **facts) -> None:
        self.course[name] = self.course.get(name, {}) | facts | self.shown(certainty)

    def add(self, name: str, **facts) -> None:
        self.course.setdefault(name, []).append({"time": rfc3339(self.at)} | facts | self.shown())

    # -- the message channel --------------------------------------------------------------------------
    def heartbeat(self) -> None:
        self.rdp.from_server(message_channel.heartbeat(2, 5, 3), SEC_HEARTBEAT, channel=MESSAGE_CHANNEL)
        count = int(self.course.get("heartbeat", {}).get("count", 0)) + 1
        self.note("heartbeat", period="2s", missed_before_warning=5, missed_before_reconnect=3, count=count)

    def from_server(self, message: bytes, **facts) -> None:
        self.rdp.from_server(message, SEC_AUTODETECT_REQ, channel=MESSAGE_CHANNEL)
        if facts:
            self.note("network", **facts)

    def from_client(self, message: bytes, **facts) -> None:
        self.rdp.from_client(message, SEC_AUTODETECT_RSP, channel=MESSAGE_CHANNEL)
        self.note("network", **facts)

    def round_trip(self, number: int, wait: int, connecting: bool = False) -> None:
        count = len(self.round_trips) + 1
        self.from_server(message_channel.rtt_request(number, connecting), rtt_requests=count)
        asked = self.at
        self.rdp.tcp.wait(wait)
        self.from_client(message_channel.rtt_response(number))
        self.round_trips.append(self.at - asked)
        trips = self.round_trips
        self.note("network", rtt_responses=count, client_rtt_min=duration(min(trips)),
                  client_rtt_average=duration(sum(trips) // len(trips)), client_rtt_max=duration(max(trips)))

    def detect_while_connecting(self) -> None:
        """2.2.14, the optional phase before licensing"""
        self.round_trip(1, 20 * MILLISECOND, connecting=True)
        self.from_server(message_channel.bandwidth_start(2, connecting=True))
        for _ in range(2):
            self.from_server(message_channel.bandwidth_payload(2, pseudo_random("bandwidth", 700)))
        self.from_server(message_channel.bandwidth_stop(2, pseudo_random("bandwidth", 100)))
        self.from_client(message_channel.bandwidth_results(2, 12, 1500, connecting=True),
                         bandwidth_measures=1, measured_time="0.012s", measured_bytes=1500)
        self.from_server(message_channel.characteristics(3, 21, 1000, 23), base_rtt="0.021s",
                         bandwidth=1000, average_rtt="0.023s")

    # -- licensing --------------------------------------------------------------------------------------
    def license(self) -> None:
        """[MS-RDPELE] 3.2.5: the client has none, and is given one; all in the clear, behind LICENSE_PKT"""
        chain = security.certificate_chain([certificate_der("chain_root"), certificate_der("licensed")])
        put = self.rdp.put
        put(SERVER, mcs.send_data_indication(licensing.license_request(pseudo_random("licence", 32), chain)))
        put(CLIENT, mcs.send_data_request(licensing.new_license_request("inside", USER, MACHINE), user=self.rdp.user),
            "licence_request", {"users": [{"name": USER, "source": "LICENSE", "certainty": "OBSERVED"}]})
        put(SERVER, mcs.send_data_indication(licensing.platform_challenge("inside")))
        put(CLIENT, mcs.send_data_request(licensing.platform_challenge_response("inside"), user=self.rdp.user))
        put(SERVER, mcs.send_data_indication(licensing.new_license("inside")), "licence_valid")
        self.note("licensing", "OBSERVED", messages=[
            "LICENSE_REQUEST", "NEW_LICENSE_REQUEST", "PLATFORM_CHALLENGE", "PLATFORM_CHALLENGE_RESPONSE", "NEW_LICENSE"],
            version="3.0", company_name="Microsoft Corporation", product_id="A02", product_version="5.2",
            scopes=["microsoft.com"], license_server="LICSRV01", license_server_scope="CORP",
            platform_id=licensing.PLATFORM_ID, machine_name=MACHINE, user_name=USER)

    # -- the session ------------------------------------------------------------------------------------
    def status(self, code: int, name: str) -> None:
        self.rdp.from_server(share.status_info(code))
        self.add("server_status", status={"code": code, "name": name})

    def log_on(self) -> None:
        """All four forms of Save Session Info, 2.2.10.1.1"""
        rdp = self.rdp
        rdp.from_server(share.auto_reconnect_refused())
        self.note("auto_reconnect", refused=True, shown_logon_id=4)
        rdp.from_server(share.logon_extended(errors=(SESSION_CONTINUE, 2)))
        self.add("logon_notifications", type={"code": SESSION_CONTINUE, "name": "SESSION_CONTINUE"},
                 data={"code": 2, "name": "FAILED_OTHER"})
        rdp.from_server(share.logon_extended(errors=(SESSION_CONTINUE, 0)))  # a wrong password: an event
        rdp.from_server(share.logon_extended(errors=(RECONNECT_OPTIONS, 6)))
        self.add("logon_notifications", type={"code": RECONNECT_OPTIONS, "name": "RECONNECT_OPTIONS"},
                 windows_session_id=6)
        rdp.from_server(share.plain_notify())
        rdp.from_server(share.logon_v1("CORP", USER, 6))
        rdp.log_on(user=USER, session=6)
        rdp.from_server(share.logon_extended(cookie=share.auto_reconnect_packet(6, pseudo_random("cookie", 16))))
        self.note("auto_reconnect", cookies_given=1, logon_id=6)

    def reactivate(self) -> None:
        """1.3.1.3: another size of the desktop"""
        self.rdp.from_server(share.deactivate_all())
        before = len(self.rdp.tcp.segments)
        self.rdp.activate()
        # Demand Active was the first of these.
        segment = self.rdp.tcp.segments[before]
        self.course["reactivation"] = {"count": 1, "last": rfc3339(segment.time_ns), "frame": before + 1,
                                       "certainty": self.certainty}
        self.rdp.from_server(share.monitor_layout(LATER_MONITORS))
        self.note("monitor_layout", monitors=[rectangle(one) for one in LATER_MONITORS])

    def close_window(self) -> None:
        self.rdp.from_client(share.shutdown_request(self.rdp.user))
        asked = rfc3339(self.at)
        self.rdp.from_server(share.shutdown_denied())
        self.note("shutdown", requested=asked, denied=rfc3339(self.at))
        self.rdp.disconnect(CLIENT, x224.USER_REQUESTED)


def inside(name: str, story: str, number: int, protection: Protection | None) -> Capture:
    tcp = Conversation(*pair(number), START)
    rdp = RdpConnection(tcp, settings(), protection)
    told = Told(rdp)
    tcp.open()
    rdp.request(b"Cookie: mstshash=dora")
    rdp.confirm(0, x224.EXTENDED_CLIENT_DATA_SUPPORTED)
    rdp.exchange_settings()
    rdp.join_channels()
    rdp.commence_security()
    rdp.send_info(user=USER, address=ADDRESS, cookie=share.auto_reconnect_packet(4, pseudo_random("verifier", 16)))
    told.detect_while_connecting()
    told.license()
    told.status(0x401, "FINDING_DESTINATION")
    told.status(0x404, "REDIRECTING_TO_DESTINATION")
    rdp.activate()
    rdp.from_server(share.monitor_layout(MONITORS))
    told.log_on()
    told.heartbeat()
    rdp.work()
    told.reactivate()
    for number_ in (7, 8):
        told.heartbeat()
        told.round_trip(number_, 30 * number_ * MILLISECOND)
    told.from_client(message_channel.sync(9, 900, 25), remembered_rtt="0.025s", remembered_bandwidth=900)
    tcp.wait(2 * SECOND)
    told.close_window()
    tcp.close(CLIENT)
    monitors = [rectangle(one) for one in MONITORS]
    monitors[0] |= {"physical_width": 520, "physical_height": 290, "orientation": 0, "desktop_scale_factor": 100,
                    "device_scale_factor": 100}
    monitors[1] |= {"orientation": 90, "desktop_scale_factor": 125, "device_scale_factor": 140}
    clear = {"client_software": {"monitors": monitors}}
    if protection is None:
        return finish(name, story, rdp, **clear, **told.course)
    licence = {"licensing": told.course.pop("licensing")}
    users = [{"name": USER, "domain": "CORP", "source": source, "certainty": "DECRYPTED"}
             for source in ("CLIENT_INFO", "SAVE_SESSION_INFO")]
    users.insert(1, {"name": USER, "source": "LICENSE", "certainty": "OBSERVED"})
    return finish(name, story, rdp, **clear, **licence, with_keys=told.course | {"users": users})


def in_clear() -> Capture:
    return inside("inside-clear", "encryption NONE: a new licence, all forms of Save Session Info, automatic reconnection "
                  "refused, heartbeats, network detection, another desktop size, status of a broker; dora closes the window",
                  40, None)


def sealed() -> Capture:
    return inside("inside-sealed", "the same at level HIGH with 128-bit RC4, which the published RSA key opens", 41,
                  Protection.proprietary(METHOD_128, LEVEL_HIGH, "inside"))


STORIES = [in_clear, sealed]
