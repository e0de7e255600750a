"""The keys of the lab, for a replay that may open what its programs sealed."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

KEYS = Path(__file__).resolve().parent / "keys"
SERVER_KEYS = (KEYS / "rsakeys.ini", KEYS / "server.key.pem")


@contextlib.contextmanager
def private(files: Iterable[tuple[str, Path]]) -> Iterator[list[str]]:
    """Options of `remora replay` with their files, those that are there. Remora warns of files that others may read, as
    those of a checkout are: it gets copies."""
    with tempfile.TemporaryDirectory(prefix="remora-keys-") as folder:
        given = []
        for option, file in files:
            if file.exists() and file.stat().st_size > 0:
                copy = Path(folder) / file.name
                shutil.copyfile(file, copy)
                copy.chmod(0o600)
                given += [option, str(copy)]
        yield given


def options(recording: Path) -> contextlib.AbstractContextManager[list[str]]:
    """For the recording in this folder: its key log, where there is one, and the keys of the lab's servers."""
    return private([("--tls-keylog", recording / "tls.keylog")] + [("--rsa-key", key) for key in SERVER_KEYS])
