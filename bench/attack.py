"""Attacks a server of this machine, and measures a reader beside each attack.

Writes `bench/results/attack.json` and `docs/security-measured.md`. Ends by itself within five
minutes, and exits with 1 if a target is missed.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.settings import PROJECT_DIRECTORY
from bench.attacks import ATTACKS, Target, attacking, read_for, reader_paths
from bench.report import Measurement, print_table, save_results
from bench.server_parts import Memory, database, frontline_server, wait_for_columns

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

EVENTS: Final = 31_000
QUIET_SECONDS: Final = 20.0
ATTACK_SECONDS: Final = 12.0
# The attack runs for so long before the reader begins.
AHEAD_SECONDS: Final = 2.0
OPEN_SECONDS: Final = 60.0
_DOCUMENT: Final = PROJECT_DIRECTORY / "docs" / "security-measured.md"


def _attack(base: str, name: str, pipe: Connection) -> None:
    """Attacks until the pipe says so, and keeps the sockets until it says so again.

    Runs in a process of its own with the lowest priority: attackers elsewhere would take no
    processor time from the server.
    """
    os.nice(19)
    target = Target(base)

    async def run() -> None:
        async with attacking(ATTACKS[name], target):
            pipe.send("begun")
            await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        pipe.send("ended")
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        target.close()

    asyncio.run(run())


def measure() -> Iterator[Measurement]:
    """Yields the measurements."""
    with database(EVENTS, kept=None) as (cluster, folder, _), frontline_server(folder) as (base, pid):
        wait_for_columns(cluster)
        paths = asyncio.run(reader_paths(base))
        asyncio.run(read_for(base, paths, seconds=3))
        memory = Memory(pid)
        quiet = asyncio.run(read_for(base, paths, seconds=QUIET_SECONDS))
        yield Measurement("reader alone: 200", quiet.answered, "%", 99, "at least")
        yield Measurement("reader alone: 95th percentile", quiet.p95_ms, "ms")
        fork = multiprocessing.get_context("spawn")
        held = []
        for name in ATTACKS:
            ours, theirs = fork.Pipe()
            attacker = fork.Process(target=_attack, args=(base, name, theirs), daemon=True)
            attacker.start()
            ours.recv()
            time.sleep(AHEAD_SECONDS)
            reading = asyncio.run(read_for(base, paths, seconds=ATTACK_SECONDS))
            ours.send("stop")
            ours.recv()
            held.append((attacker, ours))
            yield Measurement(f"{name}: 200", reading.answered, "%", 99, "at least")
            yield Measurement(f"{name}: 95th percentile", reading.p95_ms, "ms", 2 * quiet.p95_ms)
        time.sleep(OPEN_SECONDS)
        left = _open_connections(int(base.rpartition(":")[2]))
        yield Measurement(f"connections open {OPEN_SECONDS:.0f} s after the last attack", left, "", 0)
        for attacker, ours in held:
            ours.send("close")
            attacker.join(timeout=10)
        yield Measurement("most memory of the web process (PSS)", memory.end(), "MB", 400)


def _open_connections(port: int) -> int:
    """Counts the established connections of a local port, as the kernel lists them."""
    lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    fields = [line.split() for line in lines]
    return sum(one[1].endswith(f":{port:04X}") and one[3] == "01" for one in fields)


def _write_document(rows: list[Measurement]) -> None:
    figures = {row.name: row for row in rows}
    quiet = figures["reader alone: 95th percentile"].value
    lines = [
        "# Attacks, measured",
        "",
        "`make attack` wrote this page. It attacks a server with 31 000 synthetic events from ten",
        "loopback addresses. Beside each attack, a reader requests the page, items, a part of the columns",
        "and tiles, five times a second, each on a new connection. Server, database, attackers and reader",
        f"share the {os.cpu_count()} processors of the machine; the attackers have the lowest priority.",
        "",
        f"Without an attack, the 95th percentile of the reader is {quiet:.0f} ms.",
        "",
        "| attack | answered with 200 | 95th percentile | times quiet |",
        "|---|---:|---:|---:|",
    ]
    for name in ATTACKS:
        answered, p95 = figures[f"{name}: 200"], figures[f"{name}: 95th percentile"]
        lines.append(f"| {name} | {answered.value:.1f} % | {p95.value:.0f} ms | {p95.value / quiet:.1f} |")
    lines += ["", "| afterwards | measured | to reach |", "|---|---:|---:|"]
    lines += [f"| {row.name} | {row.value:.0f} {row.unit} | {row.target:.0f} |" for row in rows[-2:]]
    _DOCUMENT.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> int:
    """Runs all attacks and prints the results."""
    rows = []
    for row in measure():
        rows.append(row)
        sys.stderr.write(f"{row.name}: {row.value:.1f} {row.unit}\n")
    save_results("attack", rows)
    _write_document(rows)
    return 0 if print_table("attack", rows) else 1


if __name__ == "__main__":
    sys.exit(main())
