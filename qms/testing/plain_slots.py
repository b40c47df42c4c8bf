"""Slots of plain values, for tests of what slots look like in a file: nothing here is signed."""

from typing import Final

from qms.formats.slots import Base, Notice, Statement, Subject

DIGEST: Final = "sha256:" + "0" * 64
OTHER: Final = "sha256:" + "1" * 64
KEY: Final = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def signed_slot(
    step: str = "2", person: str = "li.si", number: int = 1, act: str = "review"
) -> Statement:
    """A slot that Li Si signed at a step; its signature is no true one."""
    return Statement(
        act=act,
        step=step,
        role="quality-manager",
        person=person,
        at="2026-11-23T14:36:00+08:00",
        repo=DIGEST,
        subject=Subject(
            kind="document", number="LX-CX-2019-01", class_="procedure", revision="A/1"
        ),
        content=OTHER,
        base=Base("A/0", DIGEST),
        round=number,
        name="李四",
        key=KEY,
        meaning="reviewed",
        policy=DIGEST,
        seen="sha1:" + "a" * 40,
        after=(DIGEST, OTHER),
        signature="U1NIU0lH",
    )


def unsigned_slot(step: str, person: str) -> Notice:
    """A slot that waits for `person`."""
    return Notice("approve", step, "management-representative", person)


SIGNED_LINE: Final = (
    f'{{"after":["{DIGEST}","{OTHER}"],"base":{{"content":"{DIGEST}","revision":"A/0"}},'
    f'"content":"{OTHER}","data":{{}},"for":null,"key":"{KEY}","meaning":"reviewed",'
    f'"name":"李四","policy":"{DIGEST}","reason":null,"repo":"{DIGEST}","round":1,'
    f'"seen":"sha1:{"a" * 40}","signature":"U1NIU0lH","subject":{{"class":"procedure",'
    '"copy":null,"kind":"document","number":"LX-CX-2019-01","revision":"A/1"}}'
)
"""What stands behind ``signed:`` where `signed_slot` is written into a tail."""
