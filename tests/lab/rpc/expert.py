"""Offers help without being asked, as far as a program that is not Windows can: asks the novice's machine for the
object that Remote Assistance runs ([MS-RAI] 1.9). Run with Debian's Python: expert.py HOST"""

import sys

from impacket.dcerpc.v5.dcomrt import DCOMConnection
from impacket.dcerpc.v5.rpcrt import RPC_C_AUTHN_LEVEL_NONE
from impacket.uuid import string_to_bin, uuidtup_to_bin

RA_SERVER = "3C3A70A7-A468-49B9-8ADA-28E11FCCAD5D"      # CLSID RASrv
RA_INTERFACE = ("F120A684-B926-447F-9DF4-C966CB785648", "0.0")  # IID IRASrv


def main() -> None:
    connection = DCOMConnection(sys.argv[1], authLevel=RPC_C_AUTHN_LEVEL_NONE)
    try:
        connection.CoCreateInstanceEx(string_to_bin(RA_SERVER), uuidtup_to_bin(RA_INTERFACE))
    except Exception as refused:  # what impacket raises differs between its versions
        print(f"refused: {refused}")


if __name__ == "__main__":
    main()
