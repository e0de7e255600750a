"""Mails and the protocols that carry them: RFC 5322, 2045 to 2047, 2231; RFC 5321, 3030, 1939, 3501."""

import base64
import binascii
import quopri

BOUNDARY = "=_remora_"


def lines(data: bytes, size: int = 76) -> bytes:
    text = base64.b64encode(data)
    return b"".join(text[at:at + size] + b"\r\n" for at in range(0, len(text), size))


def quoted(data: bytes) -> bytes:
    return quopri.encodestring(data, quotetabs=False).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def uuencoded(data: bytes, name: str) -> bytes:
    body = b"".join(binascii.b2a_uu(data[at:at + 45], backtick=True).rstrip(b"\n") + b"\r\n"
                    for at in range(0, len(data), 45))
    return f"begin 644 {name}\r\n".encode() + body + b"`\r\nend\r\n"


def part(data: bytes, name: str, *, encoding: str = "base64", media_type: str = "application/octet-stream",
         disposition: str = "") -> bytes:
    """`disposition`: the whole parameter instead of filename="name" """
    body = {"base64": lines, "quoted-printable": quoted, "8bit": lambda raw: raw + b"\r\n"}[encoding](data)
    told = disposition or f'filename="{name}"'
    return (f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: {encoding}\r\n"
            f"Content-Disposition: attachment;\r\n {told}\r\n\r\n").encode() + body


def text_part(text: str = "Please help me.\r\n.\r\nA line with a dot before it.\r\n") -> bytes:
    return b"Content-Type: text/plain; charset=us-ascii\r\n\r\n" + text.encode()


def multipart(parts: list[bytes], number: int = 1) -> bytes:
    """Headers and body"""
    name = f"{BOUNDARY}{number}"
    inside = b"".join(f"--{name}\r\n".encode() + each + b"\r\n" for each in parts)
    return (f'Content-Type: multipart/mixed;\r\n\tboundary="{name}"\r\n\r\nThis is a message in several parts.\r\n'
            ).encode() + inside + f"--{name}--\r\n".encode()


def mail(entity: bytes) -> bytes:
    return (b"From: Carol <carol@corp.example>\r\nTo: dave@corp.example\r\nSubject: =?utf-8?B?SGVscA==?=\r\n"
            b"MIME-Version: 1.0\r\n" + entity)


def dotted(message: bytes) -> bytes:
    stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in message.split(b"\r\n"))
    return stuffed + b".\r\n"


def literal(data: bytes, plus: bool = False) -> bytes:
    return f"{{{len(data)}{'+' if plus else ''}}}\r\n".encode() + data
