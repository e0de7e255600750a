"""background/: traffic which is not RDP. Nothing may be reported."""

import struct

from builder import x224
from builder.capture import Capture, ethernet_capture
from builder.conversations import RdpConnection
from builder.frame import MILLISECOND, Frame
from builder.ip import PROTOCOL_UDP, Network, transport_checksum
from builder.link import ethernet
from builder.places import START, client, server
from builder.randomness import pseudo_random
from builder.stories_tls import tls12_handshake
from builder.tcp import ACK, CLIENT, RST, SERVER, SYN, Conversation


def talk(name: str, story: str, number: int, port: int, words: list[tuple[str, bytes]]) -> Capture:
    tcp = Conversation(client(f"192.0.2.{120 + number}", 49800 + number), server("203.0.113.10", port), START)
    tcp.open()
    for side, data in words:
        tcp.send(side, data)
    tcp.close(CLIENT)
    return ethernet_capture("background", name, story, tcp.frames(), [])


def http() -> list[Capture]:
    request = b"GET /index.html HTTP/1.1\r\nHost: www.corp.example\r\nCookie: mstshash=alice\r\n\r\n"
    body = b"<html><title>Corp Example</title></html>\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    words = [(CLIENT, request), (SERVER, answer)]
    return [talk("http", "a web page, with a cookie that looks like RDP's", 1, 80, words),
            talk("http-on-3389", "a web page on RDP's port, with a cookie that looks like RDP's", 2, 3389, words)]


def dns() -> Capture:
    name = b"".join(bytes([len(part)]) + part for part in (b"rds01", b"corp", b"example")) + b"\0"
    question = name + struct.pack(">HH", 1, 1)
    ask = struct.pack(">HHHHHH", 0x1A2B, 0x0100, 1, 0, 0, 0) + question
    reply = struct.pack(">HHHHHH", 0x1A2B, 0x8580, 1, 1, 0, 0) + question \
        + struct.pack(">HHHIH4B", 0xC00C, 1, 1, 300, 4, 198, 51, 100, 20)
    network, frames = Network(), []
    ends = {CLIENT: ("192.0.2.123", 53124), SERVER: ("203.0.113.53", 53)}
    for index, (sender, target, message) in enumerate(((CLIENT, SERVER, ask), (SERVER, CLIENT, reply))):
        (source, source_port), (there, there_port) = ends[sender], ends[target]
        head = struct.pack(">HHHH", source_port, there_port, 8 + len(message), 0)
        checksum = transport_checksum(source, there, PROTOCOL_UDP, head + message)
        datagram = head[:6] + struct.pack(">H", checksum) + message
        packet = network.packet(sender, source, there, PROTOCOL_UDP, datagram)
        frames.append(Frame(START + index * 9 * MILLISECOND, ethernet(sender, packet)))
    return ethernet_capture("background", "dns", "a name is looked up", frames, [])


def ssh() -> Capture:
    def key_exchange(label: str) -> bytes:
        """RFC 4253 6 and 7.1: length, padding length, SSH_MSG_KEXINIT, cookie, name lists"""
        lists = (b"curve25519-sha256", b"ssh-ed25519", b"aes256-ctr", b"aes256-ctr", b"hmac-sha2-256",
                 b"hmac-sha2-256", b"none", b"none", b"", b"")
        body = b"\x14" + pseudo_random(label, 16) \
            + b"".join(struct.pack(">I", len(text)) + text for text in lists) + bytes(5)
        padding = 8 - (len(body) + 5) % 8 + 8
        return struct.pack(">IB", len(body) + padding + 1, padding) + body + bytes(padding)
    return talk("ssh", "a secure shell", 4, 22, [
        (CLIENT, b"SSH-2.0-OpenSSH_9.6\r\n"), (SERVER, b"SSH-2.0-OpenSSH_9.2p1\r\n"),
        (CLIENT, key_exchange("ssh client")), (SERVER, key_exchange("ssh server"))])


def https() -> Capture:
    tcp = Conversation(client("192.0.2.125", 49805), server("203.0.113.10", 443), START)
    rdp = RdpConnection(tcp)  # only for its pipe
    tcp.open()
    tls12_handshake(rdp, "https", "www.corp.example", "www")
    for side, size in ((CLIENT, 400), (SERVER, 1200), (CLIENT, 12), (SERVER, 15)):
        rdp.put(side, bytes(size))
    tcp.close(CLIENT)
    return ethernet_capture("background", "tls-443", "a web page over TLS 1.2", tcp.frames(), [])


def s7comm() -> Capture:
    """RFC 1006 with TSAP parameters (X.224 13.3.4: C1 calling, C2 called, C0 TPDU size), then S7 set-up."""
    parameters = bytes.fromhex("c1020100" "c2020102" "c0010a")
    request = x224.tpkt(bytes([6 + len(parameters)]) + bytes.fromhex("e000000001" "00") + parameters)
    confirm = x224.tpkt(bytes([6 + len(parameters)]) + bytes.fromhex("d000010002" "00")
                        + bytes.fromhex("c0010a" "c1020100" "c2020102"))
    set_up = bytes.fromhex("32010000000000080000" "f0000001000101e0")
    answer = bytes.fromhex("320300000000000800000000" "f0000001000100f0")
    return talk("s7comm", "a programmable controller on port 102: TPKT and X.224, but not RDP", 6, 102, [
        (CLIENT, request), (SERVER, confirm), (CLIENT, x224.data(set_up)), (SERVER, x224.data(answer))])


def iso_tsap() -> Capture:
    """References as RDP has them, class 0; only the variable part is another's."""
    parameters = bytes.fromhex("c00109") + b"\xc1\x06MAIL-A" + b"\xc2\x06MAIL-B"
    request = x224.tpkt(bytes([6 + len(parameters)]) + bytes.fromhex("e000000000" "00") + parameters)
    confirm = x224.tpkt(bytes([6 + len(parameters)]) + bytes.fromhex("d000001234" "00") + parameters)
    session = bytes.fromhex("0d16" "0506" "130100" "160102" "140200" "02" "3304" "4d41494c" "3400")
    return talk("iso-tsap", "an X.400 mail transfer on port 102, whose X.224 request has RDP's references", 7, 102, [
        (CLIENT, request), (SERVER, confirm), (CLIENT, x224.data(session))])


def port_scan() -> Capture:
    """SYN and RST only: no byte of RDP was said."""
    frames: list[Frame] = []
    for index, port in enumerate((3388, 3389, 3390, 5900)):
        tcp = Conversation(client("192.0.2.128", 40000 + index), server("203.0.113.20", port),
                           START + index * 20 * MILLISECOND)
        tcp.emit(CLIENT, SYN)
        tcp.wait(MILLISECOND)
        tcp.emit(SERVER, RST | ACK)
        frames += tcp.frames()
    return ethernet_capture("background", "port-scan", "four ports are tried, all closed", frames, [])


def silent() -> Capture:
    tcp = Conversation(client("192.0.2.129", 49809), server("203.0.113.21", 3389), START)
    tcp.open()
    tcp.close(CLIENT)
    return ethernet_capture("background", "silent-3389", "a connection to port 3389 on which nobody says anything",
                            tcp.frames(), [])


STORIES = [http, dns, ssh, https, s7comm, iso_tsap, port_scan, silent]
