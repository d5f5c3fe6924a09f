"""What loading a file of the network gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What of a file was loaded.

    Attributes:
        rows: Rows that the file gave.
        counties: Counties that they are in.
        sha256: Of the file, 64 hexadecimal digits.
        release: Year that its rows tell; None where they tell none.
        notes: What was left out, and why.
    """

    rows: int
    counties: int
    sha256: str
    release: int | None
    notes: tuple[str, ...]


def left_out(counts: dict[str, int]) -> tuple[str, ...]:
    """Say how many rows were left out, by the reason."""
    told = [f"{count:,} {reason}" for reason, count in counts.items() if count]
    return (f"left out: {', '.join(told)}",) if told else ()
