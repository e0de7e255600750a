"""How files go over HTTP/1.1 (RFC 9112), FTP (RFC 959), SMB 2 ([MS-SMB2] 2.2) and SMB 1 ([MS-CIFS] 2.2)."""

import struct

from builder.auth import smb2, wide

# -- SMB 2 -----------------------------------------------------------------------------------------------
TREE_CONNECT, CREATE, CLOSE, READ, WRITE, IOCTL, SET_INFO = 3, 5, 6, 8, 9, 11, 17
PIPE_TRANSCEIVE = 0x0011C017  # [MS-FSCC] 2.3
FILE_ID = bytes(range(1, 17))
DELETE_ON_CLOSE = 0x00001000
DISPOSITION, RENAME = 13, 10  # [MS-FSCC] 2.4


def create(name: str, options: int = 0x40, disposition: int = 5) -> bytes:
    """2.2.13"""
    text = wide(name)
    return struct.pack("<HBBIQQIIIIIHHII", 57, 0, 0, 2, 0, 0, 0x13019F, 0x80, 7, disposition, options, 120, len(text), 0,
                       0) + (text or b"\0")


def created(size: int = 0, file_id: bytes = FILE_ID) -> bytes:
    """2.2.14"""
    return struct.pack("<HBBIQQQQQQII", 89, 0, 0, 1, 0, 0, 0, 0, 0, size, 0x80, 0) + file_id + struct.pack("<II", 0, 0)


def close(file_id: bytes = FILE_ID) -> bytes:
    """2.2.15"""
    return struct.pack("<HHI", 24, 0, 0) + file_id


def closed() -> bytes:
    """2.2.16"""
    return struct.pack("<HHIQQQQQQI", 60, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def read(offset: int, length: int, file_id: bytes = FILE_ID) -> bytes:
    """2.2.19"""
    return struct.pack("<HBBIQ", 49, 80, 0, length, offset) + file_id + struct.pack("<IIIHHB", 0, 0, 0, 0, 0, 0)


def data(content: bytes) -> bytes:
    """2.2.20"""
    return struct.pack("<HBBIII", 17, 80, 0, len(content), 0, 0) + content


def write(offset: int, content: bytes, file_id: bytes = FILE_ID) -> bytes:
    """2.2.21"""
    return struct.pack("<HHIQ", 49, 112, len(content), offset) + file_id + struct.pack("<IIHHI", 0, 0, 0, 0, 0) + content


def written(size: int) -> bytes:
    """2.2.22"""
    return struct.pack("<HHIIHH", 17, 0, size, 0, 0, 0)


def transceive(content: bytes, file_id: bytes = FILE_ID) -> bytes:
    """2.2.31"""
    return struct.pack("<HHI", 57, 0, PIPE_TRANSCEIVE) + file_id + struct.pack(
        "<IIIIIIII", 120, len(content), 0, 0, 0, 65536, 1, 0) + content


def transceived(content: bytes, file_id: bytes = FILE_ID) -> bytes:
    """2.2.32"""
    return struct.pack("<HHI", 49, 0, PIPE_TRANSCEIVE) + file_id + struct.pack(
        "<IIIIII", 112, 0, 112, len(content), 0, 0) + content


def set_info(info_class: int, buffer: bytes, file_id: bytes = FILE_ID) -> bytes:
    """2.2.39"""
    return struct.pack("<HBBIHHI", 33, 1, info_class, len(buffer), 96, 0, 0) + file_id + buffer


def renamed_to(name: str) -> bytes:
    """[MS-FSCC] 2.4.42.2"""
    text = wide(name)
    return struct.pack("<B7xQI", 0, 0, len(text)) + text


class Smb2Talk:
    """Requests and answers of one session and tree, their ids counted."""

    def __init__(self, conversation, session: int, tree: int = 5):
        self.tcp, self.session, self.tree, self.number = conversation, session, tree, 10

    def ask(self, command: int, body: bytes) -> int:
        self.number += 1
        self.tcp.send("client", smb2(command, self.number, body, session=self.session, tree=self.tree))
        return self.number

    def answer(self, command: int, number: int, body: bytes, status: int = 0) -> None:
        self.tcp.send("server", smb2(command, number, body, response=True, status=status, session=self.session,
                                     tree=self.tree))

    def do(self, command: int, request: bytes, response: bytes, status: int = 0) -> None:
        self.answer(command, self.ask(command, request), response, status)

    def connect(self, path: str) -> None:
        """2.2.9, 2.2.10"""
        name = wide(path)
        self.do(TREE_CONNECT, struct.pack("<HHHH", 9, 0, 72, len(name)) + name,
                struct.pack("<HBBIII", 16, 1, 0, 0x30, 0, 0x1F01FF))


# -- SMB 1 -----------------------------------------------------------------------------------------------
CLOSE1, DELETE1, READ_ANDX, WRITE_ANDX, TREE_CONNECT_ANDX, NT_CREATE_ANDX = 0x04, 0x06, 0x2E, 0x2F, 0x75, 0xA2
NO_CHAIN = struct.pack("<BBH", 0xFF, 0, 0)


def smb1(command: int, number: int, words: bytes, content: bytes = b"", *, response: bool = False, status: int = 0,
         tree: int = 0x0801) -> bytes:
    """2.2.3 behind the transport's header; Flags2 with Unicode, NT status, long names"""
    head = b"\xffSMB" + struct.pack("<BIBHH8xHHHHH", command, status, 0x88 if response else 0x08, 0xC801, 0, 0, tree,
                                    0xFEFF, 0x0064, number)
    message = head + struct.pack("<B", len(words) // 2) + words + struct.pack("<H", len(content)) + content
    return struct.pack(">I", len(message)) + message


def tree_connect1(path: str) -> tuple[bytes, bytes]:
    """2.2.4.55.1: words and bytes; one byte of password keeps the path at an even place"""
    return NO_CHAIN + struct.pack("<HH", 0, 1), b"\0" + wide(path) + b"\0\0" + b"?????\0"


def nt_create1(name: str) -> tuple[bytes, bytes]:
    """2.2.4.64.1; a byte pads the name"""
    text = wide(name)
    words = NO_CHAIN + struct.pack("<BHIIIQIIIIIB", 0, len(text), 0, 0, 0x13019F, 0, 0x80, 7, 5, 0x40, 2, 0)
    return words, b"\0" + text + b"\0\0"


def nt_created1(fid: int, size: int) -> bytes:
    """2.2.4.64.2"""
    return NO_CHAIN + struct.pack("<BHIQQQQIQQHHB", 0, fid, 1, 0, 0, 0, 0, 0x80, size, size, 0, 7, 0)


def write_andx1(fid: int, offset: int, content: bytes) -> tuple[bytes, bytes]:
    """2.2.4.43.1: data behind header, words and one byte of padding"""
    words = NO_CHAIN + struct.pack("<HIIHHHHHI", fid, offset, 0, 0, 0, 0, len(content), 64, 0)
    return words, b"\0" + content


def read_andx1(fid: int, offset: int, size: int) -> bytes:
    """2.2.4.42.1"""
    return NO_CHAIN + struct.pack("<HIHHIHI", fid, offset, size, size, 0, 0, 0)


def read_andx_answer1(content: bytes) -> tuple[bytes, bytes]:
    """2.2.4.42.2"""
    return NO_CHAIN + struct.pack("<HHHHH10x", 0, 0, 0, len(content), 60), b"\0" + content


# -- HTTP ------------------------------------------------------------------------------------------------
def request(method: str, target: str, host: str, body: bytes | None = None, **headers: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body is not None and "Transfer_Encoding" not in headers:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


def answer(status: str, body: bytes | None = None, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}"] + [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body is not None and "Transfer_Encoding" not in headers:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


def chunked(content: bytes, size: int) -> bytes:
    """RFC 9112 7.1, with an extension and a trailer"""
    out = b""
    for at in range(0, len(content), size):
        chunk = content[at:at + size]
        out += f"{len(chunk):x};part={at}\r\n".encode() + chunk + b"\r\n"
    return out + b"0\r\nX-Trailer: end\r\n\r\n"


def form(boundary: str, name: str, content: bytes) -> bytes:
    """RFC 7578: a field and a file"""
    return (f'--{boundary}\r\nContent-Disposition: form-data; name="subject"\r\n\r\nhelp\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode() + content + f"\r\n--{boundary}--\r\n".encode()
