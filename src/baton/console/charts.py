"""Charts as SVG, drawn here: bars of several parts, with words for whoever cannot see them. The table behind says the same."""

from collections.abc import Sequence

from markupsafe import Markup

from baton.types.frozen import Frozen

_WIDTH, _LABEL, _ROW, _BAR = 720, 230, 26, 14


class Part(Frozen):
    """One stretch of a bar."""

    value: float
    colour: str
    """The name of a class in `numbers.css`, as in `alone`."""
    words: str
    """What a pointer that rests on it is told."""


class Bar(Frozen):
    """One line of a chart."""

    label: str
    parts: tuple[Part, ...]
    says: str
    """What stands at its end."""

    @property
    def total(self) -> float:
        """Its whole length."""
        return sum(part.value for part in self.parts)


def bars(lines: Sequence[Bar], name: str, *, whole: bool = False) -> Markup:
    """A chart of horizontal bars. `whole`: every bar is as long as the others, and its parts are shares."""
    most = max((line.total for line in lines), default=0) or 1
    rows = Markup("").join(_row(at, line, (line.total or 1) if whole else most) for at, line in enumerate(lines))
    told = "; ".join(f"{line.label}: {line.says}" for line in lines)
    head = Markup('<svg class="chart" viewBox="0 0 %s %s" role="img" aria-label="%s">')
    return head % (_WIDTH, len(lines) * _ROW + 2, f"{name}. {told}") + rows + Markup("</svg>")


def _row(at: int, line: Bar, most: float) -> Markup:
    top, room = at * _ROW + 2, _WIDTH - _LABEL - 120
    label = Markup('<text class="chart-label" x="0" y="%s">%s</text>') % (top + _BAR - 1, _short(line.label))
    drawn, x = Markup(""), float(_LABEL)
    for part in line.parts:
        width = room * part.value / most
        if width > 0:
            drawn += Markup('<rect class="part-%s" x="%.1f" y="%s" width="%.1f" height="%s"><title>%s</title></rect>') % (
                part.colour, x, top, max(width, 1.0), _BAR, part.words,
            )  # fmt: skip
        x += width
    return label + drawn + Markup('<text class="chart-says" x="%.1f" y="%s">%s</text>') % (x + 8, top + _BAR - 2, line.says)


def _short(label: str) -> str:
    return label if len(label) <= 34 else f"{label[:33]}…"
