"""Which revision and which policy stand: vectors and random histories, judged by two verifiers.

The histories are told in words (tests/vectors/standing). One verdict comes from a real repository,
with real keys and merges, in both orders of parents; the other from tests/second_standing.py, which
knows the words only. More random ones than the suite has: `QMS_SEEDS=1000:3000 ./dev test` with the
path of this file, and `QMS_STEPS=30` for longer ones.
"""

import json
import os
import random
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from qms.testing import DocsRepo
from qms.testing.laws import standing, walked
from qms.testing.random_worded import history
from qms.testing.worded import COMPANY, Worded

TESTS = Path(__file__).parents[1]
FILES = sorted((TESTS / "vectors" / "standing").glob("*.toml"))
CASES = {
    case["name"]: case
    for path in FILES
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
}
SEEDS = range(*map(int, os.environ.get("QMS_SEEDS", "0:30").split(":")))
STEPS = int(os.environ.get("QMS_STEPS", "20"))
Verdict = Mapping[str, Any]


def judged_by_second(path: Path) -> dict[str, Verdict]:
    done = subprocess.run(
        [sys.executable, "-I", str(TESTS / "second_standing.py"), str(path)],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {name: json.loads(verdict) for name, verdict in rows}


def judged(folder: Path, steps: Sequence[Verdict], asof: int, *, swap: bool) -> Verdict:
    """What the tool says; what is recorded must be the same by walk and by tree."""
    repo = DocsRepo.make(folder, COMPANY)
    found = Worded.build(repo, steps, swap=swap).verdict(asof)
    assert walked(repo) == standing(repo)
    return found


def expected(case: Verdict) -> Verdict:
    """The verdict of a vector, with what it leaves out."""
    given: dict[str, object] = {"stands": None, "displaced": [], "contested": []}
    numbers = {key: given | value for key, value in case.items() if len(key) == 1}
    return {"policy": case["policy"], "numbers": numbers}


@pytest.mark.parametrize("swap", [False, True], ids=["ours-first", "theirs-first"])
@pytest.mark.parametrize("name", CASES)
def test_each_history_has_its_verdict(name: str, swap: bool, tmp_path: Path) -> None:  # noqa: FBT001
    case = CASES[name]

    found = judged(tmp_path / "repo", case["steps"], case.get("asof", 900), swap=swap)

    assert found == expected(case)


def test_names_of_histories_are_told_once() -> None:
    told = [case for path in FILES for case in tomllib.loads(path.read_text("utf-8"))["case"]]

    assert len(told) == len(CASES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_second_verifier_agrees_on_each_history(path: Path) -> None:
    cases = tomllib.loads(path.read_text(encoding="utf-8"))["case"]

    assert judged_by_second(path) == {case["name"]: expected(case) for case in cases}


@pytest.mark.parametrize("seed", SEEDS)
def test_both_verifiers_agree_on_random_histories(seed: int, tmp_path: Path) -> None:
    steps = history(seed, STEPS)
    asof = random.Random(seed).choice((5, 15, 900))  # noqa: S311 - days before and after the rest
    told = tmp_path / "history.json"
    case = {"name": "it", "asof": asof, "steps": steps}
    told.write_text(json.dumps({"case": [case]}), encoding="utf-8")

    second = judged_by_second(told)["it"]

    for swap in (False, True):
        assert judged(tmp_path / str(swap), steps, asof, swap=swap) == second, steps


def test_random_histories_decide_something() -> None:
    """Else they would agree about nothing: forks, rulings, rejections and rival policies occur."""
    kinds = {step["is"] for seed in range(30) for step in history(seed, 20)}

    assert kinds == {
        "branch", "merge", "policy", "release", "reject", "work", "settle", "annul", "ratify",
    }  # fmt: skip
