"""An authority of our own, made with openssl: certificates for tests, good ones and bad ones."""

import datetime
import subprocess
from pathlib import Path

CONFIGURATION = """
[ca]
default_ca = authority
[authority]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = name
x509_extensions = root
[name]
[root]
basicConstraints = critical, CA:TRUE
"""
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Authority:
    """Everything is in `folder`: ca.pem, and NAME.pem and NAME.key of what was issued."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True)
        self.folder = folder
        self.configuration = folder / "openssl.cnf"
        self.configuration.write_text(CONFIGURATION.format(folder=folder))
        (folder / "index.txt").touch()
        (folder / "serial").write_text("1000\n")
        self.openssl("req", "-x509", *KEY, "-keyout", folder / "ca.key", "-out", folder / "ca.pem", "-days", "2",
                     "-subj", f"/CN={folder.name} authority")

    @property
    def file(self) -> Path:
        return self.folder / "ca.pem"

    def issue(self, name: str, hosts: str = "IP:127.0.0.1,DNS:localhost", expired: bool = False) -> tuple[Path, Path]:
        """The certificate and its key, valid from yesterday until tomorrow; `expired`: an hour ago"""
        certificate, key, request = (self.folder / f"{name}.{end}" for end in ("pem", "key", "csr"))
        self.openssl("req", *KEY, "-keyout", key, "-out", request, "-subj", f"/CN={name}", "-addext",
                     f"subjectAltName={hosts}")
        now = datetime.datetime.now(datetime.timezone.utc)
        end = now - datetime.timedelta(hours=1) if expired else now + datetime.timedelta(days=1)
        self.openssl("ca", "-batch", "-notext", "-in", request, "-out", certificate, "-startdate",
                     f"{now - datetime.timedelta(days=1):%Y%m%d%H%M%SZ}", "-enddate", f"{end:%Y%m%d%H%M%SZ}")
        return certificate, key

    def openssl(self, command: str, *arguments: object) -> None:
        done = subprocess.run(["openssl", command, "-config", self.configuration, *map(str, arguments)],
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"openssl {command}: {done.stderr}")
