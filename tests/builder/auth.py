"""Authentication in clear: NTLM ([MS-NLMP] 2.2), SPNEGO (RFC 4178), Kerberos (RFC 4120) and what carries them:
SMB 2 ([MS-SMB2] 2.2), DCE/RPC ([C706] 12.6, [MS-RPCE] 2.2.2), HTTP ([MS-NTHT]). Ciphertext is random of the right
size: nothing here could be used to log on."""

import base64
import struct

from builder.randomness import pseudo_random

# -- DER (X.690) ---------------------------------------------------------------------------------------


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def sequence(*parts: bytes) -> bytes:
    return der(0x30, *parts)


def field(number: int, content: bytes) -> bytes:
    """[number] EXPLICIT"""
    return der(0xA0 | number, content)


def integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    return der(0x04, content)


def general_string(text: str) -> bytes:
    return der(0x1B, text.encode())


# -- NTLM ------------------------------------------------------------------------------------------------
UNICODE, OEM, REQUEST_TARGET, SIGN, NTLM = 0x1, 0x2, 0x4, 0x10, 0x200
ALWAYS_SIGN, TARGET_TYPE_DOMAIN, EXTENDED, TARGET_INFO = 0x8000, 0x10000, 0x80000, 0x800000
ANONYMOUS = 0x800
VERSION, KEY_128, KEY_EXCHANGE = 0x2000000, 0x20000000, 0x40000000
FLAGS = UNICODE | REQUEST_TARGET | SIGN | NTLM | ALWAYS_SIGN | EXTENDED | VERSION | KEY_128 | KEY_EXCHANGE
CLIENT_VERSION = struct.pack("<BBH3xB", 10, 0, 19045, 15)
SERVER_VERSION = struct.pack("<BBH3xB", 10, 0, 20348, 15)
FILETIME = 134_284_284_000_000_000  # of the server's clock


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def ntlm_message(kind: int, fixed: list[bytes | int], payload: list[bytes]) -> bytes:
    """2.2.1: a number in `fixed` stands for Len, MaxLen and BufferOffset of that part of the payload."""
    size = 12 + sum(8 if isinstance(part, int) else len(part) for part in fixed)
    starts = [size + sum(map(len, payload[:index])) for index in range(len(payload))]
    head = b"NTLMSSP\0" + struct.pack("<I", kind)
    for part in fixed:
        head += struct.pack("<HHI", len(payload[part]), len(payload[part]), starts[part]) \
            if isinstance(part, int) else part
    return head + b"".join(payload)


def target_info(computer: str, domain: str, fqdn: str, service: str = "") -> bytes:
    """AV_PAIRs, 2.2.2.1; `service` is what the client adds"""
    dns_domain = fqdn.partition(".")[2]
    pairs = [(2, wide(domain)), (1, wide(computer)), (4, wide(dns_domain)), (3, wide(fqdn)), (5, wide(dns_domain)),
             (7, struct.pack("<Q", FILETIME))]
    if service:
        pairs += [(6, struct.pack("<I", 2)), (10, bytes(16)), (9, wide(service))]
    return b"".join(struct.pack("<HH", kind, len(value)) + value for kind, value in [*pairs, (0, b"")])


def negotiate() -> bytes:
    """NEGOTIATE_MESSAGE, 2.2.1.1, as Windows sends it: without names"""
    return ntlm_message(1, [struct.pack("<I", FLAGS | OEM), 0, 1, CLIENT_VERSION], [b"", b""])


def challenge(computer: str, domain: str, fqdn: str) -> bytes:
    """CHALLENGE_MESSAGE, 2.2.1.2"""
    flags = struct.pack("<I", FLAGS | TARGET_TYPE_DOMAIN | TARGET_INFO)
    return ntlm_message(2, [0, flags, pseudo_random(f"challenge:{fqdn}", 8), bytes(8), 1, SERVER_VERSION],
                        [wide(domain), target_info(computer, domain, fqdn)])


def authenticate(domain: str, user: str, workstation: str, server: tuple[str, str, str], service: str) -> bytes:
    """AUTHENTICATE_MESSAGE, 2.2.1.3, with an NTLMv2_RESPONSE, 2.2.2.8"""
    response = pseudo_random(f"proof:{user}", 16) + struct.pack("<BBHIQ", 1, 1, 0, 0, FILETIME) \
        + pseudo_random(f"client challenge:{user}", 8) + bytes(4) + target_info(*server, service) + bytes(4)
    payload = [wide(domain), wide(user), wide(workstation), bytes(24), response, pseudo_random(f"key:{user}", 16)]
    return ntlm_message(3, [3, 4, 0, 1, 2, 5, struct.pack("<I", FLAGS | TARGET_INFO), CLIENT_VERSION,
                            pseudo_random(f"mic:{user}", 16)], payload)


def anonymous() -> bytes:
    """AUTHENTICATE_MESSAGE, 3.1.5.1.2: one zero byte for the LM response, and nothing else"""
    flags = struct.pack("<I", FLAGS | TARGET_INFO | ANONYMOUS)
    return ntlm_message(3, [3, 4, 0, 1, 2, 5, flags, CLIENT_VERSION, bytes(16)],
                        [b"", b"", b"", b"\0", b"", pseudo_random("key:", 16)])


def signature() -> bytes:
    """NTLMSSP_MESSAGE_SIGNATURE, 2.2.2.9.1"""
    return struct.pack("<I8sI", 1, pseudo_random("signature", 8), 0)


# -- SPNEGO ----------------------------------------------------------------------------------------------
SPNEGO_OID = bytes.fromhex("06062b0601050502")
NTLM_OID = bytes.fromhex("060a2b06010401823702020a")


def neg_token_init(token: bytes, mechanism: bytes = NTLM_OID) -> bytes:
    """RFC 4178 4.2.1 in the framing of RFC 2743 3.1"""
    return der(0x60, SPNEGO_OID, field(0, sequence(field(0, sequence(mechanism)), field(2, octets(token)))))


def neg_token_resp(state: int, token: bytes = b"", mechanism: bytes = b"", mic: bytes = b"") -> bytes:
    """4.2.2: state 0 accept-completed, 1 accept-incomplete"""
    parts = [field(0, der(0x0A, bytes([state])))]
    parts += [field(1, mechanism)] if mechanism else []
    parts += [field(2, octets(token))] if token else []
    parts += [field(3, octets(mic))] if mic else []
    return field(1, sequence(*parts))


# -- Kerberos --------------------------------------------------------------------------------------------
def principal(kind: int, *names: str) -> bytes:
    return sequence(field(0, integer(kind)), field(1, sequence(*map(general_string, names))))


def sealed(label: str, size: int) -> bytes:
    """EncryptedData, 5.2.9, aes256-cts-hmac-sha1-96"""
    return sequence(field(0, integer(18)), field(1, integer(2)), field(2, octets(pseudo_random(label, size))))


def ticket(realm: str, *service: str) -> bytes:
    """5.3"""
    return der(0x61, sequence(field(0, integer(5)), field(1, general_string(realm)),
                              field(2, principal(2, *service)), field(3, sealed(f"ticket:{service}", 1000))))


def request_body(realm: str, service: tuple[str, ...], client: str = "", netbios: str = "") -> bytes:
    """KDC-REQ-BODY, 5.4.1"""
    parts = [field(0, der(0x03, bytes.fromhex("0040810010")))]
    parts += [field(1, principal(1, client))] if client else []
    parts += [field(2, general_string(realm)), field(3, principal(2, *service)),
              field(5, der(0x18, b"20370913024805Z")), field(7, integer(0x11223344)),
              field(8, sequence(integer(18), integer(17), integer(23)))]
    if netbios:  # HostAddress of type 20, 7.5.3
        parts += [field(9, sequence(sequence(field(0, integer(20)), field(1, octets(netbios.ljust(16).encode())))))]
    return sequence(*parts)


def as_req(realm: str, client: str, netbios: str) -> bytes:
    """5.4.1 with PA-ENC-TIMESTAMP, 5.2.7.2"""
    stamp = sequence(field(1, integer(2)), field(2, octets(sealed("timestamp", 56))))
    body = request_body(realm, ("krbtgt", realm), client, netbios)
    return der(0x6A, sequence(field(1, integer(5)), field(2, integer(10)), field(3, sequence(stamp)), field(4, body)))


def as_rep(realm: str, client: str) -> bytes:
    return der(0x6B, reply(11, realm, client, "krbtgt", realm))


def ap_req(realm: str, *service: str) -> bytes:
    """5.5.1"""
    return der(0x6E, sequence(field(0, integer(5)), field(1, integer(14)), field(2, der(0x03, bytes(5))),
                              field(3, ticket(realm, *service)), field(4, sealed("authenticator", 180))))


def tgs_req(realm: str, *service: str) -> bytes:
    """5.4.1 with PA-TGS-REQ, 5.2.7.1"""
    granting = sequence(field(1, integer(1)), field(2, octets(ap_req(realm, "krbtgt", realm))))
    return der(0x6C, sequence(field(1, integer(5)), field(2, integer(12)), field(3, sequence(granting)),
                              field(4, request_body(realm, service))))


def tgs_rep(realm: str, client: str, *service: str) -> bytes:
    return der(0x6D, reply(13, realm, client, *service))


def reply(kind: int, realm: str, client: str, *service: str) -> bytes:
    """KDC-REP, 5.4.2"""
    return sequence(field(0, integer(5)), field(1, integer(kind)), field(3, general_string(realm)),
                    field(4, principal(1, client)), field(5, ticket(realm, *service)),
                    field(6, sealed(f"reply:{service}", 230)))


def on_tcp(message: bytes) -> bytes:
    """7.2.2"""
    return struct.pack(">I", len(message)) + message


# -- SMB 2 -----------------------------------------------------------------------------------------------
NEGOTIATE, SESSION_SETUP, TREE_CONNECT = 0, 1, 3
MORE_PROCESSING_REQUIRED = 0xC0000016


def smb2(command: int, message_id: int, body: bytes, *, response: bool = False, status: int = 0, session: int = 0,
         tree: int = 0) -> bytes:
    """2.2.1.2 behind the transport's header, 2.1"""
    head = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ16x", 64, 1, status, command, 31, int(response), 0, message_id,
                                    0xFEFF, tree, session)
    return struct.pack(">I", len(head) + len(body)) + head + body


def smb2_negotiate(client_guid: bytes) -> bytes:
    """2.2.3: dialects 2.0.2 and 2.1"""
    return smb2(NEGOTIATE, 0, struct.pack("<HHHHI16sQHH", 36, 2, 1, 0, 0x01, client_guid, 0, 0x0202, 0x0210))


def smb2_negotiated(server_guid: bytes) -> bytes:
    """2.2.4, with the mechanisms that the server offers"""
    blob = der(0x60, SPNEGO_OID, field(0, sequence(field(0, sequence(NTLM_OID)))))
    body = struct.pack("<HHHH16sIIIIQQHHI", 65, 1, 0x0210, 0, server_guid, 7, 0x100000, 0x100000, 0x100000, FILETIME,
                       0, 128, len(blob), 0) + blob
    return smb2(NEGOTIATE, 0, body, response=True)


def smb2_session_setup(message_id: int, blob: bytes, session: int = 0) -> bytes:
    """2.2.5"""
    return smb2(SESSION_SETUP, message_id, struct.pack("<HBBIIHHQ", 25, 0, 1, 1, 0, 88, len(blob), 0) + blob,
                session=session)


def smb2_session_answer(message_id: int, blob: bytes, session: int, status: int = 0) -> bytes:
    """2.2.6"""
    return smb2(SESSION_SETUP, message_id, struct.pack("<HHHH", 9, 0, 72, len(blob)) + blob, response=True,
                status=status, session=session)


def smb2_tree_connect(message_id: int, path: str, session: int) -> bytes:
    """2.2.9"""
    name = wide(path)
    return smb2(TREE_CONNECT, message_id, struct.pack("<HHHH", 9, 0, 72, len(name)) + name, session=session)


def smb2_tree_connected(message_id: int, session: int) -> bytes:
    """2.2.10: a pipe share"""
    return smb2(TREE_CONNECT, message_id, struct.pack("<HBBIII", 16, 2, 0, 0x30, 0, 0x1F01FF), response=True,
                session=session, tree=1)


# -- DCE/RPC ---------------------------------------------------------------------------------------------
BIND, BIND_ACK, AUTH3 = 11, 12, 16
AUTH_NTLM = 10
NDR = bytes.fromhex("045d888aeb1cc9119fe808002b104860") + struct.pack("<I", 2)
OBJECT_EXPORTER = bytes.fromhex("c4fefc9960521b10bbcb00aa0021347a") + struct.pack("<I", 0)  # IObjectExporter


def rpc(kind: int, call: int, body: bytes, token: bytes) -> bytes:
    """12.6.3.1, and the security trailer of [MS-RPCE] 2.2.2.11 at level 6"""
    pad = -len(body) % 4
    trailer = bytes(pad) + struct.pack("<BBBBI", AUTH_NTLM, 6, pad, 0, 1) + token
    return struct.pack("<BBBBIHHI", 5, 0, kind, 3, 0x10, 16 + len(body) + len(trailer), len(token), call) + body \
        + trailer


def rpc_bind(call: int, token: bytes) -> bytes:
    """12.6.4.3"""
    body = struct.pack("<HHIB3xHBx", 5840, 5840, 0, 1, 0, 1) + OBJECT_EXPORTER + NDR
    return rpc(BIND, call, body, token)


def rpc_bind_ack(call: int, token: bytes) -> bytes:
    """12.6.4.4"""
    body = struct.pack("<HHIH", 5840, 5840, 0x1234, 4) + b"135\0" + bytes(2) + struct.pack("<B3xHH", 1, 0, 0) + NDR
    return rpc(BIND_ACK, call, body, token)


def rpc_auth3(call: int, token: bytes) -> bytes:
    """[MS-RPCE] 2.2.2.5"""
    return rpc(AUTH3, call, bytes(4), token)


# -- HTTP ------------------------------------------------------------------------------------------------
def http_get(host: str, token: bytes = b"") -> bytes:
    login = b"Authorization: NTLM " + base64.b64encode(token) + b"\r\n" if token else b""
    return b"GET /reports HTTP/1.1\r\nHost: " + host.encode() + b"\r\n" + login + b"\r\n"


def http_answer(status: str, token: bytes | None = None, body: bytes = b"") -> bytes:
    """`token` empty: an offer"""
    login = b"" if token is None else (b"WWW-Authenticate: NTLM " + base64.b64encode(token)).rstrip() + b"\r\n"
    return b"HTTP/1.1 " + status.encode() + b"\r\n" + login + b"Content-Length: %d\r\n\r\n" % len(body) + body
