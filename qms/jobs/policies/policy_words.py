"""What a version of the policy changes against the one it follows, in words, line by line.

The diff beside it shows every byte; this says what it means: who comes and goes, which keys and
roles, what a class asks for. A line is its Chinese and its English; names are as printed.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias, TypeVar

from qms.domain.kinds.pins import PluginPin
from qms.domain.kinds.policy import (
    Department,
    DocumentClass,
    Holding,
    Key,
    Organisation,
    Person,
    Policy,
    Role,
)
from qms.formats.strict_yaml import Value
from qms.texts import Text

Words: TypeAlias = Iterator[tuple[str, str]]
One = TypeVar("One", Person, Department, Role, DocumentClass)
_SETTINGS: Final = {
    "level": ("层级", "level"),
    "custodian": ("文件归口", "custodian"),
    "review_months": ("复审周期（月）", "months to its review"),
    "retention_years": ("保存期（年）", "years of retention"),
    "assurance": ("签署要求", "kept keys"),
    "number": ("编号规则", "number"),
    "version": ("版次规则", "version"),
    "copies": ("分发号规则", "copy numbers"),
    "chain": ("审批流程", "chain"),
}
"""What the keys of a class are called."""


class Sides(NamedTuple):
    """The version in force, and the one that is to follow it."""

    old: Policy
    new: Policy

    def person(self, who: str | None) -> tuple[str, str]:
        """The name of a person on either side, in both languages."""
        one = self.new if who in self.new.persons else self.old
        return (one.printed_name(who, "zh"), one.printed_name(who, "en")) if who else ("无", "none")


def changes_in_words(old: Policy, new: Policy) -> Words:
    """Each change of people, departments, roles, classes and of the policy itself."""
    sides = Sides(old, new)
    yield from _organisation(sides)
    yield from _pairs(old.persons, new.persons, ("人员", "person"), _person(sides))
    yield from _pairs(old.departments, new.departments, ("部门", "department"), _department(sides))
    yield from _pairs(old.roles, new.roles, ("角色", "role"), _role(sides))
    yield from _pairs(old.classes, new.classes, ("类别", "class"), _class)
    yield from _rules(sides)


def founding_in_words(policy: Policy) -> Words:
    """What a first version holds, in figures: there is nothing to compare it with."""
    quorum = policy.quorum
    figures = (len(policy.persons), len(policy.departments), len(policy.roles), len(policy.classes))
    yield (
        "人员 {} 名、部门 {} 个、角色 {} 个、类别 {} 个".format(*figures),
        "persons: {}, departments: {}, roles: {}, classes: {}".format(*figures),
    )
    yield (
        f"以后各版由{policy.role_name(quorum.role, 'zh')} {quorum.need} 人签署",
        f"later versions take {quorum.need} of: {policy.role_name(quorum.role, 'en')}",
    )


def _pairs(
    old: Mapping[str, One],
    new: Mapping[str, One],
    kind: tuple[str, str],
    differences: Callable[[One, One], Words],
) -> Words:
    zh, en = kind
    for one, now in new.items():
        before = old.get(one)
        named = f"{now.name.of('zh')}（{one}）", f"{now.name.of('en')} ({one})"
        if before is None:
            yield f"新增{zh} {named[0]}", f"new {en} {named[1]}"
        for said in _brought(now) if before is None else differences(before, now):
            yield f"{zh} {named[0]}：{said[0]}", f"{en} {named[1]}: {said[1]}"
    for one, gone in old.items():
        if one not in new:
            yield (f"删除{zh} {gone.name.of('zh')}（{one}）",
                   f"no longer: {en} {gone.name.of('en')} ({one})")  # fmt: skip


def _brought(now: Person | Department | Role | DocumentClass) -> Words:
    """What of something new counts at once: keys that may sign."""
    if isinstance(now, Person):
        yield from _keys((), now.keys)


def _person(sides: Sides) -> Callable[[Person, Person], Words]:
    def told(old: Person, new: Person) -> Words:
        yield from _named(old.name, new.name)
        if old.department != new.department:
            before, after = (
                _department_name(one.departments, row.department)
                for one, row in ((sides.old, old), (sides.new, new))
            )
            yield f"部门由 {before[0]} 改为 {after[0]}", f"department {before[1]} → {after[1]}"
        titles = (old.title or Text(), new.title or Text())
        if titles[0] != titles[1]:
            yield from _changed(("职务", "title"), _both(titles[0]), _both(titles[1]))
        yield from _keys(old.keys, new.keys)

    return told


def _department_name(known: Mapping[str, Department], one: str) -> tuple[str, str]:
    found = known.get(one)
    return (one, one) if found is None else (found.name.of("zh"), found.name.of("en"))


def _keys(old: tuple[Key, ...], new: tuple[Key, ...]) -> Words:
    before = {one.public.fingerprint: one for one in old}
    after = {one.public.fingerprint: one for one in new}
    for print_, key in after.items():
        was = before.get(print_)
        if was is None and not key.void:
            since = (f"，自 {key.since}", f", from {key.since}") if key.since else ("", "")
            yield f"新公钥 {print_}{since[0]}", f"new key {print_}{since[1]}"
        elif was is None or (key.void and not was.void):
            yield f"公钥 {print_} 作废：不能再签署", f"key {print_} is void: it signs no more"
        elif was.void and not key.void:
            yield f"公钥 {print_} 恢复使用", f"key {print_} signs again"
        elif was != key:
            kept = (f"{one.assurance} {one.since or ''}".strip() for one in (was, key))
            changed = " → ".join(kept)
            yield f"公钥 {print_}：{changed}", f"key {print_}: {changed}"
    for print_ in before:
        if print_ not in after:
            yield f"删除公钥 {print_}：不能再签署", f"key {print_} is gone: it signs no more"


def _department(sides: Sides) -> Callable[[Department, Department], Words]:
    def told(old: Department, new: Department) -> Words:
        yield from _named(old.name, new.name)
        for what, before, after in (
            (("负责人", "head"), old.head, new.head),
            (("分管领导", "in charge"), old.in_charge, new.in_charge),
            (("文件保管人", "keeper of its papers"), old.keeper, new.keeper),
        ):
            if before != after:
                yield from _changed(what, sides.person(before), sides.person(after))

    return told


def _role(sides: Sides) -> Callable[[Role, Role], Words]:
    def told(old: Role, new: Role) -> Words:
        yield from _named(old.name, new.name)
        for who in dict.fromkeys(one.person for one in (*new.holders, *old.holders)):
            before, after = (
                [one for one in row.holders if one.person == who] for row in (old, new)
            )
            zh, en = sides.person(who)
            if not before:
                yield f"{zh} 担任{_terms(after)[0]}", f"held by {en}{_terms(after)[1]}"
            elif not after:
                yield f"不再由 {zh} 担任", f"no longer held by {en}"
            elif before != after:
                terms = zip(_terms(before), _terms(after), strict=True)
                (was, now), (was_en, now_en) = terms
                yield (
                    f"{zh} 的任期由{was or '不限'}改为{now or '不限'}",
                    f"{en} holds it{now_en or ' without an end'}, not{was_en or ' without an end'}",
                )

    return told


def _terms(holdings: list[Holding]) -> tuple[str, str]:
    """From and to which days somebody holds a role; empty for somebody who simply does."""
    zh, en = list[str](), list[str]()
    for one in holdings:
        if one.since or one.until:
            zh.append(f"（{one.since or '原有'} 至 {one.until or '不限'}）")
            since = f" from {one.since}" if one.since else ""
            en.append(since + (f" to {one.until}" if one.until else ""))
    return "".join(zh), " and".join(en)


def _class(old: DocumentClass, new: DocumentClass) -> Words:
    yield from _named(old.name, new.name)
    fields = ("level", "custodian", "review_months", "retention_years", "assurance")
    for key in dict.fromkeys((*fields, *old.settings, *new.settings)):
        was, now = (_setting(one, key) for one in (old, new))
        if was != now:
            yield from _changed(_SETTINGS.get(key, (key, key)), (was, was), (now, now))


def _setting(one: DocumentClass, key: str) -> str:
    if key in one.settings:
        return _flow(one.settings[key])
    value: object = getattr(one, key, None)
    return "-" if value is None else str(value)


def _flow(value: Value) -> str:
    """A setting on one line, as it may be written."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return value


def _organisation(sides: Sides) -> Words:
    old, new = sides.old.organisation, sides.new.organisation
    for zh, en in _named(old.name, new.name):
        yield f"公司{zh}", f"company: {en}"
    for what, before, after in (
        (("语言", "language"), old.language, new.language),
        (("时区", "timezone"), _zone(old), _zone(new)),
        (("受控主干", "trunk"), sides.old.trunk, sides.new.trunk),
    ):
        if before != after:
            yield from _changed(what, (before, before), (after, after))


def _zone(one: Organisation) -> str:
    zone = one.timezone
    starts = ("", *(f" ({since.isoformat()})" for since in zone.since[1:]))
    return ", ".join(f"{offset}{since}" for offset, since in zip(zone.offsets, starts, strict=True))


def _rules(sides: Sides) -> Words:
    old, new = sides
    if old.quorum != new.quorum:
        yield from _changed(
            ("由谁签署策略", "who signs policies"),
            *(
                (f"{one.role_name(one.quorum.role, 'zh')} {one.quorum.need} 人",
                 f"{one.quorum.need} of {one.role_name(one.quorum.role, 'en')}")
                for one in sides
            ),
        )  # fmt: skip
    for name, before, after in zip(old.floors._fields, old.floors, new.floors, strict=True):
        if before != after:
            shown = (str(before), str(before)), (str(after), str(after))
            yield from _changed((f"底线 {name}", f"floor {name}"), *shown)
    if old.rulebook != new.rulebook:
        was, now = str(old.rulebook), str(new.rulebook)
        yield from _changed(("规则集", "rulebook"), (was, was), (now, now))
    yield from _rows(("插件", "plugin"), map(_pin, old.plugins), map(_pin, new.plugins))
    yield from _rows(
        ("打印机器的公钥", "key of a machine that prints"),
        *((f"{row.name} {row.public.fingerprint}" for row in one.publishers) for one in sides),
    )


def _pin(one: PluginPin) -> str:
    said = (one.name, one.distribution, one.version, one.digest, "void" if one.void else None)
    return " ".join(str(word) for word in said if word)


def _rows(what: tuple[str, str], old: Iterator[str], new: Iterator[str]) -> Words:
    before, after = tuple(old), tuple(new)
    for one in after:
        if one not in before:
            yield f"新增{what[0]} {one}", f"new {what[1]} {one}"
    for one in before:
        if one not in after:
            yield f"删除{what[0]} {one}", f"no longer: {what[1]} {one}"


def _named(old: Text, new: Text) -> Words:
    if old != new:
        yield from _changed(("名称", "name"), _both(old), _both(new))


def _both(text: Text) -> tuple[str, str]:
    said = " / ".join(dict.fromkeys(text.by_tag.values())) or "-"
    return said, said


def _changed(what: tuple[str, str], old: tuple[str, str], new: tuple[str, str]) -> Words:
    yield f"{what[0]}由 {old[0]} 改为 {new[0]}", f"{what[1]} {old[1]} → {new[1]}"
