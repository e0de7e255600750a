"""DCE/RPC calls ([C706] 12.6, [MS-RPCE] 2.2.2), DCOM activation ([MS-DCOM] 2.2.13 to 2.2.22) and the interfaces by which
Remote Assistance is offered ([MS-RAI] 3). What is sealed is random of the right size."""

import struct
import uuid
from dataclasses import dataclass, field

from builder.auth import NDR
from builder.randomness import pseudo_random

SUFFIX = "-0000-0000-C000-000000000046"
SCM_ACTIVATOR = "000001A0" + SUFFIX
OBJECT_EXPORTER = "99FCFEC4-5260-101B-BBCB-00AA0021347A"
REM_UNKNOWN2 = "00000143" + SUFFIX
PCH_SERVICE_CLASS = "833E4010-AFF7-4AC3-AAC2-9F24C1457BCE"
PCH_SERVICE = "833E4200-AFF7-4AC3-AAC2-9F24C1457BCE"
RA_SRV_CLASS = "3C3A70A7-A468-49B9-8ADA-28E11FCCAD5D"
RA_SRV = "F120A684-B926-447F-9DF4-C966CB785648"
ENDPOINT_MAPPER = "E1AF8308-5D1F-11C9-91A4-08002B14A0FA"
SESS_ENV_PUBLIC_RPC = "1257B580-CE2F-4109-82D6-A9459D0BF6BC"  # [MS-TSTS] 1.9
VERSIONS = {ENDPOINT_MAPPER: 3, SESS_ENV_PUBLIC_RPC: 1}  # all others have 0.0
WBEM_CLASS, WBEM = "8BC3F05E-D86B-11D0-A075-00C04FB68820", "F309AD18-D86A-11D0-A075-00C04FB68820"

REQUEST, RESPONSE, FAULT, BIND, BIND_ACK, BIND_NAK, ALTER, ALTER_ACK, AUTH3 = 0, 2, 3, 11, 12, 13, 14, 15, 16
CONNECT, INTEGRITY, PRIVACY = 2, 5, 6
NTLM = 10


def guid(text: str, order: str = "<") -> bytes:
    return uuid.UUID(text).bytes_le if order == "<" else uuid.UUID(text).bytes


# -- PDUs ------------------------------------------------------------------------------------------------
def pdu(kind: int, call: int, body: bytes, *, token: bytes = b"", level: int = CONNECT, flags: int = 3,
        order: str = "<") -> bytes:
    """12.6.3.1, with the trailer of [MS-RPCE] 2.2.2.11 where there is a token"""
    trailer = b""
    if token:
        pad = -len(body) % 16 if kind in (REQUEST, RESPONSE) else -len(body) % 4
        trailer = bytes(pad) + struct.pack(order + "BBBBI", NTLM, level, pad, 0, 1) + token
    drep = 0x10 if order == "<" else 0
    return struct.pack(order + "BBBBBBBBHHI", 5, 0, kind, flags, drep, 0, 0, 0, 16 + len(body) + len(trailer),
                       len(token), call) + body + trailer


def syntax(text: str, order: str) -> bytes:
    return guid(text, order) + struct.pack(order + "I", VERSIONS.get(text, 0))


def bind(call: int, interfaces: dict[int, str], *, kind: int = BIND, order: str = "<", **auth) -> bytes:
    """12.6.4.3: context id and interface"""
    ndr = NDR if order == "<" else guid("8A885D04-1CEB-11C9-9FE8-08002B104860", ">") + struct.pack(">I", 2)
    body = struct.pack(order + "HHIB3x", 5840, 5840, 0, len(interfaces))
    for context, interface in interfaces.items():
        body += struct.pack(order + "HBx", context, 1) + syntax(interface, order) + ndr
    return pdu(kind, call, body, order=order, **auth)


def bind_ack(call: int, results: list[int], port: str, *, kind: int = BIND_ACK, order: str = "<", **auth) -> bytes:
    """12.6.4.4: 0 accepts, 2 is the provider's rejection, for abstract syntax not supported"""
    ndr = NDR if order == "<" else guid("8A885D04-1CEB-11C9-9FE8-08002B104860", ">") + struct.pack(">I", 2)
    address = port.encode() + b"\0" if port else b""
    body = struct.pack(order + "HHIH", 5840, 5840, 0x5A3F, len(address)) + address
    body += bytes(-len(body) % 4) + struct.pack(order + "B3x", len(results))
    for result in results:
        body += struct.pack(order + "HH", result, 1 if result else 0) + (bytes(20) if result else ndr)
    return pdu(kind, call, body, order=order, **auth)


def call_pdus(kind: int, call: int, head: bytes, stub: bytes, *, object_id: bytes = b"", size: int = 5000,
              order: str = "<", **auth) -> list[bytes]:
    """12.6.4.9: a stub in fragments; `head` follows alloc_hint"""
    pieces = [stub[at:at + size] for at in range(0, len(stub), size)] or [b""]
    out = []
    for index, piece in enumerate(pieces):
        flags = (1 if index == 0 else 0) | (2 if index == len(pieces) - 1 else 0) | (0x80 if object_id else 0)
        body = struct.pack(order + "I", len(stub)) + head + object_id + piece
        out.append(pdu(kind, call, body, flags=flags, order=order, **auth))
    return out


def request(call: int, context: int, opnum: int, stub: bytes, *, order: str = "<", **more) -> bytes:
    return b"".join(call_pdus(REQUEST, call, struct.pack(order + "HH", context, opnum), stub, order=order, **more))


def response(call: int, context: int, stub: bytes, *, order: str = "<", **more) -> bytes:
    return b"".join(call_pdus(RESPONSE, call, struct.pack(order + "HBx", context, 0), stub, order=order, **more))


def fault(call: int, context: int, status: int) -> bytes:
    """12.6.4.7"""
    return pdu(FAULT, call, struct.pack("<IHBxII", 32, context, 0, status, 0))


def sealed(label: str, stub: bytes) -> bytes:
    """Its size is all that shows."""
    return pseudo_random(f"sealed:{label}", len(stub))


# -- NDR -------------------------------------------------------------------------------------------------
@dataclass
class Ndr:
    """[C706] 14: primitives aligned to their size, from where the writer began"""
    order: str = "<"
    data: bytes = b""
    referent: int = 0x00020000

    def align(self, size: int) -> "Ndr":
        self.data += bytes(-len(self.data) % size)
        return self

    def u16(self, *values: int) -> "Ndr":
        for value in values:
            self.align(2).data += struct.pack(self.order + "H", value)
        return self

    def u32(self, *values: int) -> "Ndr":
        for value in values:
            self.align(4).data += struct.pack(self.order + "I", value)
        return self

    def u64(self, value: int) -> "Ndr":
        self.align(8).data += struct.pack(self.order + "Q", value)
        return self

    def raw(self, data: bytes) -> "Ndr":
        self.data += data
        return self

    def guid(self, text: str) -> "Ndr":
        return self.align(4).raw(guid(text, self.order))

    def pointer(self) -> "Ndr":
        self.referent += 4
        return self.u32(self.referent)

    def bstr(self, text: str) -> "Ndr":
        """[MS-OAUT] 2.2.23, little-endian whatever the call is; the pointer before it"""
        characters = text.encode("utf-16-le")
        self.pointer().align(4)
        return self.raw(struct.pack("<III", len(text), len(characters), len(text))) \
            .raw(characters) if self.order == "<" else \
            self.u32(len(text), len(characters), len(text)).raw(characters)

    def wide_string(self, text: str) -> "Ndr":
        """14.3.4.2, with its NUL"""
        count = len(text) + 1
        return self.u32(count, 0, count).raw((text + "\0").encode("utf-16-le" if self.order == "<" else "utf-16-be"))

    def interface_pointer(self, objref: bytes) -> "Ndr":
        """MInterfacePointer, [MS-DCOM] 2.2.14"""
        return self.u32(len(objref), len(objref)).raw(objref)


def orpcthis(order: str = "<", extension: bytes = b"") -> Ndr:
    """2.2.13.3; with an extension, an ORPC_EXTENT_ARRAY of one"""
    out = Ndr(order).u16(5, 7).u32(0, 0).raw(pseudo_random("causality", 16))
    if not extension:
        return out.u32(0)
    rounded = (len(extension) + 7) & ~7
    out.pointer().u32(1, 0).pointer().u32(2).pointer().u32(0)
    out.u32(rounded).raw(guid("0000031B" + SUFFIX, order)).u32(len(extension)).raw(extension.ljust(rounded, b"\0"))
    return out.align(4)


def orpcthat(order: str = "<") -> Ndr:
    return Ndr(order).u32(0, 0)


# -- where a machine is ------------------------------------------------------------------------------------
def dual_string_array(bindings: list[str], order: str = "<") -> tuple[bytes, int, int]:
    """2.2.19: entries, their number, where those of security begin"""
    words = "utf-16-le" if order == "<" else "utf-16-be"
    strings = b"".join(struct.pack(order + "H", 7) + (text + "\0").encode(words) for text in bindings) + bytes(2)
    security = b"".join(struct.pack(order + "HHH", kind, 0xFFFF, 0) for kind in (9, 10, 16)) + bytes(2)
    return strings + security, (len(strings) + len(security)) // 2, len(strings) // 2


def packet_array(bindings: list[str]) -> bytes:
    entries, count, security = dual_string_array(bindings)
    return struct.pack("<HH", count, security) + entries


def put_array(out: Ndr, bindings: list[str]) -> Ndr:
    """2.2.19.2: conformant"""
    entries, count, security = dual_string_array(bindings, out.order)
    return out.u32(count).u16(count, security).raw(entries)


def standard_objref(interface: str, bindings: list[str], label: str) -> bytes:
    """2.2.18.4"""
    return b"MEOW" + struct.pack("<I", 1) + guid(interface) + struct.pack("<II", 0, 5) \
        + pseudo_random(f"objref:{label}", 32) + packet_array(bindings)


# -- activation ----------------------------------------------------------------------------------------------
def serialized(body: bytes) -> bytes:
    """Type serialization 1, [MS-RPCE] 2.2.6"""
    body += bytes(-len(body) % 8)
    return bytes.fromhex("01100800cccccccc") + struct.pack("<II", len(body), 0xCCCCCCCC) + body


def blob(properties: list[tuple[str, bytes]], outward: bool = False) -> bytes:
    """2.2.22 in a custom OBJREF, 2.2.18.6"""
    bodies = [serialized(body) for _, body in properties]
    header = Ndr().u32(0, 0, 0, 2, len(properties)).guid(str(uuid.UUID(int=0))).pointer().pointer().u32(0)
    header.u32(len(properties))
    for kind, _ in properties:
        header.guid(kind + SUFFIX)
    header.u32(len(properties)).u32(*(len(body) for body in bodies))
    size = len(serialized(header.data))
    total = size + sum(map(len, bodies))
    head = serialized(struct.pack("<II", total, size) + header.data[8:])
    content = struct.pack("<II", total, 0) + head + b"".join(bodies)
    interface, kind = ("000001A3", "00000339") if outward else ("000001A2", "00000338")
    return b"MEOW" + struct.pack("<I", 4) + guid(interface + SUFFIX) + guid(kind + SUFFIX) \
        + struct.pack("<II", 0, len(content)) + content


def instantiation(clsid: str, interfaces: list[str]) -> bytes:
    """2.2.22.2.1"""
    out = Ndr().guid(clsid).u32(0x14, 0, 0, len(interfaces), 0).pointer().u32(0x58).u16(5, 7).u32(len(interfaces))
    for interface in interfaces:
        out.guid(interface)
    return out.data


def special(session: int, console: bool = False) -> bytes:
    """2.2.22.2.2"""
    return Ndr().u32(session, int(session != 0xFFFFFFFF), 0, 0, 2).raw(bytes(16)).u32(0, 0x14, int(console), 0).u64(0) \
        .u32(0, 0, 0, 0, 0).data


def scm_request() -> bytes:
    """2.2.22.2.4"""
    return Ndr().u32(0).pointer().u32(2).u16(1).pointer().u32(1).u16(7).data


def create_instance(clsid: str, interfaces: list[str], *, session: int | None = None, swapped: bool = False,
                    order: str = "<", extension: bytes = b"") -> bytes:
    """Stub of RemoteCreateInstance, 3.1.2.5.2.3"""
    properties = [("000001AB", instantiation(clsid, interfaces))]
    if session is not None:
        properties.append(("000001B9", special(session)))
    properties += [("000001A4", bytes(16)), ("000001AA", scm_request())]
    if swapped:
        properties.reverse()
    return orpcthis(order, extension).u32(0).pointer().interface_pointer(blob(properties)).align(4).data


@dataclass
class Machine:
    """Where the novice's objects are: names and addresses, and the port of the exporter"""
    hosts: list[str]
    port: int
    order: str = "<"
    label: str = field(default="machine")

    def exporter(self) -> list[str]:
        return [f"{host}[{self.port}]" for host in self.hosts]


def created(machine: Machine, interface: str, result: int = 0, swapped: bool = False) -> bytes:
    """The answer"""
    out = orpcthat(machine.order)
    if result:
        return out.u32(0, result).data
    reply = Ndr().u32(0).pointer().u64(0xA1A2A3A4A5A6A7A8).pointer().raw(pseudo_random("remunknown", 16)).u32(5).u16(5, 7)
    put_array(reply, machine.exporter())
    objref = standard_objref(interface, machine.hosts, machine.label)
    outs = Ndr().u32(1).pointer().pointer().pointer().u32(1).guid(interface).u32(1, 0).u32(1).pointer() \
        .interface_pointer(objref)
    properties = [("00000339", outs.data), ("000001B6", reply.data)]
    if swapped:
        properties.reverse()
    return out.pointer().interface_pointer(blob(properties, outward=True)).align(4).u32(0).data


def server_alive2(machine: Machine) -> bytes:
    """3.1.2.5.1.6"""
    out = Ndr(machine.order).u16(5, 7).pointer()
    return put_array(out, machine.hosts).align(4).u32(0, 0).data


# -- Remote Assistance -----------------------------------------------------------------------------------------
def connection_parms(user: str, domain: str, session: int, expert: str, order: str = "<") -> bytes:
    """[MS-RAI] 3.1.4.1.1"""
    item = f"ID={expert}"
    return orpcthis(order).bstr(user).bstr(domain).u32(session).bstr(f"13;UNSOLICITED=1{len(item)};{item}").data


def connection_string(text: str, result: int = 0, order: str = "<") -> bytes:
    out = orpcthat(order)
    return (out.bstr(text) if text else out.u32(0)).align(4).u32(result).data


def novice_info(text: str, result: int = 0) -> bytes:
    """3.3.4.1.1"""
    out = orpcthat()
    return (out.pointer().wide_string(text) if text else out.u32(0)).align(4).u32(result).data


def session_info(sessions: list[str]) -> bytes:
    """3.3.4.1.2: SAFEARRAY of BSTR, [MS-OAUT] 2.2.30.10"""
    out = orpcthat().pointer().u32(1).u16(1, 0x180).u32(4, 8 << 16, 8, len(sessions)).pointer().u32(len(sessions), 0)
    out.u32(len(sessions))
    for _ in sessions:
        out.pointer()
    for text in sessions:
        characters = text.encode("utf-16-le")
        out.u32(len(text), len(characters), len(text)).raw(characters)
    return out.align(4).u32(len(sessions), 0).data


# -- endpoint mapper, [C706] appendices L and O, [MS-RPCE] 2.2.1.2.5; shadowing, [MS-TSTS] 3.10.4.1.1 ---------------------
def tower(interface: str, port: int, address: str) -> bytes:
    ndr = "8A885D04-1CEB-11C9-9FE8-08002B104860"
    floors = [(b"\x0d" + guid(interface) + struct.pack("<H", 0), bytes(2)),
              (b"\x0d" + guid(ndr) + struct.pack("<H", 2), bytes(2)), (b"\x0b", bytes(2)),
              (b"\x07", struct.pack(">H", port)), (b"\x09", bytes(map(int, address.split("."))))]
    return struct.pack("<H", len(floors)) + b"".join(
        struct.pack("<H", len(left)) + left + struct.pack("<H", len(right)) + right for left, right in floors)


def put_tower(out: Ndr, octets: bytes) -> Ndr:
    return out.u32(len(octets), len(octets)).raw(octets)


def ept_map(interface: str) -> bytes:
    """Any object, four towers at most"""
    out = Ndr().pointer().raw(bytes(16)).pointer()
    return put_tower(out, tower(interface, 0, "0.0.0.0")).align(4).raw(bytes(20)).u32(4).data


def ept_mapped(interface: str, places: list[tuple[str, int]]) -> bytes:
    # Full pointers: those of the request are known, and do not point anew.
    out = Ndr(referent=0x00030000).raw(bytes(20)).u32(len(places), 4, 0, len(places))
    for _ in places:
        out.pointer()
    for address, port in places:
        put_tower(out, tower(interface, port, address)).align(4)
    return out.u32(0 if places else 0x16C9A0D6).data


def shadow(session: int) -> bytes:
    """Control is asked for, and so is the one who is looked at."""
    return Ndr().u32(session).u16(1, 1).u32(8192).data


def shadowed(invitation: str, result: int = 0) -> bytes:
    text = (invitation + "\0").encode("utf-16-le")
    return Ndr().u16(1).align(4).u32(8192, 0, len(text) // 2).raw(text).align(4).u32(result).data
