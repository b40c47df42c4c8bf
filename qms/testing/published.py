"""The output folder of an office: how it comes to be printed, and what lies in it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from qms.printing import RenderRequest
from qms.testing.office import Answer, Office


def publish(office: Office, *options: str) -> Answer:
    """`qms publish` by the document controller, whatever comes of it."""
    return office.call("publish", *options, by="wen.kong")


def out(office: Office) -> Path:
    """Where it prints to."""
    return office.folder / "published"


def laid(office: Office) -> dict[str, bytes]:
    """All that lies in the folder."""
    files = (one for one in out(office).rglob("*") if one.is_file())
    return {str(one.relative_to(out(office))): one.read_bytes() for one in files}


def pages(file: Path) -> list[str]:
    """The text of each page of a PDF, without spaces."""
    done = subprocess.run(  # noqa: S603 - poppler, with a file of the test
        ["pdftotext", str(file), "-"],  # noqa: S607 - as a user finds it
        check=True, capture_output=True,
    )  # fmt: skip
    return ["".join(one.split()) for one in done.stdout.decode().split("\f")[:-1]]


def second_draft(office: Office) -> None:
    """A second work instruction, LX-WI-02, that nobody has sent round."""
    office.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    office.git("add", "documents")
    office.git("commit", "-q", "-m", "Draft")


def elsewhere(office: Office, folder: Path) -> None:
    """From here on at a machine that has printed nothing yet; its cache lies below `folder`."""
    office.environment |= {"XDG_CACHE_HOME": str(folder / "cache-2")}


def noting(told: Path) -> Callable[..., bytes]:
    """The true renderer, which makes the file `told` where it is called, in whatever process."""
    from qms.plugins import Hooks  # noqa: PLC0415 - before it is replaced

    true = Hooks.render

    def render(self: Hooks, request: RenderRequest) -> bytes:
        told.touch()
        return true(self, request)

    return render
