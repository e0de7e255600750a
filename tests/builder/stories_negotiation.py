"""rdp/: what can happen in the first two PDUs. reverse/: who calls whom."""

from builder import gcc, x224
from builder.capture import Capture, ethernet_capture, finish
from builder.conversations import Protection, RdpConnection, low_session
from builder.frame import MILLISECOND, SECOND
from builder.gcc import LEVEL_LOW, METHOD_56, METHOD_128
from builder.places import START, client, pair, server
from builder.stories_tls import credssp, inside, modern_settings, tls12_handshake
from builder.tcp import CLIENT, SERVER, Conversation
from builder.truth import retried


def retry() -> Capture:
    first_end, host = pair(30)
    first = RdpConnection(Conversation(first_end, host, START))
    first.tcp.open()
    first.request(b"Cookie: mstshash=nina", x224.PROTOCOL_SSL)
    first.fail(x224.HYBRID_REQUIRED_BY_SERVER)
    first.tcp.close(SERVER)
    second = RdpConnection(Conversation(client(first_end.address, first_end.port + 1), host,
                                        first.tcp.now + 350 * MILLISECOND),
                           modern_settings("LAP-NINA", x224.PROTOCOL_HYBRID, 0x03))
    second.tcp.open()
    second.request(b"Cookie: mstshash=nina", 0x03)
    second.confirm(x224.PROTOCOL_HYBRID, 0x1F)
    tls12_handshake(second, "retry", "rds01.corp.example", "rds01")
    credssp(second, early_result=False)
    inside(second, "nina")
    second.tcp.close(CLIENT)
    return ethernet_capture("rdp", "nego-retry", "TLS alone is refused (HYBRID_REQUIRED_BY_SERVER); 0.4 s later the "
                            "client comes back from the next port with CredSSP and is let in: one session",
                            first.tcp.frames() + second.tcp.frames(), [retried(first.truth(), second.truth())])


def failure_final() -> Capture:
    rdp = RdpConnection(Conversation(*pair(31), START))
    rdp.tcp.open()
    rdp.request(b"Cookie: mstshash=olaf", x224.PROTOCOL_RDP)
    rdp.fail(x224.HYBRID_REQUIRED_BY_SERVER)
    rdp.tcp.close(SERVER)
    return finish("nego-failure-final", "standard security is refused (HYBRID_REQUIRED_BY_SERVER) and nobody "
                  "comes back", rdp)


def failure_ssl_not_allowed() -> Capture:
    rdp = RdpConnection(Conversation(*pair(32), START))
    rdp.tcp.open()
    rdp.request(b"Cookie: mstshash=olaf", 0x0B)
    rdp.fail(x224.SSL_NOT_ALLOWED_BY_SERVER)
    rdp.tcp.close(CLIENT)
    return finish("nego-failure-ssl", "the server allows standard security only (SSL_NOT_ALLOWED_BY_SERVER)", rdp)


def no_response() -> Capture:
    rdp = RdpConnection(Conversation(*pair(33), START))
    rdp.tcp.open()
    rdp.request(b"Cookie: mstshash=hello", 0x03)
    rdp.tcp.wait(20 * SECOND)
    rdp.tcp.close(CLIENT)
    return finish("no-response", "the request is acknowledged but never answered; the client gives up after 20 s", rdp)


def refused() -> Capture:
    rdp = RdpConnection(Conversation(*pair(34), START))
    rdp.tcp.auto_ack = False
    rdp.tcp.open()
    rdp.request(b"Cookie: mstshash=Test", 0x03)
    rdp.tcp.reset(SERVER)
    return finish("refused-reset", "the request is answered by a reset", rdp)


def low_with(name: str, story: str, number: int, text: bytes, *, protocols: int | None = 0,
             confirm: int | None = 0, port: int = 3389, facts: dict | None = None, family: str = "rdp",
             opener: str = CLIENT, **request) -> Capture:
    """A short session at level LOW behind a particular first exchange."""
    mine, host = pair(number)
    host = server(host.address, port)
    if opener == SERVER:  # the sharer dials out from an ephemeral port to the waiting viewer
        mine, host = client(mine.address, 3389), server(host.address, 50123)
    tcp = Conversation(mine, host, START, opener=opener)
    rdp = RdpConnection(tcp, gcc.Settings(core=gcc.ClientCore(computer_name="WS-PAULA")),
                        Protection.proprietary(METHOD_56, LEVEL_LOW, name))
    tcp.open()
    rdp.request(text, protocols, facts=facts, **request)
    rdp.confirm(confirm)
    rdp.set_up(user="paula", address="192.168.77.13")
    rdp.activate()
    rdp.log_on(user="paula", session=7)
    rdp.work(updates=1, keys=1)
    rdp.log_off()
    tcp.close(SERVER)
    return finish(name, story, rdp, family=family)


def routing_token() -> Capture:
    return low_with("routing-token-msts", "a load balancer's cookie names the farm member: msts= with "
                    "172.31.249.216:3389", 35, b"Cookie: msts=3640205228.15629.0000",
                    facts={"negotiation": {"routing_address": "172.31.249.216", "routing_port": 3389}})


def routing_token_tsv() -> Capture:
    return low_with("routing-token-tsv", "the Connection Broker's token: tsv:// with the collection's name", 36,
                    b"tsv://MS Terminal Services Plugin.1.Engineering")


def correlation() -> Capture:
    identifier = bytes.fromhex("5c0b8a14e7f24b6f9a63c1d2e3f40516")
    return low_with("correlation-id", "the request carries a correlation id, flag 08 and 36 bytes more", 37,
                    b"Cookie: mstshash=paula", flags=x224.CORRELATION_INFO_PRESENT, correlation=identifier)


def no_negotiation() -> Capture:
    return low_with("no-negotiation", "an old pair: the request is bare (LI 6) and so is the confirm", 38, b"",
                    protocols=None, confirm=None)


def source_reference() -> Capture:
    return low_with("source-reference", "a client which gives an X.224 source reference of its own", 39,
                    b"Cookie: mstshash=paula", source_reference=0x4321)


def other_port() -> Capture:
    return low_with("port-4444", "RDP where nobody expects it, on port 4444", 40, b"Cookie: mstshash=paula",
                    port=4444)


def long_cookie() -> Capture:
    return low_with("cookie-domain", "a cookie with domain and user, longer than Windows sends", 41,
                    b"Cookie: mstshash=CORP\\paula.middlename.lastname")


def reverse() -> Capture:
    return low_with("reverse-standard", "the viewer listens, the sharer dials out: who accepted the TCP "
                    "connection sends the X.224 request", 42, b"Cookie: mstshash=paula", family="reverse",
                    opener=SERVER)


def reverse_tls() -> Capture:
    mine, host = pair(43)
    tcp = Conversation(client(mine.address, 3390), server(host.address, 50124), START, opener=SERVER)
    rdp = RdpConnection(tcp, modern_settings("LAP-QUINN", x224.PROTOCOL_HYBRID, 0x03))
    tcp.open()
    rdp.request(b"Cookie: mstshash=quinn", 0x03)
    rdp.confirm(x224.PROTOCOL_HYBRID, 0x1F)
    tls12_handshake(rdp, "reverse", "", "rds01")
    credssp(rdp, early_result=False)
    inside(rdp, "quinn")
    tcp.close(SERVER)
    return finish("reverse-tls", "a reverse connection with CredSSP: ClientHello follows the RDP client, "
                  "not the TCP caller; no SNI", rdp, family="reverse")


def two_at_once() -> Capture:
    """Two clients of one server, interleaved in time"""
    connections = [low_session(Conversation(client(f"192.0.2.{90 + n}", 50000 + n), server("198.51.100.90"),
                                            START + n * 1500 * MILLISECOND),
                               f"Cookie: mstshash=user{n}".encode(), method=METHOD_128) for n in range(3)]
    frames = [frame for rdp in connections for frame in rdp.tcp.frames()]
    return ethernet_capture("rdp", "three-at-once", "three sessions with one server, interleaved", frames,
                            [rdp.truth() for rdp in connections])


STORIES = [retry, failure_final, failure_ssl_not_allowed, no_response, refused, routing_token,
           routing_token_tsv, correlation, no_negotiation, source_reference, other_port, long_cookie,
           two_at_once, reverse, reverse_tls]
