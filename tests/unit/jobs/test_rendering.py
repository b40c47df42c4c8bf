"""Issue 8, 1 and 3: limits count for each document; one that ends its child costs only itself."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from qms.domain.kinds.policy import Policy
from qms.findings import Finding, QmsError, refused
from qms.installed import TOOLS
from qms.jobs.judging.checker import Checker
from qms.jobs.paper.planned import Wanted
from qms.jobs.paper.prints import plan
from qms.jobs.paper.rendering import Limits, render_all
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.printing import RenderRequest
from qms.storage.repository import Repository
from qms.testing import DocsRepo


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Policy, RenderRequest]:
    docs = DocsRepo.make(tmp_path_factory.mktemp("docs") / "docs")
    docs.release("LX-WI-01")
    with Repository.find(docs.lay_out()) as repository:
        session = WorkSession(
            repository=repository, hooks=docs.hooks, now=docs.now, language="zh",
            checker=Checker.of(repository, docs.hooks),
        )  # fmt: skip
        prints = plan(session, Wanted(), Hooks(session.policy.plugins, (TOOLS,))).prints
        return session.policy, prints[0].request


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def fill() -> None:
    held = []
    while True:
        held.append(bytes(64 << 20))


WAYS: Mapping[str, Callable[[], object]] = {
    "fine": lambda: None,
    "burns": lambda: burn(0.7),
    "burns too long": lambda: burn(30),
    "burns for long": lambda: burn(300),
    "hangs": lambda: time.sleep(30),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exits": lambda: os._exit(0),
    "exit of Python": lambda: (_ for _ in ()).throw(SystemExit(0)),
    "full": fill,
}


def render(_hooks: Hooks, request: RenderRequest) -> bytes:
    """What a document does to its child is its path."""
    WAYS[request.path]()
    return b"%PDF " + request.path.encode()


@pytest.fixture
def printed(
    asked: tuple[Policy, RenderRequest], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, bytes | Finding]]:
    policy, request = asked
    monkeypatch.setattr(Hooks, "render", render)

    def run(paths: list[str], **limits: float) -> dict[str, bytes | Finding]:
        requests = {f"{at} {path}": replace(request, path=path) for at, path in enumerate(paths)}
        bounds = Limits(memory=2 << 30, **limits)  # type: ignore[arg-type]
        return dict(render_all(policy, requests, bounds, workers=2))

    return run


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("hangs", "time"), ("killed", "SIGKILL"), ("exits", "exit 0"),
        ("exit of Python", "exit 0"), ("full", "memory"), ("burns too long", "SIGXCPU"),
    ],
)  # fmt: skip
def test_a_document_that_ends_its_child_costs_itself_alone(
    printed: Callable[..., dict[str, bytes | Finding]], way: str, reason: str
) -> None:
    paths = ["fine", way, "fine", "fine", way, "fine"]

    found = printed(paths, processor=1, wall=4 if way == "hangs" else 20)

    ended = {key: one for key, one in found.items() if isinstance(one, Finding)}
    assert [key[2:] for key in ended] == [way, way]
    for one in ended.values():
        assert (one.code, one.place.path) == ("RENDER-ENDED", way), "no innocent is blamed"
        assert one.values["reason"] == reason
    assert [one for one in found.values() if not isinstance(one, Finding)] == [b"%PDF fine"] * 4


def test_many_documents_may_take_more_than_one(
    printed: Callable[..., dict[str, bytes | Finding]],
) -> None:
    """A cold run of 1,500 is killed where one child's seconds are counted for all that it does."""
    found = printed(["burns"] * 8, processor=1, wall=20)
    assert list(found.values()) == [b"%PDF burns"] * 8


@pytest.mark.parametrize(
    ("kb", "pictures", "processor", "wall"),
    [(0, 0, 30, 60), (10, 0, 50, 100), (10, 3, 80, 160), (200, 0, 430, 860), (4000, 9, 600, 1200)],
)
def test_a_document_has_the_time_that_its_size_may_take(
    asked: tuple[Policy, RenderRequest], kb: int, pictures: int, processor: int, wall: int
) -> None:
    """On a machine three times slower than one that was measured nobody's text is ended."""
    request = asked[1]
    sized = replace(
        request,
        document=replace(request.document, body="x" * kb * 1024),
        assets={str(one): b"" for one in range(pictures)},
    )

    limits = Limits.of(sized)

    assert (limits.processor, limits.wall) == (processor, wall)


@pytest.mark.long  # soon is half a minute
def test_a_short_document_that_goes_on_and_on_is_ended_soon(
    asked: tuple[Policy, RenderRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 209 (P: RENDER-ENDED): it had ten minutes of processor, whatever its length."""
    policy, request = asked
    monkeypatch.setattr(Hooks, "render", render)
    began = time.monotonic()

    (found,) = dict(render_all(policy, {"a": replace(request, path="burns for long")})).values()

    assert isinstance(found, Finding)
    assert (found.code, found.values["reason"]) in {
        ("RENDER-ENDED", "SIGXCPU"), ("RENDER-ENDED", "time"),
    }  # fmt: skip
    assert time.monotonic() - began < 90


def test_what_the_machine_lacks_ends_the_run(
    asked: tuple[Policy, RenderRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, request = asked

    def lacking(_hooks: Hooks, _request: RenderRequest) -> bytes:
        raise QmsError(Finding("FONTS-MISSING", values={"missing": "x", "package": "y"}))

    monkeypatch.setattr(Hooks, "render", lacking)
    with pytest.raises(QmsError) as caught:
        list(render_all(policy, {"a": request, "b": request}))
    assert caught.value.finding.code == "FONTS-MISSING"


def test_a_refusal_is_of_its_document(
    asked: tuple[Policy, RenderRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, request = asked

    def refusing(_hooks: Hooks, _request: RenderRequest) -> bytes:
        raise refused("RENDER-FAILED", found="x")

    monkeypatch.setattr(Hooks, "render", refusing)
    (found,) = dict(render_all(policy, {"a": request})).values()
    assert isinstance(found, Finding)
    assert (found.code, found.place.path) == ("RENDER-FAILED", request.path)


def test_nothing_to_render_starts_nothing(asked: tuple[Policy, RenderRequest]) -> None:
    assert not list(render_all(asked[0], {}))
