"""A vector: the parts, by name, of a file that must verify or of one that must be refused."""

from dataclasses import replace

from qms.formats import sshsig
from qms.formats.cut import cut_markdown, cut_yaml, is_markdown
from qms.formats.slots import Statement, parse_tail, statements_in
from qms.testing.signed_file import SignedFile

Vector = dict[str, bytes]


def good(file: SignedFile, index: int, key: str = "ed25519") -> Vector:
    """The vector of one signed slot of a file that must verify."""
    data = file.data
    cut = cut_markdown(data) if is_markdown(data) else cut_yaml(data)
    slot = parse_tail(cut.tail).slots[index]
    if not isinstance(slot, Statement):
        raise TypeError(f"slot {index} of {file.path} is not signed")
    return {
        "path": f"{file.path}\n".encode(),
        "file": data,
        "content": f"{cut.content}\n".encode(),
        "slot": f"{index}\n".encode(),
        "message": slot.message(),
        "id": f"{slot.id}\n".encode(),
        "signature": f"{slot.signature}\n".encode(),
        "sig": sshsig.armour(slot.signature).encode(),
        "signers": f"{slot.person} {file.keys.line(key)}\n".encode(),
        "namespace": f"{slot.namespace}\n".encode(),
        "verdict": b"ok\n",
    }


def bad(verdict: str, path: str, data: bytes) -> Vector:
    """The vector of a file that must be refused."""
    return {
        "path": f"{path}\n".encode(),
        "file": data,
        "verdict": f"{verdict}\n".encode(),
    }


def signed_again(file: SignedFile, index: int, verdict: str, signature: str) -> Vector:
    """The refusal of a file whose slots end with one that has another signature."""
    slots = file.slots[: index + 1]
    changed = replace(file, slots=(*slots[:-1], statements_in(slots)[-1].with_signature(signature)))
    return bad(verdict, changed.path, changed.data)
