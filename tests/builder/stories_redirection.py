"""rdp/: a broker sends the client elsewhere ([MS-RDPBCGR] 2.2.13)."""

import base64
import hashlib
import struct

from builder import client_info, gcc, x224
from builder.capture import Capture, finish
from builder.conversations import Protection, RdpConnection
from builder.frame import MILLISECOND
from builder.gcc import LEVEL_CLIENT_COMPATIBLE, LEVEL_LOW, METHOD_56, METHOD_128
from builder.ip import packed
from builder.places import START, client, server
from builder.randomness import pseudo_random
from builder.security import SEC_REDIRECTION_PKT
from builder.tcp import CLIENT, Conversation, Endpoint
from builder.tls import certificate_der

BROKER, TARGET = "198.51.100.70", "198.51.100.71"
SESSION = 9
GUID = base64.b64encode(pseudo_random("redirection", 16)).decode()


def msts_token(address: str, port: int) -> bytes:
    """The address's first octet is the lowest byte of the number; the port's bytes are swapped."""
    number, = struct.unpack("<I", packed(address))
    swapped, = struct.unpack("<H", struct.pack(">H", port))
    return f"Cookie: msts={number}.{swapped}.0000".encode()


def first_connection(port: int, packet: bytes, facts: dict, protection: Protection | None = None) -> RdpConnection:
    tcp = Conversation(client("192.0.2.70", port), server(BROKER), START)
    rdp = RdpConnection(tcp, protection=protection)
    tcp.open()
    rdp.request(b"Cookie: mstshash=erin")
    rdp.confirm()
    rdp.set_up(user="erin", address="192.168.77.14")
    if protection:
        rdp.from_server(packet, SEC_REDIRECTION_PKT)
    else:
        rdp.from_server(client_info.enhanced_redirection(packet), mark="redirection",
                        facts={"redirection": facts, "users": [
                            {"name": "erin", "domain": "CORP", "source": "REDIRECTION",
                             "certainty": "OBSERVED"}]})
    rdp.disconnect(CLIENT, x224.USER_REQUESTED)
    tcp.close(CLIENT)
    return rdp


def second_connection(after: RdpConnection, host: Endpoint, token: bytes) -> RdpConnection:
    end = after.tcp.ends[CLIENT]
    tcp = Conversation(client(end.address, end.port + 1), host, after.tcp.now + 120 * MILLISECOND)
    settings = gcc.Settings(cluster=gcc.client_cluster(0x0D | 0x02, SESSION))
    rdp = RdpConnection(tcp, settings, Protection.proprietary(METHOD_56, LEVEL_LOW, f"{host}"))
    tcp.open()
    rdp.request(token, facts={"negotiation": {"routing_address": TARGET, "routing_port": 3389}})
    rdp.confirm()
    rdp.set_up(user="erin", address="192.168.77.14")
    rdp.activate()
    rdp.log_on(user="erin", session=SESSION)
    rdp.work(updates=1, keys=1)
    rdp.close_window()
    tcp.close(CLIENT)
    return rdp


def described(with_target: bool) -> tuple[bytes, dict]:
    token = msts_token(TARGET, 3389)
    more = {"target_address": TARGET} if with_target else {}
    packet = client_info.redirection_packet(
        SESSION, load_balance_info=token + b"\r\n", user="erin", domain="CORP", fqdn="rds71.corp.example",
        netbios="RDS71", addresses=(TARGET, "2001:db8::71"), password="R3direct!",
        tsv_url="tsv://MS Terminal Services Plugin.1.Desktops", guid=GUID, certificate=certificate_der("rds01"), **more)
    return packet, {"session_id": SESSION, **more, "load_balance_info": token.decode(), "user_name": "erin",
                    "domain": "CORP", "target_fqdn": "rds71.corp.example", "target_netbios_name": "RDS71",
                    "target_addresses": [TARGET, "2001:db8::71"], "password_present": True,
                    "load_balance_info_sha256": hashlib.sha256(token).hexdigest(), "redirection_guid": GUID,
                    "tsv_url": "tsv://MS Terminal Services Plugin.1.Desktops",
                    "target_certificate_sha256": hashlib.sha256(certificate_der("rds01")).hexdigest()}


def to_target() -> Capture:
    """SPEC: with TargetNetAddress present a client need not send the token (2.2.13.1); this one does both."""
    first = first_connection(49300, *described(with_target=True))
    second = second_connection(first, server(TARGET), msts_token(TARGET, 3389))
    return finish("redirection", "at level NONE the broker redirects erin with every field; she goes to the "
                  "target's address with the routing token and session id 9", first, second)


def through_balancer() -> Capture:
    first = first_connection(49310, *described(with_target=False))
    second = second_connection(first, server(BROKER), msts_token(TARGET, 3389))
    return finish("redirection-token", "no target address, so erin comes back to the same address and the token "
                  "names the farm member", first, second)


def standard_form() -> Capture:
    packet, _ = described(with_target=True)
    first = first_connection(49320, packet, {}, Protection.proprietary(METHOD_128, LEVEL_CLIENT_COMPATIBLE, "r"))
    second = second_connection(first, server(TARGET), msts_token(TARGET, 3389))
    return finish("redirection-encrypted", "the standard form is always encrypted: only its header (flags 0408) and "
                  "the second connection tell", first, second)


STORIES = [to_target, through_balancer, standard_form]
