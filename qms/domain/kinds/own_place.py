"""Whether a file lies where its own head says, and the way there where it doesn't."""

from qms.domain.kinds.document import Document
from qms.domain.kinds.kind import Kind, Value
from qms.findings import Finding, Place, Refused, ShellText, shell_word
from qms.formats.tree import Tree


def lies_at(path: str, kind: Kind, value: Value) -> bool:
    """Whether the head of a file gives the path it lies at."""
    try:
        return kind.place(value) == path
    except Refused:
        return False


def moved(tree: Tree, path: str, kind: Kind, value: Value) -> Finding:
    """MOVED-ENTRY for a file whose head gives another path; DRAFT-PLACE where nobody signed it.

    With the command that puts it there; where a file lies there already, out of the way.
    """
    about = value.about
    word, name = shell_word(path), shell_word(path.rpartition("/")[2])
    values = {"signed": about, "found": path, "person": "-", "act": "-"}
    try:
        place = kind.place(value)
    except Refused:
        place = ""
    if place:
        is_taken = tree.entry(place) is not None
        folder = shell_word(place.rpartition("/")[0])
        made = "" if tree.folder(place.rpartition("/")[0]) else f"mkdir -p {folder} && "
        back = f"mv -n {word} {name}" if is_taken else f"{made}mv -n {word} {shell_word(place)}"
        if is_taken and tree.entry(place) == tree.entry(path):
            back = f"rm {word}"  # a copy
        values |= {"restore": ShellText(back), "place": place}
    code = "DRAFT-PLACE" if place and is_unsigned(value) else "MOVED-ENTRY"
    return Finding(code, Place(path), values, about)


def is_unsigned(value: Value) -> bool:
    """Whether it is a draft that nobody has signed: it may lie wherever its head says."""
    return isinstance(value, Document) and not value.signed()
