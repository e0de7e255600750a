"""Port mappings by UPnP: SOAP (UPnP Device Architecture 1.0, 3.2) of WANIPConnection:1, 2.4.14 to 2.4.18."""

SERVICE = "urn:schemas-upnp-org:service:WANIPConnection:1"
ENVELOPE = '<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' \
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>{}</s:Body></s:Envelope>\r\n'


def body(name: str, arguments: dict[str, object]) -> bytes:
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in arguments.items())
    return ENVELOPE.format(f'<u:{name} xmlns:u="{SERVICE}">{inner}</u:{name}>').encode()


def action(router: str, name: str, **arguments: object) -> bytes:
    content = body(name, arguments)
    return (f"POST /ctl/IPConn HTTP/1.1\r\nHost: {router}:5000\r\nContent-Type: text/xml; charset=\"utf-8\"\r\n"
            f"SOAPAction: \"{SERVICE}#{name}\"\r\nContent-Length: {len(content)}\r\n\r\n").encode() + content


def answer(name: str, *, status: str = "200 OK", chunked: bool = False, **arguments: object) -> bytes:
    content = body(name + "Response", arguments)
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/xml; charset=\"utf-8\"\r\n"
    if not chunked:
        return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content
    half = len(content) // 2
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (content[:half], content[half:]))
    return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + pieces + b"0\r\n\r\n"


def add_mapping(router: str, client: str, port: int, external: int) -> bytes:
    """2.4.16"""
    return action(router, "AddPortMapping", NewRemoteHost="", NewExternalPort=external, NewProtocol="TCP",
                  NewInternalPort=port, NewInternalClient=client, NewEnabled=1,
                  NewPortMappingDescription="assistance", NewLeaseDuration=0)


def delete_mapping(router: str, external: int) -> bytes:
    """2.4.18"""
    return action(router, "DeletePortMapping", NewRemoteHost="", NewExternalPort=external, NewProtocol="TCP")
