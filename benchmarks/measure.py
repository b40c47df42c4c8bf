"""Medians of things that are measured in turn, so that a busy machine disturbs them alike."""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, Literal

Better = Literal["lower", "higher"]
QMS: Final = Path(sys.executable).with_name("qms")
NOW: Final = "2028-06-30T09:00:00+08:00"
"""The day of all benchmarks: after the last signature of the generated repos."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one benchmark gave. `notes` are lines that say more.

    `pairs` are the ratios of runs side by side, where they were measured so: their median counts.
    """

    name: str
    measured: str
    seconds: float
    reference: str
    reference_seconds: float
    target: float
    better: Better = "lower"
    notes: tuple[str, ...] = ()
    pairs: tuple[float, ...] = ()

    @property
    def ratio(self) -> float:
        """Measured to reference; the other way round where higher is better."""
        if self.pairs:
            return median(self.pairs)
        first, second = self.seconds, self.reference_seconds
        return first / second if self.better == "lower" else second / first

    @property
    def is_met(self) -> bool:
        """Whether the target is met."""
        return self.ratio <= self.target if self.better == "lower" else self.ratio >= self.target

    def row(self) -> dict[str, object]:
        """As ``--json`` prints it."""
        return {
            "name": self.name,
            "ratio": round(self.ratio, 3),
            "target": self.target,
            "better": self.better,
        }

    def text(self) -> str:
        """As it is printed for people."""
        sign = "≤" if self.better == "lower" else "≥"
        verdict = "ok" if self.is_met else "MISSED"
        lines = [
            f"{self.name}: {self.ratio:.2f}× (target {sign} {self.target:g}×) {verdict}",
            f"    {_shown(self.seconds):>10}  {self.measured}",
            f"    {_shown(self.reference_seconds):>10}  {self.reference}",
            *(f"    {note}" for note in self.notes),
        ]
        return "\n".join(lines)


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 10 else f"{seconds:.1f} s"  # noqa: PLR2004


def medians(rounds: int, *works: Callable[[], object]) -> tuple[float, ...]:
    """The median wall time of each of `works`, which run in turn `rounds` times.

    One run before, not counted, warms caches of files and byte code.
    """
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return tuple(map(median, times))


def paired(
    rounds: int, work: Callable[[], object], reference: Callable[[], object]
) -> tuple[float, float, tuple[float, ...]]:
    """The median times of `work` and `reference`, and the ratio of each of `rounds` pairs.

    The two of a pair run one after the other, by turns in either order, each on a heap without
    the other's garbage: what the machine does besides falls on both, and neither goes first.
    """
    work()
    reference()
    times: list[tuple[float, float]] = []
    for place in range(rounds):
        if place % 2:
            second = _timed(reference)
            times.append((_timed(work), second))
        else:
            times.append((_timed(work), _timed(reference)))
    ours, theirs = zip(*times, strict=True)
    return median(ours), median(theirs), tuple(one / other for one, other in times)


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def process(
    command: Sequence[str | Path], folder: Path | None = None, **more: str
) -> Callable[[], None]:
    """A whole process from start to end; it must end with exit code 0."""
    environment = {**_environment(), **more}

    def run() -> None:
        done = subprocess.run(  # noqa: S603 - fixed commands
            [str(part) for part in command],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).decode("utf-8", "replace")
            message = f"{command} in {folder} ended with {done.returncode}:\n{said[-2000:]}"
            raise SystemExit(message)

    return run


def _environment() -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "QMS_NOW": NOW,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
