"""The account of a revision's papers: how many went out, came back, were lost (BX-04)."""

from dataclasses import dataclass, field

from qms_copies.life import CopyState, Life


@dataclass(slots=True)
class Reconciliation:
    """All papers of a revision, accounted for: ``12 issued, 11 back, 1 lost`` (BX-04).

    A paper that was damaged and the one that took its place under its number are two. What was
    issued without effect is no paper of it, and told beside.
    """

    issued: int = 0
    back: int = 0
    damaged: int = 0
    lost: int = 0
    recalled: int = 0
    void: int = 0
    out: list[str] = field(default_factory=list[str])

    def add(self, copy: str, life: Life, void: int = 0) -> None:
        """Count one number, with how many papers of it are out without effect."""
        self.void += void
        self.issued += life.tally.issued
        self.back += life.tally.back
        self.damaged += life.tally.damaged
        self.lost += life.tally.lost
        self.out += [copy] * life.papers
        self.recalled += sum(paper.state is CopyState.RECALLED for paper in life.held)

    @property
    def is_closed(self) -> bool:
        """Whether every copy is accounted for."""
        return not self.out

    def sentence(self, language: str) -> str:
        """The count as one line, in ``zh`` or ``en``."""
        if language == "en":
            back = f"{self.back} back" + (f" ({self.damaged} damaged)" if self.damaged else "")
            parts = [f"{self.issued} issued", back, f"{self.lost} lost"]
            out = f"{len(self.out)} out"
            recalled = f" ({self.recalled} recalled)" if self.recalled else ""
            void = [f"{self.void} without effect"] if self.void else []
            return ", ".join([*parts, out + recalled, *void])
        damaged = f"（其中破损 {self.damaged} 份）" if self.damaged else ""
        back = f"收回 {self.back} 份{damaged}"
        parts = [f"发放 {self.issued} 份", back, f"遗失 {self.lost} 份"]
        recalled = f"（其中 {self.recalled} 份已通知回收）" if self.recalled else ""
        void = [f"另有 {self.void} 份不生效"] if self.void else []
        return "，".join([*parts, f"在外 {len(self.out)} 份{recalled}", *void])
