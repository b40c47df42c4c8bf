"""What the texts of one push may take together, while others wait to push."""

import struct
import zlib
from pathlib import Path

from qms.jobs.dangers.push_room import MOST_PIXELS, MOST_SECONDS, PushRoom
from qms.jobs.judging.admission import standing
from qms.jobs.judging.steps import check_step
from qms.plugins import Hooks
from qms.storage.repository import Repository
from qms.testing.office import Office

CLASS = "documents/work-instruction"
OF_A_TEXT = 400_000_000
SIDES = (20_000, 2_000)


def empty_picture() -> bytes:
    """A PNG that says it has forty million pixels, and breaks off: nobody unpacks it."""
    size = struct.pack(">IIBBBBB", *SIDES, 8, 0, 0, 0, 0)
    head = b"IHDR" + size
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def with_texts(office: Office, numbers: range) -> None:
    """As many drafts, each with the pixels that one may have."""
    names = [f"{at}.png" for at in range(OF_A_TEXT // (SIDES[0] * SIDES[1]))]
    for name in names:
        (office.folder / "assets").mkdir(exist_ok=True)
        (office.folder / "assets" / name).write_bytes(empty_picture())
    shown = "\n\n".join(f"![图](../../assets/{name})" for name in names)
    text = office.text(f"{CLASS}/LX-WI-01.md")
    for at in numbers:
        own = text.replace("LX-WI-01", f"LX-WI-{at:02}")
        office.write(f"{CLASS}/LX-WI-{at:02}.md", f"{own}\n{shown}\n")
    office.git("add", "-A")
    office.git("commit", "-qm", "Many texts")


def test_pictures_of_a_hundred_texts_are_not_all_unpacked(drafted: Office, server: Path) -> None:
    """Row 278 (R: PUSH-PIXELS): each within its bound, they took forty minutes together."""
    del server
    room = MOST_PIXELS // OF_A_TEXT
    with_texts(drafted, range(10, 10 + room + 9))

    code, said = drafted.push("main")

    first = f"{CLASS}/LX-WI-{10 + room + 1}.md"
    assert (code != 0, said.count("PUSH-PIXELS")) == (True, 1), said
    assert f"{first}: " in said
    assert f"LX-WI-{10 + room}.md" in said
    assert f"LX-WI-{10 + room + 2}.md" not in said, "nothing behind it was looked at"


def test_in_parts_each_text_is_judged(drafted: Office, server: Path) -> None:
    """What the mend says leads on."""
    del server
    with_texts(drafted, range(10, 10 + MOST_PIXELS // OF_A_TEXT))

    said = drafted.push("main")[1]

    assert "PUSH-PIXELS" not in said
    assert said.count("PICTURE-FORM") == MOST_PIXELS // (SIDES[0] * SIDES[1]), "all were looked at"


def test_a_library_comes_in_by_one_push() -> None:
    """A thousand texts with three photographs each, and a mark of the company's on all."""
    room = PushRoom()

    for _ in range(1000):
        room.drew((2_000_000, 2_000_000, 2_000_000, 300_000))

    assert room.fault("a.md") is None


def test_what_says_no_pixels_is_bound_by_time() -> None:
    """Row 278 (R: PUSH-TIME): drawings whose style sheets take seconds each."""
    room = PushRoom(seconds=float(MOST_SECONDS))
    assert room.fault("a.md") is None

    with room.judging():
        sum(range(100_000))

    fault = room.fault("b.md")
    assert fault is not None
    assert (fault.code, fault.place.path) == ("PUSH-TIME", "b.md")


def test_all_that_a_gate_judges_is_counted(drafted: Office) -> None:
    """Row 278 (R: PUSH-TIME): heads of thousands of keys take time before anything is printed."""
    room = PushRoom(seconds=float(MOST_SECONDS))
    repository = Repository.find(drafted.folder)
    hooks = Hooks.of(standing(repository, repository.head_tree()).admitted)

    report = check_step(repository, hooks, "HEAD~1", "HEAD", room=room)

    assert [one.code for one in report.findings] == ["PUSH-TIME"]
    repository.close()
