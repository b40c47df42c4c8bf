"""`look.yaml` and the logo: what is wrong with them, and which bytes a policy binds as its look.

Nobody's pages look as a file says that nobody signed: a policy lists both by their digests, and
what is printed under it is printed with these very bytes, wherever in the history they lie.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from qms.domain.kinds.look import LOOK_FILE, PLAIN, PageLook, read_look, says_something
from qms.domain.kinds.own_name import first_strange
from qms.domain.kinds.policy import Policy
from qms.findings import Finding, Place, Refused
from qms.formats.digests import sha256
from qms.formats.glyph_files import Glyphs
from qms.formats.tree import EXECUTABLE, FILE, Tree
from qms.plugins import Hooks
from qms.texts import Text

_SVG: Final = "http://www.w3.org/2000/svg"
_SAID: Final = 40


def look_to_bind(tree: Tree) -> Iterator[str]:
    """The files of a look in a tree that says something, for a policy to list."""
    data = _read(tree, LOOK_FILE)
    if data is not None and says_something(data):
        yield LOOK_FILE
        look, _ = read_look(data)
        if look is not None and look.logo:
            yield look.logo


def look_faults(
    tree: Tree, company: Text, load: Callable[[], Hooks], glyphs: Glyphs
) -> Iterator[Finding]:
    """What is wrong with the look in a tree: asked before it is signed.

    Of its form (LOOK-COLOUR, LOOK-WORDS, LOOK-LENGTH), what can't be printed, LOOK-LOGO and
    LOOK-LETTERS. `company` is the organisation's name; `load` gives the plugins that print, and is
    called where there is a look.
    """
    data = _read(tree, LOOK_FILE)
    if data is None:
        return
    look, faults = read_look(data)
    yield from faults
    if look is None:
        return
    printers = load()
    yield from printers.printable_fields(look.words(), LOOK_FILE, glyphs)
    if look.logo:
        picture = _read(tree, look.logo)
        place = Place(LOOK_FILE, "logo")
        if picture is None:
            yield Finding("LOOK-LOGO", place, {"file": look.logo})
        else:
            faults = tuple(printers.printable_picture(look.logo, picture, place, glyphs))
            yield from faults
            if not faults and look.logo.endswith(".svg"):
                yield from _strange_letters(picture, company, place)


def unsigned_look(
    tree: Tree, listed: Mapping[str, str], policy: Policy, hooks: Hooks, glyphs: Glyphs
) -> Iterator[Finding]:
    """What is wrong with a look that the policy in force does not list so; LOOK-UNREAD besides.

    `listed` are the digests of that policy. One that it lists was judged before it was signed, and
    where it lists another one, that is told as such.
    """
    files = tuple(look_to_bind(tree))
    if not files or all(_is_listed(tree, name, listed) for name in files):
        return
    yield from look_faults(tree, policy.organisation.name, hooks.tools, glyphs)
    if LOOK_FILE not in listed:
        yield Finding("LOOK-UNREAD", Place(LOOK_FILE), {"version": str(policy.version)})


def look_in(files: Mapping[str, bytes]) -> PageLook:
    """The look that these files give, the logo's content in it; the plain one where none do."""
    look, _ = read_look(files.get(LOOK_FILE, b""))
    if look is None:
        return PLAIN
    return replace(look, picture=files.get(look.logo, b"")) if look.logo else look


def _strange_letters(logo: bytes, name: Text, place: Place) -> Iterator[Finding]:
    """LOOK-LETTERS: a logo with words may be a stamp, true or not; `logo` has been looked at.

    All its letters are read as one line: single ones, each of which the name has, would say
    anything.
    """
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - where there is a logo

    root = ET.fromstring(logo)  # noqa: S314 - no entities in it: printers refuse them
    texts = [" ".join("".join(one.itertext()).split()) for one in root.iter(f"{{{_SVG}}}text")]
    said = [one for one in texts if one]
    strange = first_strange(said, tuple(name.by_tag.values()))
    if strange:
        yield Finding("LOOK-LETTERS", place, {"found": strange[:_SAID]})


def _is_listed(tree: Tree, name: str, listed: Mapping[str, str]) -> bool:
    data = _read(tree, name)
    return data is not None and listed.get(name) == sha256(data)


def _read(tree: Tree, path: str) -> bytes | None:
    entry = tree.entry(path)
    if entry is None or entry.mode not in (FILE, EXECUTABLE):
        return None
    with suppress(Refused):  # over the cap: no look
        return tree.read(path)
    return None
