"""The keys of the lab, for a replay that may open what its programs sealed."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

KEYS = Path(__file__).resolve().parent / "keys"
SERVER_KEYS = (KEYS / "rsakeys.ini", KEYS / "server.key.pem")


@contextlib.contextmanager
def options(recording: Path) -> Iterator[list[str]]:
    """Options of `remora replay` for the recording in this folder: its key log, where there is one, and the keys of
    the lab's servers. Remora warns of files that others may read, as those of a checkout are: it gets copies."""
    with tempfile.TemporaryDirectory(prefix="remora-keys-") as folder:
        given = []
        for option, file in [("--tls-keylog", recording / "tls.keylog")] + [("--rsa-key", key) for key in SERVER_KEYS]:
            if file.exists() and file.stat().st_size > 0:
                copy = Path(folder) / file.name
                shutil.copyfile(file, copy)
                copy.chmod(0o600)
                given += [option, str(copy)]
        yield given
