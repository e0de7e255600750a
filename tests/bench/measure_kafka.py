"""Events a second that Kafka confirms: librdkafka's own brokers, and a real one where it can be had."""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests/delivery"))

from kafka_broker import Broker  # noqa: E402  (it lies in the folder just named)

BATCH = 1_000
SETTINGS = [("protobuf", "none"), ("protobuf", "lz4"), ("protobuf", "zstd"), ("json", "lz4"), ("json", "zstd")]


def rates(build: Path, count: int, config: object, rounds: int) -> list[tuple[float, ...]]:
    out = []
    for _ in range(rounds):
        done = subprocess.run([build / "kafka_bench", str(count), str(BATCH), config], capture_output=True, text=True,
                              timeout=600, check=False)
        if done.returncode != 0:
            sys.exit(f"bench: kafka: {done.stderr}")
        out.append(tuple(map(float, done.stdout.split())))
    return out


def row(name: str, found: list[tuple[float, ...]], count: int) -> str:
    best = max(found)
    median = statistics.median(rate for rate, *_ in found)
    return f"| {name} | {best[0]:.0f} | {median:.0f} | {best[1] / 10**6:.0f} | {best[2] / count * 10**6:.1f} |"


def measure(build: Path, scale: float, rounds: int) -> str:
    count = max(BATCH, int(100_000 * scale))
    lines = [f"{count} events, {BATCH} a batch", "",
             "| brokers | events/s (best) | events/s (median) | MB/s of protobuf | processor µs an event |",
             "|---|---|---|---|---|",
             row("librdkafka's own, in the same process; protobuf, lz4", rates(build, count, "mock", rounds), count)]
    jars = build / "kafka"
    made = subprocess.run([PROJECT / "tests/delivery/make_kafka", jars], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        return "\n".join([*lines, "", f"Apache Kafka: left out: {made.stderr.strip()}"])
    with tempfile.TemporaryDirectory(prefix="remora-kafka-") as name:
        folder = Path(name)
        broker = Broker(jars, folder, quick_start=False)
        broker.start()
        try:
            for form, compression in SETTINGS:
                topic = f"{form}-{compression}"
                servers = f"127.0.0.1:{broker.clear}"
                subprocess.run([build / "kafka_topic", "create", f"bootstrap.servers={servers}", topic, "4"], check=True,
                               timeout=120)
                config = folder / f"{topic}.yaml"
                config.write_text(f"type: kafka\nbrokers: [{servers}]\ntopic: {topic}\nformat: {form}\n"
                                  f"compression: {compression}\n")
                lines.append(row(f"Apache Kafka; {form}, {compression}", rates(build, count, config, rounds), count))
        finally:
            broker.kill()
    return "\n".join(lines)
