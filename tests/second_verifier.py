"""A second, independent reading of the bytes that people sign: a few pages, no import of qms.

``python second_verifier.py VECTOR_DIR…`` judges test vectors and tells whether it agrees;
``python second_verifier.py --repo FOLDER COMMIT`` judges every governed file of one commit;
``python second_verifier.py --manifest FILE`` judges a manifest of printed files;
``python second_verifier.py --digest DIST-INFO`` tells the digest of an installed plugin.
It uses the standard library, ``ssh-keygen -Y verify`` and ``git cat-file``, and judges what a
file says of itself: bytes, cut, head, tail, messages, signatures, path and content. Who may sign,
and what a history may do, it doesn't know. Of heads it reads the plainest style only: one line a
key, or indented lines below it; whatever else it calls YAML. Kinds of plugins it doesn't know.
"""

import base64
import hashlib
import itertools
import json
import math
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unicodedata
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

FORBIDDEN = [
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F),
    (0x3164, 0x3164), (0xD800, 0xDFFF), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
]  # fmt: skip
BLANKS = " \u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
LINE_FIELDS = ("act", "step", "role", "person", "at", "signed")
FIELDS = [
    "after", "base", "content", "data", "for", "key", "meaning", "name", "policy", "reason", "repo",
    "round", "seen", "signature", "subject",
]  # fmt: skip
FACTS = {
    "publish": "effective published",
    "issue": "content department holder place quantity",
    "receive": "by",
    "recall": "due",
    "return": "state",
    "replace": "by",
    "obsolete": "effective replaced_by",
    "settle": "annulled stands",
    "ratify": "entry",
    "annul": "entry",
    "incident": "from lost to",
    **dict.fromkeys(
        ("prepare", "review", "co-sign", "approve", "reject", "withdraw", "policy-agree",
         "policy-file"),
        "",
    ),
}  # fmt: skip
WITH_REASON = (
    "reject", "withdraw", "obsolete", "destroy", "incident", "settle", "annul", "ratify",
)  # fmt: skip
MOST = {
    "blob": 4 << 20, "head": 64 << 10, "entry": 64 << 10, "events": 10_000, "after": 64,
    "round": 999, "text": 1000, "paths": 100_000, "folders": 64, "texts": 2000, "way": 200,
    "levels": 8,
}  # fmt: skip
FOLDERS = (
    "documents", "released", "copies", "policy", "records", "external", "acks", "delegations",
    "enrolments", "plans",
)  # fmt: skip
CORE_KEYS = (
    "number", "title", "title_en", "class", "revision", "controlled", "owner", "prepared_by",
    "change", "summary", "clauses", "related", "co_sign", "second_code", "standard", "language",
    "keywords", "legacy", "assets",
)  # fmt: skip
LIST_KEYS = ("number", "class", "revision")
WORDS = ("draft", "in-review", "approved", "published", "signed", "open", "closed", "log")
CURVE_ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19
EDWARDS_D = -121665 * pow(121666, -1, FIELD) % FIELD
P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
DASHES = "[\u2010-\u2015\u2212\u2043\ufe58\u30fc]"
DIGEST = r"sha256:[0-9a-f]{64}"
GOVERNED = re.compile(
    r"(documents|released)/.+\.md|(released|copies)/.+\.yaml|policy/[0-9]{4}/policy\.yaml"
)


class No(Exception):  # noqa: N818
    """The verdict that isn't ``ok``: a code."""


def need(holds: object, code: str) -> None:
    """Ends with `code` unless it holds."""
    if not holds:
        raise No(code)


def digest(data: bytes) -> str:
    """As it is signed."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def forbidden(text: str) -> bool:
    """Whether a character is on the list, or one of the last two of its plane."""
    return any(
        code & 0xFFFE == 0xFFFE or any(low <= code <= high for low, high in FORBIDDEN)
        for code in map(ord, text)
    )


def spell(value: Any) -> str:
    """Canonical JSON, written by hand."""
    if value is None:
        return "null"
    if type(value) is int and 0 <= value < 2**53:
        return str(value)
    if isinstance(value, str):
        need(not forbidden(value), "NOT-CANONICAL")
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(spell, value)) + "]"
    need(isinstance(value, dict), "NOT-CANONICAL")
    need(all(re.fullmatch("[a-z_]+", key) for key in value), "NOT-CANONICAL")
    return "{" + ",".join(f"{spell(key)}:{spell(value[key])}" for key in sorted(value)) + "}"


def unspell(text: str) -> Any:
    """The value of canonical JSON."""
    try:
        value = json.loads(text)
        need(spell(value) == text, "NOT-CANONICAL")
    except (ValueError, RecursionError):
        raise No("NOT-CANONICAL") from None
    return value


def cut(data: bytes, *, is_markdown: bool) -> tuple[bytes, bytes, str]:
    """Head, tail and content."""
    need(not data.startswith(b"\xef\xbb\xbf"), "BYTES-BOM")
    try:
        data.decode()
    except UnicodeDecodeError:
        raise No("BYTES-UTF8") from None
    need(b"\r" not in data, "BYTES-CR")
    need(data.endswith(b"\n"), "BYTES-LF")
    lines = data.split(b"\n")[:-1]
    front, rest = lines, None
    if is_markdown:
        need(lines[0] == b"---" and b"---" in lines[1:], "CUT")
        close = lines.index(b"---", 1)
        front, rest = lines[1:close], lines[close:]
    marks = [number for number, line in enumerate(front) if line.startswith(b"status:")]
    need(len(marks) == 1, "CUT")
    head = b"".join(line + b"\n" for line in front[: marks[0]])
    tail = b"".join(line + b"\n" for line in front[marks[0] :])
    if rest is None:
        return head, tail, digest(head)
    return head, tail, digest(b"---\n" + head + b"".join(line + b"\n" for line in rest))


def read_head(head: bytes) -> dict[str, str]:
    """The keys of the plainest heads."""
    found: dict[str, str] = {}
    below = False
    text = head.decode()
    need(not forbidden(text.replace("\n", "")), "YAML")
    for line in text.splitlines():
        if below and line.startswith((" ", "- ")):
            continue
        match = re.fullmatch(r"([a-z][a-z0-9_]*):(?: (.*))?", line)
        need(match, "YAML")
        assert match is not None
        key, value = match[1], match[2] or ""
        need(key not in ("status", "approvals", "events"), "CUT")
        need(key not in found, "YAML")
        below = value in ("", "|")
        if value.startswith('"'):
            need(re.fullmatch(r'"[^"\\]*"', value), "YAML")
            value = value[1:-1]
        else:
            need(" #" not in f" {value}", "YAML")  # a comment would cut the text
        need(not value.startswith(("'", ">", "&", "*", "!", "%", "@", "`", "?")), "YAML")
        found[key] = value
    return found


def read_list_head(head: bytes, path: str) -> dict[str, str]:
    """The head of a growing list: its keys in their order, each a line with a text in quotes."""
    keys = [*LIST_KEYS, "copy" if path.startswith("copies/") else "content"]
    lines = head.decode().split("\n")
    need(not any(line.startswith(("approvals:", "events:")) for line in lines), "CUT")
    need(len(lines) == len(keys) + 1 and not lines[-1], "HEAD-SPELLING")
    found: dict[str, str] = {}
    for line, key in zip(lines, keys, strict=False):
        need(line.startswith(f'{key}: "'), "HEAD-SPELLING")
        try:
            found[key] = unspell(line.removeprefix(f"{key}: "))
        except No:
            raise No("HEAD-SPELLING") from None
    return found


def read_tail(tail: bytes) -> tuple[str, list[dict[str, Any]]]:
    """Status and slots: a slot holds the lines' fields and those of `signed`, or none of these."""
    lines = tail.decode().split("\n")[:-1]
    status = lines[0].removeprefix("status: ")
    need(lines[0] == f"status: {status}" and status in WORDS, "TAIL")
    name = "events" if status == "log" else "approvals"
    if lines[1:] == [f"{name}: []"]:
        return status, []
    need(len(lines) > 2 and lines[1] == f"{name}:", "TAIL")
    if status == "log":
        need(len(lines) - 2 <= MOST["events"], "LIMIT")
        return status, [read_event(line) for line in lines[2:]]
    need(len(lines) % 6 == 2, "TAIL")
    slots = [read_slot(lines[at : at + 6]) for at in range(2, len(lines), 6)]
    last = max((slot["round"] for slot in slots if "round" in slot), default=1)
    need(slots == sorted(slots, key=lambda slot: order(slot, last)), "TAIL")
    return status, slots


def order(slot: dict[str, Any], last: int) -> tuple[Any, ...]:
    """What slots are sorted by: round, step, person, and for several of these the statement id."""
    place = (slot.get("round", last), int(slot["step"]), slot["person"].encode())
    if "signature" not in slot:
        return (*place, 1, slot["act"], slot["role"])
    return (*place, 0, digest(message(slot)), slot["signature"])


def read_event(line: str) -> dict[str, Any]:
    """One line of a growing list."""
    need(line.startswith("  - "), "TAIL")
    need(len(line[4:].encode()) <= MOST["entry"], "LIMIT")
    event = unspell(line[4:])
    need(isinstance(event, dict), "SLOT-FORM")
    need(sorted(event) == sorted([*FIELDS, *LINE_FIELDS[:-1]]), "SLOT-FORM")
    need(re.fullmatch("event|[1-9][0-9]?", str(event["step"])), "SLOT-FORM")
    check_form(event)
    return dict(event)


def read_slot(lines: list[str]) -> dict[str, Any]:
    """Six lines of a chain."""
    for number, (line, name) in enumerate(zip(lines, LINE_FIELDS, strict=True)):
        need(line.startswith(f"{'    ' if number else '  - '}{name}: "), "TAIL")
    need(len(lines[-1].split(": ", 1)[1].encode()) <= MOST["entry"], "LIMIT")
    slot = {
        name: unspell(line.split(": ", 1)[1]) for line, name in zip(lines, LINE_FIELDS, strict=True)
    }
    need(re.fullmatch("[1-9][0-9]?", str(slot["step"])), "SLOT-FORM")
    need(slot["role"], "SLOT-FORM")
    signed = slot.pop("signed")
    need((signed is None) == (slot["at"] is None), "SLOT-FORM")
    if signed is None:
        del slot["at"]
        return slot
    need(isinstance(signed, dict) and sorted(signed) == FIELDS, "SLOT-FORM")
    slot.update(signed)
    check_form(slot)
    return slot


def texts(value: Any) -> list[str]:
    """Every text in a value."""
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inside for text in texts(one)]


def check_form(slot: dict[str, Any]) -> None:
    """The forms of all fields of a signed slot."""
    need(re.fullmatch("[a-z]+(-[a-z]+)*", str(slot["act"])), "SLOT-FORM")
    instant(str(slot["at"]))
    for name in ("person", "name", "meaning", "key", "signature"):
        need(isinstance(slot[name], str) and slot[name], "SLOT-FORM")
    for name in ("role", "for", "reason"):
        need(slot[name] is None or (isinstance(slot[name], str) and slot[name]), "SLOT-FORM")
    for value in (slot["meaning"], slot["reason"], *texts(slot["data"])):
        need(value is None or len(value) <= MOST["text"], "LIMIT")
    base = slot["base"] or {"revision": "-", "content": digest(b"")}
    need(sorted(base) == ["content", "revision"], "SLOT-FORM")
    subject = slot["subject"]
    need(sorted(subject) == ["class", "copy", "kind", "number", "revision"], "SLOT-FORM")
    digests = [slot["repo"], slot["content"], base["content"], *slot["after"]]
    for value in [*digests, slot["policy"] or slot["repo"]]:
        need(isinstance(value, str) and re.fullmatch(DIGEST, value), "DIGEST-FORM")
    need(len(slot["after"]) <= MOST["after"], "LIMIT")
    need(slot["after"] == sorted(set(slot["after"])), "SLOT-FORM")
    need(type(slot["round"]) is int and slot["round"] > 0, "SLOT-FORM")
    need(slot["round"] <= MOST["round"], "LIMIT")
    need(re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", slot["key"]), "SLOT-FORM")
    seen = slot["seen"] or "sha1:" + "0" * 40
    need(re.fullmatch("sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64}", seen), "GIT-ID-FORM")
    need(isinstance(slot["data"], dict), "SLOT-FORM")
    unbase64(slot["signature"])


def minutes(text: str, code: str) -> int:
    """The minutes of an offset: quarters of an hour from -12:00 to +14:00."""
    match = re.fullmatch(r"([+-])(\d\d):(\d\d)", text, re.ASCII)
    need(match and text != "-00:00", code)
    assert match is not None
    hours, rest = int(match[2]), int(match[3])
    found = (60 * hours + rest) * (-1 if match[1] == "-" else 1)
    need(rest in (0, 15, 30, 45) and -720 <= found <= 840, code)
    return found


def instant(text: str) -> datetime:
    """The instant of a time, which has a day in each zone."""
    need(re.fullmatch(r"[\d-]{10}T[\d:]{8}.{6}", text, re.ASCII), "TIME-FORM")
    minutes(text[19:], "TIME-FORM")
    try:
        found = datetime.fromisoformat(text)
        for hours in (-12, 14):
            found.astimezone(timezone(timedelta(hours=hours)))
    except (ValueError, OverflowError):
        raise No("TIME-FORM") from None
    return found


def offsets(settings: bytes) -> list[tuple[datetime | None, int]]:
    """The offsets that a qms.yaml gives its company, and from when on: rising, the first for all.

    Of YAML it reads one line: `timezone:` with an offset, or a list in brackets.
    """
    match = re.search(rb"\n  timezone: (.+)\n", settings)
    need(match, "YAML")
    assert match is not None
    text = match[1].decode()
    if not text.startswith("["):
        return [(None, minutes(text.strip('"'), "ZONE"))]
    row = r'\{from: "([^"]*)", offset: "([^"]*)"\}'
    need(re.fullmatch(rf"\[{row}(, {row})*\]", text), "YAML")
    found = [(instant(since), minutes(zone, "ZONE")) for since, zone in re.findall(row, text)]
    need(all(one < other for (one, _), (other, _) in itertools.pairwise(found)), "ZONE")
    return [(None, found[0][1]), *found]


def day(folder: Path, slot: dict[str, Any]) -> str:
    """The day of a statement by the zone of the policy that it names; version 1 by its own."""
    named = slot["policy"]
    for manifest in sorted(folder.glob("policy-*")):
        head, _, content = cut(manifest.read_bytes(), is_markdown=False)
        if named not in (None, content):
            continue
        settings = Path(folder, manifest.name.replace("policy", "qms")).read_bytes()
        need(digest(settings).encode() in head, "POLICY-DIGEST")
        at = instant(slot["at"])
        size = [size for since, size in offsets(settings) if since is None or since <= at][-1]
        return at.astimezone(timezone(timedelta(minutes=size))).date().isoformat()
    return "-"


def check_act(slot: dict[str, Any]) -> None:
    """The facts of the act are all there and no others, and the reason where one is due."""
    facts = FACTS.get(slot["act"])
    need(facts is None or sorted(slot["data"]) == sorted(facts.split()), "DATA-KEYS")
    check_facts(slot)
    need(slot["act"] not in WITH_REASON or slot["reason"], "REASON-MISSING")


def reads_well(value: Any) -> bool:
    """Text that somebody can read, with no blank at either end."""
    return isinstance(value, str) and value != "" and value.strip(BLANKS) == value


def is_digest(value: Any) -> bool:
    """A digest in its one spelling."""
    return isinstance(value, str) and re.fullmatch("sha256:[0-9a-f]{64}", value) is not None


def check_facts(slot: dict[str, Any]) -> None:
    """What the facts of a copy's acts hold."""
    data, act = slot["data"], slot["act"]
    if act == "issue":
        content = slot["base"]["content"] if slot["base"] else data["content"]
        need(isinstance(data["content"], str) and data["content"] == content, "COPY-CONTENT")
        for name in ("department", "holder"):
            need(data[name] is None or reads_well(data[name]), "FACT-FORM")
        need(data["department"] or data["holder"], "COPY-HOLDER")
        need(data["place"] is None or reads_well(data["place"]), "FACT-FORM")
        need(data["quantity"] == 1, "COPY-QUANTITY")
    if act == "settle":
        ids, stands = data["annulled"], data["stands"]
        need(isinstance(ids, list) and ids and all(map(is_digest, ids)), "FACT-FORM")
        need(ids == sorted(set(ids)) and stands not in ids, "FACT-FORM")
        need(stands is None or is_digest(stands), "FACT-FORM")
    if act in ("annul", "ratify"):
        need(is_digest(data["entry"]), "FACT-FORM")
    if act in ("receive", "replace"):
        need(reads_well(data["by"]), "FACT-FORM")
    if act == "replace":
        need(data["by"] != slot["subject"]["copy"], "FACT-FORM")
    if act == "return":
        need(data["state"] in ("good", "damaged"), "FACT-FORM")
    if act == "recall":
        need(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", str(data["due"])), "FACT-FORM")
        try:
            datetime.fromisoformat(data["due"])
        except ValueError:
            raise No("FACT-FORM") from None


def policy_value(text: str) -> Any:
    """The value that stands behind a key: flow style, a text, or parts on lines of their own."""
    first, *below = text.split("\n")
    if first == "|":
        return first.encode()
    if below:
        need(not first, "YAML")
        return block(below)
    if not first.startswith(('"', "[", "{")):
        return first
    value, left = flow(first)
    need(not left, "YAML")
    return value


def block(lines: list[str]) -> Any:
    """What indented lines say: parts behind dashes or keys, each with the lines that lie deeper."""
    width = len(lines[0]) - len(lines[0].lstrip(" "))
    parts: list[list[str]] = []
    for line in lines:
        need(not line[:width].strip(" "), "YAML")
        if line[width : width + 1] not in ("", " "):
            parts.append([])
        parts[-1].append(line)
    named: list[tuple[str, Any]] = []
    for first, *below in parts:
        match = re.fullmatch(r"(-|[a-z][a-z0-9_]*:)(?: (.+))?", first[width:])
        need(match, "YAML")
        assert match is not None
        name, text = match[1], match[2] or ""
        if name == "-" and re.match("[a-z][a-z0-9_]*:( |$)", text):
            value = block([f"{' ' * (width + 2)}{text}", *below])
        else:
            value = policy_value("\n".join([text, *below]))
        named.append((name.removesuffix(":"), value))
    if named[0][0] == "-":
        need({name for name, _ in named} == {"-"}, "YAML")
        return [value for _, value in named]
    need(len(dict(named)) == len(named) and "-" not in dict(named), "YAML")
    return dict(named)


def flow(text: str) -> tuple[Any, str]:
    """A mapping in braces, a list in brackets or a scalar at the start of a text, and the rest.

    A scalar in quotes is a `bytes`, so that numbers are told from it.
    """
    close = {"{": "}", "[": "]"}.get(text[:1])
    if close is None:
        match = re.match(r'"([^"\\]*)"|[^,{}\[\]"]+', text)
        need(match, "YAML")
        assert match is not None
        quoted = match[1]
        return (match[0] if quoted is None else quoted.encode()), text[match.end() :]
    items: list[Any] = []
    named: dict[str, Any] = {}
    text = text[1:]
    while not text.startswith(close):
        key = re.match("([a-z][a-z0-9_]*): ", text) if close == "}" else None
        need((key is None) == (close == "]"), "YAML")
        value, text = flow(text[key.end() if key else 0 :])
        items.append(value)
        if key:
            need(key[1] not in named, "YAML")
            named[key[1]] = value
        need(text.startswith((", ", close)), "YAML")
        text = text.removeprefix(", ")
    return (named if close == "}" else items), text[1:]


def policy_lines(head: bytes) -> dict[str, Any]:
    """Each key of a policy's head with its value."""
    parts = re.split(r"^([a-z][a-z0-9_]*):", head.decode(), flags=re.MULTILINE)
    need(not parts[0], "YAML")
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return {key: policy_value(text.removeprefix(" ").removesuffix("\n")) for key, text in pairs}


def check_keys(head: bytes) -> None:
    """How deep a document's head goes, and how much it says in keys that plugins have brought."""
    keys = policy_lines(head)
    told = {key: list(ways(value, key, 0)) for key, value in keys.items()}
    need(all(levels <= MOST["levels"] for one in told.values() for _, levels in one), "YAML")
    brought = [way for key, one in told.items() if key not in CORE_KEYS for way, _ in one]
    need(all(len(way) <= MOST["way"] for way in brought), "LIMIT")
    need(len(brought) <= MOST["texts"], "LIMIT")


def ways(value: Any, way: str, levels: int) -> Iterator[tuple[str, int]]:
    """The dotted way to each text in a value, and how many lists and mappings it lies in."""
    if isinstance(value, (str, bytes)):
        yield way, levels
    elif not value:
        yield way, levels + 1
    else:
        inside = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for name, one in inside:
            yield from ways(one, f"{way}.{name}", levels + 1)


def is_number(value: Any, low: int, high: int) -> None:
    """A plain number between two others."""
    need(isinstance(value, str) and re.fullmatch("0|[1-9][0-9]*", value), "YAML-TYPE")
    need(low <= int(value) <= high, "FIELD-RANGE")


def is_bool(value: Any) -> None:
    """A plain true or false."""
    need(value in ("true", "false"), "YAML-TYPE")


def is_text(pattern: str = ".+") -> Callable[[Any], None]:
    """A text of this form."""

    def check(value: Any) -> None:
        text = value.decode() if isinstance(value, bytes) else value
        need(isinstance(text, str), "YAML-TYPE")
        need(isinstance(value, bytes) or not re.fullmatch(r"[0-9._]+|true|false", text), "YAML")
        need(re.fullmatch(pattern, text), "FIELD-FORM")

    return check


def is_word(*words: str) -> Callable[[Any], None]:
    """One of some words."""
    return lambda value: need(value in words, "FIELD-CHOICE")


def number(low: int, high: int) -> Callable[[Any], None]:
    """As `is_number`, for tables."""
    return lambda value: is_number(value, low, high)


def table(value: Any, checks: dict[str, Callable[[Any], None]], optional: str = "") -> None:
    """A mapping with these keys and no others; those named in `optional` may lack."""
    need(isinstance(value, dict), "YAML-TYPE")
    for name, check in checks.items():
        if name in value:
            check(value[name])
        else:
            need(name in optional.split(), "FIELD-MISSING")
    need(not set(value) - set(checks), "FIELD-UNKNOWN")


def each(check: Callable[[Any], None]) -> Callable[[Any], None]:
    """A list of which each item passes."""

    def check_all(value: Any) -> None:
        need(isinstance(value, list), "YAML-TYPE")
        for one in value:
            check(one)

    return check_all


def check_pin(value: Any) -> None:
    """A plugin: its name alone, or whose it is and what of it is admitted or void."""
    table(
        value,
        {
            "name": is_text(),
            "distribution": is_text(),
            "digest": is_text(DIGEST),
            "version": check_range,
            "void": is_bool,
        },
        "distribution digest version void",
    )
    is_void, says = value.get("void") == "true", "digest" in value or "version" in value
    need(says or is_void if "distribution" in value else not says and not is_void, "PIN-FORM")


def check_range(value: Any) -> None:
    """Two bounds of dotted integers, the lower one first."""
    part = r"(?:0|[1-9][0-9]{0,8})"
    bound = rf"({part}(?:\.{part}){{0,7}})"
    match = re.fullmatch(f">={bound},<{bound}", value.decode(), re.ASCII)
    need(match, "PIN-FORM")
    assert match is not None
    least, below = ([int(one) for one in text.split(".")] for text in match.groups())
    need(least < below, "PIN-FORM")


def check_floors(value: Any) -> None:
    """What never sinks; each may be left out."""
    days = number(0, 36500)
    checks = {
        "min_signers": number(1, 99),
        "self_approval": is_bool,
        "assurance": is_word("file", "fido"),
        "paper": is_bool,
        "delegation_days": days,
        "emergency_days": days,
        "temporary_days": days,
        "legacy": is_word("open", "closed"),
    }
    table(value, checks, " ".join(checks))


def check_policy(head: bytes) -> None:
    """The schema of policy.yaml's head, which is one for ever."""
    key_row: dict[str, Callable[[Any], None]] = {"key": is_text(), "name": is_text()}
    file_row = {"path": is_text(), "sha256": is_text(DIGEST)}
    table(
        policy_lines(head),
        {
            "id": is_text("[0-9a-f]{32}"),
            "version": number(1, 9999),
            "rulebook": number(1, 9999),
            "plugins": each(check_pin),
            "quorum": lambda value: table(value, {"role": is_text(), "need": number(1, 99)}),
            "floors": check_floors,
            "publishers": each(lambda value: table(value, key_row)),
            "files": each(lambda value: table(value, file_row)),
            "more": lambda value: need(isinstance(value, dict), "YAML-TYPE"),
        },
        "id publishers more",
    )


def check_day(value: Any) -> None:
    """A day that there was, in its one spelling."""
    text = value.decode() if isinstance(value, bytes) else value
    need(isinstance(text, str), "YAML-TYPE")
    need(re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII), "DAY-FORM")
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise No("DAY-FORM") from None


def check_legacy(head: bytes) -> None:
    """What a head says of the time before the system: `legacy`, where it is there."""
    match = re.search(r"^legacy:( [^\n]*|(?:\n  [^\n]*)+)", head.decode(), re.MULTILINE)
    if match is None:
        return
    value = policy_value(match[1].removeprefix(" "))
    row = {"approved": check_day, "effective": check_day, "published": check_day}
    table(value, {**row, "by": check_by, "evidence": check_evidence}, "evidence")


def check_by(value: Any) -> None:
    """Who approved it then: a text of up to 200 characters."""
    text = value.decode() if isinstance(value, bytes) else value
    need(isinstance(text, str), "YAML-TYPE")
    need(text, "FIELD-EMPTY")
    need(len(text) <= 200, "FIELD-LENGTH")


def check_evidence(value: Any) -> None:
    """Digests of scans, sorted, each once."""
    need(isinstance(value, list), "YAML-TYPE")
    need(len(value) <= 64, "FIELD-LENGTH")
    each(is_text(DIGEST))(value)
    need(value == sorted(set(value)), "LEGACY-EVIDENCE")


def sources_digest(info: Path) -> str:
    """The digest by which a policy admits a plugin, of its installed ``.dist-info`` folder."""
    lines: list[tuple[bytes, str]] = []
    for row in (info / "RECORD").read_text("utf-8").splitlines():
        path = row.split(",")[0]
        own = path.startswith(f"{info.name}/") and path != f"{info.name}/entry_points.txt"
        if not own and not path.startswith(("/", "../")) and not path.endswith(".pyc"):
            digested = hashlib.sha256((info.parent / path).read_bytes()).hexdigest()
            lines.append((path.encode(), f"{digested}  {path}\n"))
    return digest("".join(line for _, line in sorted(lines)).encode())


def unbase64(text: str) -> bytes:
    """Padded, one line, one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise No("NOT-CANONICAL") from None
    need(base64.b64encode(data).decode() == text, "NOT-CANONICAL")
    return data


def message(slot: dict[str, Any]) -> bytes:
    """The exact bytes that are signed."""
    fields = {name: value for name, value in slot.items() if name != "signature"}
    return (spell(fields | {"v": 1}) + "\n").encode()


def strings(data: bytes, count: int) -> tuple[list[bytes], bytes]:
    """SSH's length-prefixed strings, and what is left."""
    found: list[bytes] = []
    for _ in range(count):
        need(len(data) >= 4, "NOT-CANONICAL")
        (length,) = struct.unpack(">I", data[:4])
        need(len(data) >= 4 + length, "NOT-CANONICAL")
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    return found, data


def check_signature(slot: dict[str, Any]) -> None:
    """The signature of a slot."""
    check_blob(slot["signature"], slot["act"], slot["key"], message(slot))


def check_blob(text: str, act: str, named: str, data: bytes) -> None:
    """The blob in its one spelling, then ssh-keygen's own verdict on it."""
    blob = unbase64(text)
    need(blob[:10] == b"SSHSIG\0\0\0\1", "NOT-CANONICAL")
    (key, namespace, reserved, algorithm, signature), end = strings(blob[10:], 5)
    need(not end and not reserved and algorithm == b"sha512", "NOT-CANONICAL")
    (name,), numbers = strings(key, 1)
    names = {
        b"ssh-ed25519": b"ssh-ed25519",
        b"ssh-rsa": b"rsa-sha2-512",
        b"ecdsa-sha2-nistp256": b"ecdsa-sha2-nistp256",
        b"sk-ssh-ed25519@openssh.com": b"sk-ssh-ed25519@openssh.com",
        b"sk-ecdsa-sha2-nistp256@openssh.com": b"sk-ecdsa-sha2-nistp256@openssh.com",
    }
    need(name in names, "KEY-TYPE")
    check_key(name, numbers)
    wanted = f"qms-{act}-v1"
    need(namespace == wanted.encode(), "NAMESPACE")
    (how, value), left = strings(signature, 2)
    need(how == names[name], "SIGNATURE")
    need(len(left) == (5 if name.startswith(b"sk-") else 0), "NOT-CANONICAL")
    if b"ecdsa" in name:
        pair, behind = strings(value, 2)
        need(not behind and all(map(is_shortest, pair)), "NOT-CANONICAL")
    if name.endswith(b"ed25519") or b"ssh-ed25519" in name:
        need(int.from_bytes(value[32:], "little") < CURVE_ORDER, "SIGNATURE")
    need(is_good(text, key, name.decode(), wanted, data), "SIGNATURE")
    printed = base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")
    need(named == f"SHA256:{printed}", "SIGNATURE")


def check_key(name: bytes, numbers: bytes) -> None:
    """The key's numbers can keep a secret, and stand there in their one spelling."""
    if name == b"ssh-rsa":
        pair, end = strings(numbers, 2)
        need(not end and all(map(is_shortest, pair)), "KEY-FORM")
        exponent, modulus = (int.from_bytes(one, "big") for one in pair)
        need(3072 <= modulus.bit_length() <= 16384, "KEY-WEAK")
        need(exponent % 2 and 3 <= exponent < 2**64, "KEY-WEAK")
        need(all(modulus % divisor for divisor in range(2, 1000)), "KEY-WEAK")
        need(math.isqrt(modulus) ** 2 != modulus, "KEY-WEAK")
        return
    parts, end = strings(numbers, 1 + (b"ecdsa" in name) + name.startswith(b"sk-"))
    need(not end, "KEY-FORM")
    if b"ecdsa" in name:
        need(parts[0] == b"nistp256", "KEY-FORM")
        prime = 2**256 - 2**224 + 2**192 + 2**96 - 1
        point = parts[1]
        need(len(point) == 65 and point[0] == 4, "KEY-POINT")
        x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
        right = x * x * x - 3 * x + P256_B
        need(x < prime and y < prime and (y * y - right) % prime == 0, "KEY-POINT")
        return
    point = parts[0]
    need(len(point) == 32, "KEY-POINT")
    y = int.from_bytes(point, "little") % 2**255
    need(y < FIELD, "KEY-POINT")
    top, bottom = y * y - 1, EDWARDS_D * y * y + 1
    square = top * pow(bottom, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    need((x * x - square) % FIELD == 0, "KEY-POINT")
    for _ in range(3):  # eight times a point of small order is the point (0, 1)
        product = EDWARDS_D * x * x * y * y
        x, y = (
            2 * x * y * pow(1 + product, -1, FIELD) % FIELD,
            (x * x + y * y) * pow(1 - product, -1, FIELD) % FIELD,
        )
    need((x, y) != (0, 1), "KEY-POINT")


def is_shortest(number: bytes) -> bool:
    """Whether a positive number has no byte too many."""
    length = int.from_bytes(number, "big").bit_length()
    return length > 0 and len(number) == length // 8 + 1


def is_good(text: str, key: bytes, name: str, namespace: str, data: bytes) -> bool:
    """What ``ssh-keygen -Y verify`` says, with the key that the signature holds."""
    signers = f"somebody {name} {base64.b64encode(key).decode()}\n"
    return ssh_keygen(signers, "somebody", namespace, armoured(text), data)


def armoured(text: str) -> str:
    """A signature as ssh-keygen writes it to a file."""
    lines = re.findall(".{1,70}", text)
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


MANIFEST_KEYS = "commit files key made plugins policy repo tool v"
PRINTED_KEYS = "class content copy digest file mark number pages revision statement"


def has_keys(value: Any, keys: str) -> bool:
    """Whether it is an object with exactly these keys."""
    return isinstance(value, dict) and sorted(value) == keys.split()


def twins(name: str) -> list[str]:
    """What two names share that some file systems take for one."""
    found = []
    for part in name.split("_"):
        kept = re.sub("%(2[DF])", "%25\\1", part)
        text = unicodedata.normalize("NFKC", urllib.parse.unquote(kept))
        found.append(unicodedata.normalize("NFKC", re.sub(DASHES, "-", text).casefold()))
    return found


def check_printed(row: Any) -> None:
    """A row of a manifest: its form, and that the name is the one it gives."""
    need(has_keys(row, PRINTED_KEYS), "MANIFEST-FORM")
    texts = [row[key] for key in ("class", "number", "revision", "mark", "file")]
    need(all(isinstance(text, str) and text for text in texts), "MANIFEST-FORM")
    need(is_digest(row["digest"]) and is_digest(row["content"]), "DIGEST-FORM")
    need(row["statement"] is None or is_digest(row["statement"]), "DIGEST-FORM")
    copy = row["copy"]
    need(copy is None or (isinstance(copy, str) and row["statement"]), "MANIFEST-FORM")
    need(type(row["pages"]) is int and row["pages"] > 0, "MANIFEST-FORM")
    need(re.fullmatch("[a-z]+(-[a-z]+)*", row["mark"]), "MANIFEST-FORM")
    pieces = [*row["number"].split("/"), row["class"], *([] if copy is None else [copy])]
    bare = [piece for piece in pieces if not piece or piece[0] in ".- " or piece[-1] in ". "]
    need(not bare and not row["revision"].startswith((".", "-", " ")), "MANIFEST-FORM")
    revision = "-".join(encoded(one).replace("-", "%2D") for one in row["revision"].split("/"))
    parts = ["+".join(map(encoded, row["number"].split("/"))), revision, row["mark"]]
    if copy is not None:
        parts[2] += f"-{encoded(copy)}"
    name = "_".join(part.replace("_", "%5F") for part in parts)
    need(row["file"] == f"{encoded(row['class'])}/{name}.pdf", "MANIFEST-FORM")


def check_manifest(data: bytes, sig: str | None) -> None:
    """A manifest of printed files, and the signature that lies beside it."""
    need(data.endswith(b"\n") and len(data) <= 64 << 20, "MANIFEST-FORM")
    value = unspell(data[:-1].decode())
    need(has_keys(value, MANIFEST_KEYS) and value["v"] == 1, "MANIFEST-FORM")
    need(isinstance(value["files"], list) and isinstance(value["plugins"], list), "MANIFEST-FORM")
    for row in value["files"]:
        check_printed(row)
    names = [row["file"] for row in value["files"]]
    need(names == sorted(set(names), key=str.encode), "MANIFEST-FORM")
    need(len({tuple(twins(name)) for name in names}) == len(names) <= 100_000, "MANIFEST-FORM")
    key = value["key"]
    need(key is None or re.fullmatch("SHA256:[A-Za-z0-9+/]{43}", str(key)), "MANIFEST-FORM")
    need(isinstance(value["tool"], str) and value["tool"], "MANIFEST-FORM")
    instant(str(value["made"]))
    need(is_digest(value["repo"]) and is_digest(value["policy"]), "DIGEST-FORM")
    need(re.fullmatch("sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64}", str(value["commit"])), "GIT-ID-FORM")
    for row in value["plugins"]:
        need(has_keys(row, "digest name") and isinstance(row["name"], str), "MANIFEST-FORM")
        need(is_digest(row["digest"]), "DIGEST-FORM")
    plugins = [row["name"] for row in value["plugins"]]
    need(plugins == sorted(set(plugins)), "MANIFEST-FORM")
    need(key is not None and sig is not None, "MANIFEST-UNSIGNED")
    assert sig is not None
    text = "".join(sig.split("\n")[1:-2])
    need(sig == armoured(text), "NOT-CANONICAL")
    check_blob(text, "manifest", key, data)


def ssh_keygen(signers: str, person: str, namespace: str, armour: str, data: bytes) -> bool:
    """One call of ``ssh-keygen -Y verify``."""
    with tempfile.TemporaryDirectory() as folder:
        allowed, signature = Path(folder, "allowed_signers"), Path(folder, "sig")
        allowed.write_text(signers)
        signature.write_text(armour)
        command = [
            *(program("ssh-keygen"), "-Y", "verify", "-n", namespace, "-I", person),
            *("-f", str(allowed), "-s", str(signature)),
        ]
        return subprocess.run(command, input=data, capture_output=True, check=False).returncode == 0


def program(name: str) -> str:
    """Where a program is."""
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} is missing")
    return found


def encoded(part: str) -> str:
    """One part of a path: what is no letter, digit, dot, dash or CJK letter is percent-encoded."""
    return "".join(
        character
        if re.fullmatch(r"[A-Za-z0-9._-]", character)
        or (unicodedata.category(character) == "Lo" and "\u3400" <= character <= "\u9fff")
        else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in part
    )


def place(path: str, head: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Where a file with this head must lie, and the subject that its slots must name."""
    top, last = path.split("/", maxsplit=1)[0], path.rsplit("/", maxsplit=1)[-1]
    if top == "policy":
        subject = {"kind": "policy", "number": "policy", "revision": head.get("version")}
        where = f"policy/{int(head.get('version', 0)):04}/policy.yaml"
        return where, subject | {"class": None, "copy": None}
    subject = {key: head.get(key) for key in ("number", "class", "revision", "copy")}
    subject["kind"] = "copy" if top == "copies" else "document"
    number = "/".join(map(encoded, head.get("number", "").split("/")))
    revision = "-".join(
        encoded(piece).replace("-", "%2D") for piece in head.get("revision", "").split("/")
    )
    where = f"{top}/{head.get('class')}/{number}"
    if top == "documents":
        return f"{where}.md", subject
    if top == "copies":
        return f"{where}/{revision}/{encoded(head.get('copy', ''))}.yaml", subject
    if last.endswith(".acts.yaml"):
        about = head.get("content", "").partition(":")[2][:16]
        return f"{where}/{revision}~{about}.acts.yaml", subject
    return f"{where}/{revision}.md", subject


def judge(path: str, data: bytes, repo: str | None = None, sig: str | None = None) -> str:
    """The verdict on one file: ``ok`` or the code of what is wrong first."""
    try:
        if path == "manifest.json":
            check_manifest(data, sig)
            return "ok"
        if path == "qms.yaml":
            offsets(data)
            return "ok"
        need(len(data) <= MOST["blob"], "LIMIT")
        head, tail, content = cut(data, is_markdown=path.endswith(".md"))
        need(len(head) <= MOST["head"], "LIMIT")
        is_list = not path.endswith(".md") and not path.startswith("policy/")
        found = read_list_head(head, path) if is_list else read_head(head)
        if path.endswith(".md"):
            check_keys(head)
        status, slots = read_tail(tail)
        if path.startswith("policy/"):
            check_policy(head)
        elif path.endswith(".md"):
            check_legacy(head)
        signed = [slot for slot in slots if "signature" in slot]
        for check in (check_act, check_signature):
            for slot in signed:
                check(slot)
        need(all(repo in (None, slot["repo"]) for slot in signed), "WRONG-REPO")
        last = max((slot["round"] for slot in signed), default=1)
        signed = [slot for slot in signed if slot["round"] == last]
        where, subject = place(path, found)
        need(path == where and all(slot["subject"] == subject for slot in signed), "MOVED-ENTRY")
        changed = "APPROVAL-MISMATCH" if status == "in-review" else "DOC-CHANGED"
        need(all(slot["content"] == content for slot in signed), changed)
    except No as error:
        return str(error)
    return "ok"


def check_parts(folder: Path) -> None:
    """All parts of a good vector are what its file gives."""
    part: Callable[[str], str] = lambda name: (folder / name).read_text("utf-8").rstrip("\n")  # noqa: E731
    data = (folder / "file").read_bytes()
    _, tail, content = cut(data, is_markdown=part("path").endswith(".md"))
    slot = read_tail(tail)[1][int(part("slot"))]
    told = (folder / "message").read_bytes()
    need(content == part("content"), "content")
    need(message(slot) == told, "message")
    need(digest(told) == part("id"), "id")
    need(slot["signature"] == part("signature"), "signature")
    person = part("signers").split(" ", 1)[0]
    need(person == slot["person"], "signers")
    armour = (folder / "sig").read_text()
    need("".join(armour.split("\n")[1:-2]) == part("signature"), "sig")
    signers = (folder / "signers").read_text()
    need(ssh_keygen(signers, person, part("namespace"), armour, told), "sig")
    if (folder / "day").exists():
        need(day(folder, slot) == part("day"), "day")


def judge_vector(folder: Path) -> tuple[bool, str]:
    """Whether this verifier agrees with a vector, and what it says."""
    path = (folder / "path").read_text("utf-8").rstrip("\n")
    wanted = (folder / "verdict").read_text().rstrip("\n")
    beside = folder / "sig"
    sig = beside.read_text() if beside.exists() else None
    found = judge(path, (folder / "file").read_bytes(), sig=sig)
    if found == "YAML" and (wanted.startswith("YAML-") or wanted == "UNICODE"):
        found = wanted
    if found == wanted == "ok" and path != "manifest.json":
        try:
            check_parts(folder)
        except No as error:
            return False, f"part {error}"
    return found == wanted, found


def git(folder: str, *arguments: str) -> bytes:
    """What git says about objects; no configuration but the repository's is read."""
    environment = {"PATH": os.environ.get("PATH", ""), "GIT_CONFIG_NOSYSTEM": "1"}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_NO_REPLACE_OBJECTS": "1"}
    command = [program("git"), "-C", folder, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


def judge_commit(folder: str, commit: str) -> Iterator[tuple[str, str]]:
    """Path and verdict of each governed file."""
    wanted = ("ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", *FOLDERS)
    listed = git(folder, *wanted).decode().split("\0")[:-1]
    entries = [(*entry.split("\t")[0].split(), entry.split("\t", 1)[1]) for entry in listed]
    counts = Counter(path.split("/")[0] for *_, path in entries)
    for top, count in counts.items():
        if count > MOST["paths"]:
            yield top, "LIMIT"
    first = git(folder, "cat-file", "blob", f"{commit}:policy/0001/policy.yaml")
    repo = cut(first, is_markdown=False)[2]
    for mode, _, blob, size, path in entries:
        if counts[path.split("/")[0]] > MOST["paths"]:
            continue
        if path.count("/") > MOST["folders"] or (size.isdigit() and int(size) > MOST["blob"]):
            yield path, "LIMIT"
        elif GOVERNED.fullmatch(path):
            data = git(folder, "cat-file", "blob", blob)
            yield path, judge(path, data, repo) if mode == "100644" else "MODE"


def main(arguments: list[str]) -> int:
    """Judges vectors or a commit; 0 where all is as it should be."""
    if arguments[:1] == ["--repo"]:
        results = list(judge_commit(arguments[1], arguments[2]))
        sys.stdout.writelines(f"{path}\t{verdict}\n" for path, verdict in results)
        return int(any(verdict != "ok" for _, verdict in results))
    if arguments[:1] == ["--manifest"]:
        file, sig = Path(arguments[1]), Path(f"{arguments[1]}.sig")
        verdict = judge(
            "manifest.json", file.read_bytes(), sig=sig.read_text() if sig.exists() else None
        )
        sys.stdout.write(f"{verdict}\n")
        return int(verdict != "ok")
    if arguments[:1] == ["--digest"]:
        sys.stdout.write(f"{sources_digest(Path(arguments[1]))}\n")
        return 0
    agreed = True
    for folder in map(Path, arguments):
        is_agreed, verdict = judge_vector(folder)
        agreed = agreed and is_agreed
        sys.stdout.write(f"{folder.name}\t{'agreed' if is_agreed else 'differs'}\t{verdict}\n")
    return int(not agreed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
