"""Which commit a person means by what was typed: itself, or a refusal, never a guess.

git takes the first that answers to a name, tags before branches, and anybody can push tags. Whoever
types ``origin/main`` to say where a judgement begins would get another beginning. So where several
refs answer to a name, or a ref and an object's id, none is taken: which one is meant is told by a
full name.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from qms.findings import refused
from qms.storage import refs
from qms.storage.files import plain_blocks

if TYPE_CHECKING:
    from qms.storage.repository import Repository

_FORM: Final = re.compile(r"([^~^]+)((?:[~^][0-9]{0,9}){0,100})")
_NAME: Final = re.compile(
    r"(?![-/])(?!.*(?:\.\.|//|/\.|@\{|\.lock(?:/|\Z)))[^\x00-\x20\x7f:?*\[\\]+"
)
_ID: Final = re.compile(r"[0-9a-fA-F]{4,64}")
_DESCRIBED: Final = re.compile(r".*-g([0-9a-fA-F]{4,64})", re.DOTALL)
"""What `git describe` prints, which git takes for the commit that its last digits name."""
_WIDTHS: Final = {"sha1": 40, "sha256": 64}
_OF_GIT: Final = re.compile(r"HEAD|[A-Z]+(?:_[A-Z]+)*_HEAD")
_PLACES: Final = (
    "refs/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD", "refs/heads/{}", "refs/tags/{}",
)  # fmt: skip
"""Where git looks for a short name, what is shared first."""
_SOME: Final = 3


def meant(repository: "Repository", typed: str) -> str | None:
    """The commit that is meant, or None: there is no such.

    That is an id, whole or abbreviated, HEAD, a full name (``refs/heads/main``) or one that a
    single ref answers to, and behind it ``~2`` or ``^``. Raises `Refused` BAD-REVISION for other
    text, NAME-AMBIGUOUS.
    """
    parts = _FORM.fullmatch(typed)
    if parts is None or not _NAME.fullmatch(parts[1]) or parts[1].endswith(("/", ".")):
        raise refused("BAD-REVISION", found=typed)
    name, steps = ("HEAD" if parts[1] == "@" else parts[1]), parts[2]
    found = _itself(repository, name)
    return found if found is None or not steps else repository.commit_id(f"{found}{steps}")


def _itself(repository: "Repository", name: str) -> str | None:
    if _ID.fullmatch(name) and len(name) == _WIDTHS[repository.hash_name]:
        return repository.commit_id(name.lower())
    if _OF_GIT.fullmatch(name):  # itself or nothing, as what begins with refs/ is
        found = _fetched(repository) if name == "FETCH_HEAD" else refs.lookup(repository.git, name)
        return None if found is None else repository.commit_id(found)
    if name.startswith("refs/"):
        return repository.named(name)
    called = list(_answering(repository, name))
    if not called:
        return repository.commit_id(name.lower()) if _ID.fullmatch(name) else None
    answering = [*called, *(_begun(repository, name) if _ID.fullmatch(name) else ())]
    described = _DESCRIBED.fullmatch(name)
    other = None if described is None else repository.commit_id(described[1].lower())
    if other is not None and other != repository.named(called[0]):
        answering.append(other)
    if len(answering) > 1:
        raise refused("NAME-AMBIGUOUS", name=name, found=", ".join(answering), like=answering[0])
    return repository.named(called[0])


def _answering(repository: "Repository", name: str) -> Iterator[str]:
    """The full names of the refs that are called so."""
    for place in _PLACES:
        if refs.lookup(repository.git, place.format(name)) is not None:
            yield place.format(name)


def _begun(repository: "Repository", name: str) -> list[str]:
    """Ids of objects that begin so; some, where many do."""
    listed = repository.aside.run("rev-parse", f"--disambiguate={name.lower()}", allowed=(0, 128))
    return listed.decode("ascii", "replace").split()[:_SOME]


def _fetched(repository: "Repository") -> str | None:
    """What the last `git fetch` brought, the first where it brought several."""
    try:
        data = next(plain_blocks(repository.git_dir / "FETCH_HEAD"), b"")  # a line for each branch
    except OSError:
        return None
    found = re.match(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?(?=\t)", data)
    return None if found is None else found[0].decode("ascii")
