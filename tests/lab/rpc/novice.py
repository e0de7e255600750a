"""A machine whose object activator knows the interface of Remote Assistance and refuses: impacket's RPC server on the
port of the endpoint mapper. Run with Debian's Python: novice.py"""

import struct

from impacket.dcerpc.v5 import rpcrt

ACTIVATOR = ("000001A0-0000-0000-C000-000000000046", "0.0")  # IRemoteSCMActivator
REMOTE_CREATE_INSTANCE = 4
E_ACCESSDENIED = 0x80070005


def refuse(_data: bytes) -> bytes:
    """ORPCTHAT (flags, no extensions), no properties, HRESULT: [MS-DCOM] 3.1.2.5.2.3.3"""
    return struct.pack("<IIII", 0, 0, 0, E_ACCESSDENIED)


def main() -> None:
    rpcrt.DCERPCServer.setListenPort = listen_everywhere
    server = rpcrt.DCERPCServer()
    server.setListenPort(135)
    server.addCallbacks(ACTIVATOR, "135", {REMOTE_CREATE_INSTANCE: refuse})
    server.run()


def listen_everywhere(server: rpcrt.DCERPCServer, port: int) -> None:
    server._listenAddress, server._listenPort = "0.0.0.0", port
    server._sock = rpcrt.socket.socket()
    server._sock.setsockopt(rpcrt.socket.SOL_SOCKET, rpcrt.socket.SO_REUSEADDR, 1)
    server._sock.bind(("0.0.0.0", port))


if __name__ == "__main__":
    main()
