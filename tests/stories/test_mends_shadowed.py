"""What a mend prints brings back what it says, whatever somebody has called like its commit."""

import pytest

from qms.testing.mended import by_git, committed, done, fine, shared, told, typed
from qms.testing.office import Office

TEXT = "documents/work-instruction/LX-WI-01.md"
FILED = "released/work-instruction/LX-WI-01/A-0.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])
WHOLE = 40


def shadowed(office: Office, commit: str, bad: str) -> None:
    """Tags called like each beginning of a commit's id, and all a folder may bring, elsewhere."""
    names = [f"tags/{commit[:digits]}" for digits in range(4, WHOLE + 1)]
    names += [f"{place}/{commit}" for place in ("heads", "remotes/origin")]
    for name in names:
        office.git("update-ref", f"refs/{name}", bad)
    office.git("config", "advice.objectNameWarning", "false")


@LANGUAGES
@pytest.mark.parametrize("way", ["changed", "gone", "link"])
def test_a_tag_called_like_a_commit_is_not_what_a_mend_takes(
    released: Office, lang: str, way: str
) -> None:
    """Row 152 (L: DOC-CHANGED, DOC-MISSING, BAD-MODE): the bytes of whoever pushed it stay out."""
    shared(released)
    good, text = released.git("rev-parse", "HEAD"), released.text(FILED)
    match way:
        case "changed":
            released.edit(FILED, "# 车床", "# 铣床")
        case "gone":
            (released.folder / FILED).unlink()
        case _:
            (released.folder / FILED).unlink()
            (released.folder / FILED).symlink_to(released.folder / TEXT)
    committed(released)
    code = {"changed": "DOC-CHANGED", "gone": "DOC-MISSING", "link": "BAD-MODE"}[way]
    shadowed(released, good, "HEAD")

    commands = by_git(told(released, code, lang))

    done(released, *commands[:1])
    assert released.text(FILED) == text
    done(released, "git commit -qm restore")
    fine(released)


@LANGUAGES
def test_a_text_of_two_is_taken_from_the_trunk_itself(drafted: Office, lang: str) -> None:
    """Row 152 (L: BEGUN-TWICE): both sides of a merge have tags called like them."""
    shared(drafted)
    drafted.git("checkout", "-q", "-b", "other")
    for branch, title in (("other", "铣床"), ("main", "磨床")):
        drafted.git("checkout", "-q", branch)
        drafted.qms("new", "work-instruction", "--title", title, by="gong.yi")
        committed(drafted)
    shared(drafted)
    sides = [drafted.git("rev-parse", one) for one in ("main", "other")]
    assert typed(drafted, "git merge -q other").code
    for side in sides:
        shadowed(drafted, side, "HEAD~1")

    (aside, keep, _) = told(drafted, "BEGUN-TWICE", lang)

    done(drafted, aside, keep)
    assert "磨床" in drafted.text("documents/work-instruction/LX-WI-02.md")
    assert "铣床" in drafted.text("LX-WI-02.md")
