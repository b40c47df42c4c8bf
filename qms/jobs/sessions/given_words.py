"""Words that people give with an act: why, or what changes. They are kept for ever.

Commands are shown with `…` where such words belong, and are made to be copied.
"""

from qms.findings import refused


def says_something(words: str) -> bool:
    """Whether there is anything to read: dots, dashes and `…` alone say nothing."""
    return any(letter.isalnum() for letter in words)


def refuse_unsaid(option: str, words: str) -> None:
    """Refuse words that say nothing, such as the `…` of a command that was copied.

    Raises `Refused` WORDS-MISSING.
    """
    if not says_something(words):
        raise refused("WORDS-MISSING", option=option, found=f"“{words.strip()}”")


def needed_reason(given: str | None, act: str, person: str) -> str:
    """The reason that an act is signed with. Raises `Refused` REASON-MISSING, WORDS-MISSING."""
    reason = (given or "").strip()
    if not reason:
        raise refused("REASON-MISSING", act=act, person=person, step="-", role="-", at="-")
    refuse_unsaid("--reason", reason)
    return reason
