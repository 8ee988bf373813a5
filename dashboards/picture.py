"""Draws a dashboard as a picture without a browser: laid out like its page, with charts by vl-convert."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import jinja2
import vl_convert

from dashboards import charts, definition, filters, report
from dashboards.definition import Language, Section
from dashboards.reader import Quality, Reader
from dashboards.report import Report
from dashboards.views import Chart, Grid, Number, Shown
from dashboards.words import label
from warehouse import connection, formats
from warehouse.i18n import translate
from warehouse.settings import Settings, get_settings

# All in pixels.
WIDTH = 1200
MARGIN = 28
GAP = 16
TOP = 100
HEADING = 52
NUMBER_HEIGHT = 126
CARD_PADDING = 18
CARD_HEAD = 62
CARD_WIDTH = 860
LETTER = 7
ROW = 26
NOTE = 18
MOST_WORDS = 20
# Device pixels per pixel of pictures that are shared, for high-resolution screens.
SHARPNESS = 2

ARROWS = {"up": "▲ ", "down": "▼ ", None: ""}
COLOURS = {"good": "#0b766c", "bad": "#b3382c", "neutral": "#5a6874"}

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)


def draw(
    path: Path | str, settings: Settings | None = None, name: str = "conversations", language: Language = "en"
) -> None:
    """Write a dashboard's numbers and charts with the default filters as a PNG of 1200 pixels width. Raises NotBuilt or
    DatabaseAway."""
    settings = settings or get_settings()
    reader = Reader(connection.url("reader", settings))
    dashboard = definition.load(name)
    try:
        with reader.session() as session:
            extents = session.extents()
            chosen = filters.parse({}, extents, settings.default_store)
            shown = report.build(session, dashboard, chosen, extents[chosen.store], language)
    finally:
        reader.close()
    Path(path).write_bytes(vl_convert.svg_to_png(_whole(shown)))


def draw_pdf(shown: Report) -> bytes:
    """A dashboard's numbers and charts as one PDF page, laid out like the picture."""
    return vl_convert.svg_to_pdf(_whole(shown))


def draw_card(shown: Report) -> bytes:
    """The only card of a report as a PNG, with its filters, the quality of its data, and its notes."""
    ((_, (view,)),) = shown.sections
    # A card without a KPI has no verdict of its own.
    page = _Page(shown, width=_width_alone(view), verdict=view.verdict if view.card.metrics else None)
    page.add_alone(view)
    title = f"{view.card.title.to(shown.language)} · {shown.dashboard.title.to(shown.language)}"
    return vl_convert.svg_to_png(_svg(page, title), scale=SHARPNESS)


@dataclass(frozen=True)
class _Card:
    x: float
    y: float
    width: float
    height: float
    title: str
    drawing: str = ""
    figure: str = ""
    change: str = ""
    colour: str = ""
    basis: str = ""
    table: list[list[_Cell]] = field(default_factory=list)


@dataclass(frozen=True)
class _Cell:
    """A text in a table. The first of a row begins at `x`, the others end there."""

    x: float
    y: float
    text: str
    is_first: bool


@dataclass(frozen=True)
class _Heading:
    y: float
    text: str


@dataclass
class _Page:
    """A page that is filled from top to bottom. `y` is where the next row begins."""

    shown: Report
    width: int = WIDTH
    verdict: Quality | None = None
    y: float = TOP
    headings: list[_Heading] = field(default_factory=list)
    cards: list[_Card] = field(default_factory=list)
    notes: list[_Heading] = field(default_factory=list)

    def add(self, section: Section, views: list[Number | Chart]) -> None:
        self.headings.append(_Heading(self.y + 36, section.title.to(self.shown.language)))
        self.y += HEADING
        columns = 4 if section.of_numbers else 3 if section.in_thirds else 2
        row: list[Number | Chart] = []
        for view in views:
            if view.card.wide:
                self._row([view], 1)
            else:
                row.append(view)
            if len(row) == columns:
                self._row(row, columns)
                row = []
        self._row(row, columns)

    def add_alone(self, view: Shown) -> None:
        """Add one card of the page's width, also a table, and its notes."""
        if isinstance(view, Grid):
            width, rows = self.width - 2 * MARGIN, [view.table.header, *view.table.rows]
            height = CARD_HEAD + ROW * len(rows)
            title = view.card.title.to(self.shown.language)
            self.cards.append(_Card(MARGIN, self.y, width, height, title, table=_cells(rows, width)))
            self.y += height + GAP
        else:
            self._row([view], 1)
        goal = [view.goal.text] if isinstance(view, Number) and view.goal else []
        for note in (*goal, *view.notes):
            self.notes.append(_Heading(self.y + NOTE / 2, note))
            self.y += NOTE

    def _row(self, views: list[Number | Chart], columns: int) -> None:
        if not views:
            return
        width = (self.width - 2 * MARGIN - (columns - 1) * GAP) / columns
        height = max(self._height(view) for view in views)
        for place, view in enumerate(views):
            self.cards.append(self._card(view, MARGIN + place * (width + GAP), width, height))
        self.y += height + GAP

    def _height(self, view: Number | Chart) -> float:
        if isinstance(view, Number):
            return NUMBER_HEIGHT
        drawn = _drawable(view)
        return CARD_HEAD + charts.height(drawn) + (0 if charts.is_of_bars(drawn) else CARD_PADDING)

    def _card(self, view: Number | Chart, x: float, width: float, height: float) -> _Card:
        title = view.card.title.to(self.shown.language)
        if isinstance(view, Chart):
            return _Card(x, self.y, width, height, title, drawing=self._drawing(view, width - 2 * CARD_PADDING))
        change = view.change
        moved = f"{ARROWS[change.arrow]}{change.text}" if change else ""
        colour = COLOURS[change.news if change else "neutral"]
        return _Card(x, self.y, width, height, title, "", view.text, moved, colour, view.basis or "")

    def _drawing(self, view: Chart, width: float) -> str:
        numbers, dates = charts.locales(self.shown.language)
        view = _drawable(view)
        spec = charts.spec(view, self.shown.filters, self.shown.language)
        fit = "fit-x" if charts.is_of_bars(view) else "fit"
        return vl_convert.vegalite_to_svg(
            {**spec, "width": width, "autosize": {"type": fit, "contains": "padding"}, "padding": charts.ROOM},
            vl_version=charts.VEGA_LITE,
            config=charts.theme(dark=False),
            format_locale=numbers,
            time_format_locale=dates,
        )


def _drawable(view: Chart) -> Chart:
    """Words are drawn as bars: without a browser they cannot be measured, so that a cloud cannot be laid out."""
    if view.card.chart != "word_cloud":
        return view
    bars = view.card.model_copy(update={"chart": "diverging_bar"})
    largest = sorted(view.points, key=lambda point: -abs(point["value"]))[:MOST_WORDS]
    return replace(view, card=bars, points=sorted(largest, key=lambda point: -point["value"]))


def _whole(shown: Report) -> str:
    page = _Page(shown)
    for section, views in shown.sections:
        drawn = [view for view in views if not isinstance(view, Grid) and (isinstance(view, Number) or view.points)]
        if drawn:
            page.add(section, drawn)
    return _svg(page, shown.dashboard.title.to(shown.language))


def _svg(page: _Page, title: str) -> str:
    return _templates.get_template("picture.svg").render(
        width=page.width,
        height=page.y + MARGIN,
        margin=MARGIN,
        font=charts.FONT,
        title=title,
        facts=_facts(page.shown, page.verdict or page.shown.extent.quality),
        headings=page.headings,
        cards=page.cards,
        notes=page.notes,
    )


def _cells(rows: list[list[str]], width: float) -> list[list[_Cell]]:
    """The cells of a table. The first column has the width of two."""
    step = (width - 2 * CARD_PADDING) / (len(rows[0]) + 1)
    return [
        [
            _Cell(CARD_PADDING + (step * (place + 2) if place else 0), CARD_HEAD + ROW * number, text, not place)
            for place, text in enumerate(row)
        ]
        for number, row in enumerate(rows)
    ]


def _width_alone(view: Shown) -> int:
    """A table is wide enough for its longest text, headings included, in each column."""
    if not isinstance(view, Grid):
        return CARD_WIDTH
    longest = max((len(text) for row in (view.table.header, *view.table.rows) for text in row[1:]), default=0)
    return max(CARD_WIDTH, (LETTER * longest + GAP) * (len(view.table.header) + 1) + 2 * (MARGIN + CARD_PADDING))


def _facts(shown: Report, verdict: Quality) -> str:
    language, extent = shown.language, shown.extent
    facts = [
        extent.name,
        formats.day_range(shown.filters.first, shown.filters.last, language),
        *filters.narrowed(shown.dashboard, shown.filters, extent, language).values(),
        translate(
            language,
            "Data as of {moment}",
            moment=formats.moment(extent.data_as_of, extent.timezone, language),
        ),
        label(language, f"quality_{verdict}"),
    ]
    if shown.open_from:
        facts.append(translate(language, "Not final from {day}", day=formats.day(shown.open_from, language)))
    return "   ·   ".join(facts)
