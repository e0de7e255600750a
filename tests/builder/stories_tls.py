"""rdp/: connections that go on in TLS. What lies inside is real RDP in size and order, random in content."""

from builder import gcc, tls, x224
from builder.capture import Capture, finish
from builder.conversations import RdpConnection
from builder.frame import MILLISECOND, SECOND
from builder.places import START, pair
from builder.randomness import pseudo_random
from builder.tcp import CLIENT, SERVER, Conversation
from builder.tls import (CHANGE_CIPHER_SPEC, EXTENDED_MASTER_SECRET, HANDSHAKE, KEY_SHARE,
                         POINT_FORMATS, PSK_MODES, RENEGOTIATION_INFO, SERVER_NAME, SESSION_TICKET,
                         SIGNATURE_ALGORITHMS, SUPPORTED_GROUPS, SUPPORTED_VERSIONS, certificate_der, certificate_facts)

ECDHE_CIPHERS = [0xC02C, 0xC02B, 0xC030, 0xC02F, 0x009F, 0x009E, 0xC024, 0xC023, 0xC028, 0xC027, 0xC00A,
                 0xC009, 0xC014, 0xC013, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F, 0x000A]
ALGORITHMS = [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0601, 0x0603]
MODERN_CORE = {"version": 0x00080010, "desktop_width": 1920, "desktop_height": 1080, "build": 19045,
               "high_color_depth": 24, "size": 234}


def modern_settings(name: str, protocol: int, requested: int) -> gcc.Settings:
    core = gcc.ClientCore(computer_name=name, server_selected_protocol=protocol, **MODERN_CORE)
    return gcc.Settings(core=core, requested=requested, channels=(
        ("rdpdr", 0x80800000), ("rdpsnd", 0xC0000000), ("cliprdr", 0xC0A00000), ("drdynvc", 0xC0800000)))


def hello_facts(rdp: RdpConnection, hello: tls.ClientHello, answer: tls.ServerHello, version: int) -> None:
    facts = {"ja3": hello.ja3(), "ja4": hello.ja4()}
    if hello.server_name:
        facts["sni"] = hello.server_name
    rdp.facts.append(("client_hello", {"security": {"tls": facts}}))
    rdp.facts.append(("server_hello", {"security": {"tls": {
        "version": tls.VERSION_NAMES[version], "cipher": tls.CIPHER_NAMES[answer.cipher],
        "ja3s": answer.ja3s()}}}))


def go_dark(rdp: RdpConnection, kind: type[tls.Sealing], label: str, version: int = 0x0303) -> None:
    rdp.sealing = {side: kind(f"{label}:{side}", version) for side in (CLIENT, SERVER)}
    rdp.hidden = True


def modern_hello(label: str, name: str, **more) -> tls.ClientHello:
    """TLS 1.2 with GREASE (RFC 8701) among ciphers, extensions and groups; no ALPN"""
    return tls.ClientHello(
        label, [0x2A2A, *ECDHE_CIPHERS], more.pop("extensions", [
            0x1A1A, *([SERVER_NAME] if name else []), 5, SUPPORTED_GROUPS, POINT_FORMATS, SIGNATURE_ALGORITHMS,
            SESSION_TICKET, EXTENDED_MASTER_SECRET, RENEGOTIATION_INFO]),
        server_name=name, groups=[0x3A3A, 29, 23, 24], signature_algorithms=ALGORITHMS, **more)


def tls12_handshake(rdp: RdpConnection, label: str, name: str, certificate: str) -> None:
    """RFC 5246 7.3, full handshake with ECDHE"""
    hello = modern_hello(label, name)
    answer = tls.ServerHello(label, 0xC030, [EXTENDED_MASTER_SECRET, RENEGOTIATION_INFO],
                             session_id=pseudo_random(f"session:{label}", 32))
    rdp.put(CLIENT, hello.to_bytes(), "client_hello")
    flight = answer.message() + tls.certificate_message(certificate_der(certificate)) \
        + tls.server_key_exchange(label) + tls.SERVER_HELLO_DONE
    rdp.put(SERVER, tls.record(HANDSHAKE, flight), "server_hello",
            {"security": {"certificate": certificate_facts(certificate)}})
    hello_facts(rdp, hello, answer, 0x0303)
    go_dark(rdp, tls.AesGcm, label)
    key_exchange = tls.handshake(16, b"\x20" + pseudo_random(f"client point:{label}", 32))
    for side in (CLIENT, SERVER):
        first = tls.record(HANDSHAKE, key_exchange) if side == CLIENT else b""
        rdp.tcp.send(side, first + tls.record(CHANGE_CIPHER_SPEC, b"\x01")
                     + rdp.sealing[side].seal(bytes(16), HANDSHAKE))  # Finished: header 4, verify_data 12


def tls13_handshake(rdp: RdpConnection, label: str, name: str) -> None:
    """RFC 8446 2: the server's certificate is already encrypted"""
    session = pseudo_random(f"session:{label}", 32)
    hello = modern_hello(
        label, name, versions=[0x4A4A, 0x0304, 0x0303], session_id=session, extensions=[
            0x1A1A, SERVER_NAME, 5, SUPPORTED_GROUPS, POINT_FORMATS, SIGNATURE_ALGORITHMS, SESSION_TICKET,
            EXTENDED_MASTER_SECRET, SUPPORTED_VERSIONS, PSK_MODES, KEY_SHARE, RENEGOTIATION_INFO])
    hello.ciphers = [0x2A2A, 0x1302, 0x1301, *ECDHE_CIPHERS]
    answer = tls.ServerHello(label, 0x1302, [SUPPORTED_VERSIONS, KEY_SHARE], session_id=session)
    rdp.put(CLIENT, hello.to_bytes(), "client_hello")
    hello_facts(rdp, hello, answer, 0x0304)
    clear = tls.record(HANDSHAKE, answer.message()) + tls.record(CHANGE_CIPHER_SPEC, b"\x01")
    go_dark(rdp, tls.Tls13, label)
    sealed = b"".join(rdp.sealing[SERVER].seal(bytes(size)) for size in
                      (6, len(certificate_der("rds01")) + 13, 264, 52))  # EE, Certificate, CertificateVerify, Finished
    rdp.tcp.send(SERVER, clear + sealed, "server_hello")
    rdp.tcp.send(CLIENT, tls.record(CHANGE_CIPHER_SPEC, b"\x01") + rdp.sealing[CLIENT].seal(bytes(52)))
    for _ in range(2):  # NewSessionTicket
        rdp.put(SERVER, bytes(245))


def tls10_handshake(rdp: RdpConnection, label: str) -> None:
    """RFC 2246 with RSA key exchange: no extensions at all, as XP's client sends"""
    hello = tls.ClientHello(label, [0x0004, 0x0005, 0x000A, 0x0009, 0x002F, 0x0035], [], version=0x0301)
    answer = tls.ServerHello(label, 0x002F, [], version=0x0301, session_id=pseudo_random(label, 32))
    rdp.put(CLIENT, hello.to_bytes(), "client_hello")
    flight = answer.message() + tls.certificate_message(certificate_der("legacy02")) + tls.SERVER_HELLO_DONE
    rdp.put(SERVER, tls.record(HANDSHAKE, flight, 0x0301), "server_hello",
            {"security": {"certificate": certificate_facts("legacy02")}})
    hello_facts(rdp, hello, answer, 0x0301)
    go_dark(rdp, tls.AesCbcSha1Tls10, label, 0x0301)
    premaster = tls.handshake(16, b"\x01\x00" + pseudo_random(f"premaster:{label}", 256))
    for side in (CLIENT, SERVER):
        first = tls.record(HANDSHAKE, premaster, 0x0301) if side == CLIENT else b""
        rdp.tcp.send(side, first + tls.record(CHANGE_CIPHER_SPEC, b"\x01", 0x0301)
                     + rdp.sealing[side].seal(bytes(16), HANDSHAKE))


def credssp(rdp: RdpConnection, refused: bool = False, early_result: bool = True) -> None:
    """[MS-CSSP] 3.1.5 with NTLM; sizes are those of the dossier's 9.3"""
    for side, size in ((CLIENT, 57), (SERVER, 255), (CLIENT, 620)):
        rdp.put(side, bytes(size))
        rdp.tcp.wait(6 * MILLISECOND)
    if refused:
        rdp.put(SERVER, bytes(22))  # TSRequest with errorCode
        return
    rdp.put(SERVER, bytes(117))
    rdp.put(CLIENT, bytes(190))
    if early_result:
        rdp.put(SERVER, bytes(4))   # [MS-RDPBCGR] 2.2.10.2


def inside(rdp: RdpConnection, user: str) -> None:
    """The rest of the connection, sealed record by record"""
    rdp.set_up(user=user, address="192.168.77.12")
    rdp.activate()
    rdp.log_on(user=user, session=2)
    rdp.work(updates=6, keys=4)
    rdp.tcp.wait(2 * SECOND)
    rdp.close_window()


def opened(number: int, name: str, text: bytes, requested: int, selected: int, flags: int = 0x1F) -> RdpConnection:
    tcp = Conversation(*pair(number), START)
    rdp = RdpConnection(tcp, modern_settings(name, selected, requested))
    tcp.open()
    rdp.request(text, requested)
    rdp.confirm(selected, flags)
    return rdp


def nla() -> Capture:
    rdp = opened(20, "LAP-IVAN", b"Cookie: mstshash=ivan", 0x0B, x224.PROTOCOL_HYBRID_EX)
    tls12_handshake(rdp, "nla", "rds01.corp.example", "rds01")
    credssp(rdp)
    inside(rdp, "ivan")
    rdp.tcp.close(CLIENT)
    return finish("tls12-nla", "CredSSP with early user authorisation in TLS 1.2: the join ladder shows that "
                  "ivan was let in", rdp)


def nla_refused() -> Capture:
    rdp = opened(21, "LAP-IVAN", b"Cookie: mstshash=mallory", 0x0B, x224.PROTOCOL_HYBRID_EX)
    tls12_handshake(rdp, "refused", "rds01.corp.example", "rds01")
    credssp(rdp, refused=True)
    rdp.tcp.reset(SERVER)
    return finish("tls12-nla-refused", "CredSSP ends with an error-sized record and a reset: a wrong password", rdp,
                  outcome="AUTHENTICATION_FAILED", inferred={"outcome": True})


def early_denied() -> Capture:
    rdp = opened(22, "LAP-IVAN", b"Cookie: mstshash=judy", 0x0B, x224.PROTOCOL_HYBRID_EX)
    tls12_handshake(rdp, "denied", "rds01.corp.example", "rds01")
    credssp(rdp)
    rdp.tcp.close(SERVER)
    return finish("tls12-nla-denied", "the password was right, but the early user authorisation result is the "
                  "last record: not in Remote Desktop Users", rdp,
                  outcome="AUTHENTICATION_FAILED", inferred={"outcome": True})


def tls13() -> Capture:
    rdp = opened(23, "LAP-KIM", b"Cookie: mstshash=kim", 0x0B, x224.PROTOCOL_HYBRID_EX)
    tls13_handshake(rdp, "tls13", "rds01.corp.example")
    credssp(rdp)
    inside(rdp, "kim")
    rdp.tcp.close(CLIENT)
    return finish("tls13", "TLS 1.3: no certificate to see, records are 17 bytes longer than what they carry", rdp)


def tls10_rsa() -> Capture:
    rdp = opened(24, "XP-LARA", b"Cookie: mstshash=lara", x224.PROTOCOL_SSL, x224.PROTOCOL_SSL, 0)
    tls10_handshake(rdp, "tls10")
    inside(rdp, "lara")
    rdp.tcp.close(CLIENT)
    return finish("tls10-rsa", "plain TLS 1.0 with RSA key exchange and no extensions: an old client", rdp)


def split_records() -> Capture:
    """Handshake messages over several records, records over several segments"""
    rdp = opened(25, "LAP-MONA", b"Cookie: mstshash=mona", 0x03, x224.PROTOCOL_HYBRID)
    hello = modern_hello("split", "rds01.corp.example")
    answer = tls.ServerHello("split", 0xC030, [EXTENDED_MASTER_SECRET, RENEGOTIATION_INFO])
    body = hello.to_bytes()[5:]
    rdp.put(CLIENT, b"".join(tls.record(HANDSHAKE, body[at:at + 50], 0x0301) for at in range(0, len(body), 50)),
            "client_hello")
    flight = answer.message() + tls.certificate_message(certificate_der("rds01")) \
        + tls.server_key_exchange("split") + tls.SERVER_HELLO_DONE
    records = b"".join(tls.record(HANDSHAKE, flight[at:at + 300]) for at in range(0, len(flight), 300))
    rdp.put(SERVER, records, "server_hello", {"security": {"certificate": certificate_facts("rds01")}})
    hello_facts(rdp, hello, answer, 0x0303)
    rdp.tcp.close(CLIENT)
    rdp.tcp.cut(100)
    return finish("tls12-split-records", "handshake messages cut over records of 50 and 300 bytes and segments "
                  "of 100; the client leaves after the certificate", rdp)


STORIES = [nla, nla_refused, early_denied, tls13, tls10_rsa, split_records]
