"""Where the bars of a chart stand. No ORM, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 320  # of the longest bar, in the units of the drawing
LEFT = 260
ROW = 40
BAR = 22


@dataclass(frozen=True)
class Bar:
    """One row: its words, and the rectangle; without a number there is none."""

    label: str
    number: int | None
    y: int
    width: int

    @property
    def text_y(self) -> int:
        return self.y + BAR - 6

    @property
    def end(self) -> int:
        return LEFT + self.width + 8


def bars(rows: Sequence[tuple[str, int | None]], *, most: int) -> list[Bar]:
    """Rows from the top, each as long as its share of `most`."""
    return [
        Bar(label, number, y=10 + place * ROW, width=round(WIDTH * (number or 0) / most) if most else 0)
        for place, (label, number) in enumerate(rows)
    ]
