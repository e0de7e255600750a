"""What every container writer takes: one captured frame and its time."""

from dataclasses import dataclass

SECOND = 1_000_000_000
MILLISECOND = 1_000_000
MICROSECOND = 1_000


@dataclass(frozen=True)
class Frame:
    time_ns: int          # since 1970-01-01 UTC
    data: bytes
    original_size: int = 0  # 0: the frame was captured whole

    @property
    def wire_size(self) -> int:
        return self.original_size or len(self.data)
