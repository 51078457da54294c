"""A staff list as a page shows it: rows, chips, headings and the addresses of its links."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _

from volunteer_service import clock
from volunteer_service.areas import lookup
from volunteer_service.areas.models import Area
from volunteer_service.lists import asking, exporting, reading, registry
from volunteer_service.lists.acts import declared as declared_acts
from volunteer_service.lists.acts.declaration import Act
from volunteer_service.lists.asking import SIZES, Asked
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.exports import kept_exports
from volunteer_service.lists.filters import Filter
from volunteer_service.lists.reading import Found, Row
from volunteer_service.lists.views import displays, saved_views
from volunteer_service.lists.views.view_models import ListDisplay
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.web.shared import area_switch, workbooks

#: The page to which the rows of a list lead: an endpoint and its parameter.
_OPENS = {
    "accounts": ("people.account", "account_id"),
    "anomalies": ("attendance.anomaly", "anomaly_id"),
    "batches": ("lists.batch", "batch_id"),
    "certificates": ("certificates.show", "number"),
    "deliveries": ("messages.outbox", "delivery"),
    "entries": ("points.of_person", "volunteer_id"),
    "events": ("events.show", "event_id"),
    "exports": ("lists.export", "export_id"),
    "gifts": ("gifts.edit", "gift_id"),
    "imports": ("imports.show", "import_id"),
    "journal": ("people.account", "account_id"),
    "looks": ("people.show", "volunteer_id"),
    "late_changes": ("ratings.show", "round_id"),
    "memberships": ("teams.member", "membership_id"),
    "orders": ("gifts.of", "order_id"),
    "people": ("people.show", "volunteer_id"),
    "records": ("records.of", "record_id"),
    "refused_rows": ("imports.show", "import_id"),
    "results": ("ratings.person", "result_id"),
    "rounds": ("ratings.show", "round_id"),
    "shifts": ("events.show", "event_id"),
    "sign_ups": ("events.manage", "event_id"),
    "stock_moves": ("gifts.edit", "gift_id"),
    "teams": ("teams.show", "team_id"),
    "waiting": ("records.of", "record_id"),
}
_LONGEST = 2000


@dataclass(frozen=True)
class Heading:
    """A column's heading: the address that sorts by it, and how it is sorted now."""

    column: Column
    url: str
    direction: str


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    words: str
    url: str


@dataclass(frozen=True)
class View:
    """A saved view: its address, whether it is shown now, and whether the reader may remove it."""

    id: int
    name: str
    url: str
    is_shared: bool
    is_here: bool
    is_mine: bool
    remove_url: str


@dataclass(frozen=True)
class Shown:
    """Everything that ``components/list.html`` draws."""

    asked: Asked
    rows: list[Row]
    found: Found
    sums: dict[str, int]
    is_dense: bool
    #: Where the reader may go in the tree of areas, and where they are.
    place: "Place | None"
    #: What the reader may do with many rows.
    acts: list[Act]
    #: Saved views, one's own and the office's.
    views: list[View]
    #: Areas for whose offices the reader keeps views.
    offices: list[Area]
    #: Columns, size or density are those that the reader keeps.
    is_kept: bool

    @property
    def name(self) -> str:
        """Return the name of the list."""
        return self.asked.declared.name

    @property
    def chips(self) -> list[Chip]:
        """Return the filters that are set."""
        return [
            Chip(str(each.label), each.words(value), address(without=each.keys, **_off(each)))
            for each, value in self.asked.filters
        ]

    @property
    def headings(self) -> list[Heading]:
        """Return the headings of the shown columns."""
        return [self._heading(each) for each in self.asked.columns]

    @property
    def pages(self) -> int | None:
        """Return how many pages there are, where that is known."""
        if not self.found.is_exact:
            return None
        return max(1, -(-self.found.count // self.asked.size))

    @property
    def next_url(self) -> str | None:
        """Return the address of the next page, where there is one."""
        is_last = self.asked.page >= self.pages if self.pages else len(self.rows) < self.asked.size
        return None if is_last else address(page=self.asked.page + 1)

    @property
    def prev_url(self) -> str | None:
        """Return the address of the page before, where there is one."""
        return address(page=self.asked.page - 1) if self.asked.page > 1 else None

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the page sizes that are offered."""
        return SIZES

    def opens(self, row: Row) -> str:
        """Return the address of a row's own page."""
        return opened(self.name, row)

    def acting(self) -> str:
        """Return the address that takes an act on rows of this list, as it is filtered."""
        pairs = _parameters(("page", "size", "dense", "count", "sums", "sort", "col"))
        return _joined(url_for("lists.act", list_name=self.name), pairs)

    def keeping(self) -> str:
        """Return the address that keeps columns, size and density."""
        return url_for("lists.keep_display", list_name=self.name)

    def saving(self) -> str:
        """Return the address that keeps a view of this list, as it is filtered and shown."""
        pairs = _parameters(("page", "count", "sums"))
        return _joined(url_for("lists.save_view", list_name=self.name), pairs)

    def address(self, without: Iterable[str] = (), **changed: Any) -> str:
        """This list with some parameters changed."""
        return address(without=without, **changed)

    def kept(self, without: Iterable[str]) -> list[tuple[str, str]]:
        """Return what a form of the page carries along beside its own fields."""
        return _parameters((*without, "page"))

    def export(self, kind: str) -> str:
        """Return the address of the same list as a file."""
        pairs = _parameters(("page", "size", "dense", "count", "sums"))
        endpoint = "lists.text_file" if kind == "csv" else "lists.workbook"
        return _joined(url_for(endpoint, list_name=self.name), pairs)

    def filter_keys(self) -> list[str]:
        """Return the parameters of the filters that the form of filters asks for."""
        return [
            key
            for each in self.asked.declared.filters
            if each.control not in ("search", "tree", "hidden")
            for key in each.keys
        ]

    def _heading(self, column: Column) -> Heading:
        if column.sort is None:
            return Heading(column, "", "")
        sort, name = self.asked.sort, column.name
        now = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        return Heading(column, address(sort=f"-{name}" if sort == name else name), now)


@dataclass(frozen=True)
class Place:
    """Where in the tree of areas the list stands: the way down, and the next steps."""

    path: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    is_many: bool


def shown(name: str, *, by: Actor) -> Shown:
    """Return the list as this request asks for it; raise NotFound for others than its readers."""
    declared = registry.open_to(name, by=by)
    chosen = displays.of(declared, by=by)
    asked = _with(declared, chosen, by)
    found = reading.count(asked)
    last = max(1, -(-found.count // asked.size)) if found.is_exact else asked.page
    asked = replace(asked, page=min(asked.page, last))
    return Shown(
        asked=asked,
        rows=reading.rows(asked),
        found=found,
        sums=reading.sums(asked) if asked.is_summed else {},
        is_dense=_is_dense(chosen),
        place=_place(asked),
        acts=declared_acts.offered(name, by=by),
        views=_views(asked, by),
        offices=saved_views.offices(asked),
        is_kept=chosen is not None,
    )


def view_of(name: str, *, by: Actor) -> tuple[Asked, saved_views.Pairs]:
    """Return what a view of this request keeps, and its list."""
    declared = registry.open_to(name, by=by)
    chosen = displays.of(declared, by=by)
    asked = _with(declared, chosen, by)
    return asked, saved_views.parameters(asked, request.args, is_dense=_is_dense(chosen))


@dataclass(frozen=True)
class Named:
    """A row as its list names it: the words of its first columns, and the page it leads to."""

    words: str
    url: str


def asked_of(name: str, *, by: Actor) -> Asked:
    """Return what this request asks of a list; NotFound to who does not read it."""
    return _asked(name, by)


def counted(name: str, *, by: Actor) -> Found:
    """Return how many rows of a list match what this request asks."""
    return reading.count(_asked(name, by))


def counted_whole(name: str, *, by: Actor) -> int:
    """Return how many rows match, counted without an upper bound."""
    return reading.count(replace(_asked(name, by), is_counted_whole=True)).count


def named(name: str, ids: list[int], *, by: Actor) -> dict[int, Named]:
    """Return how a list names these rows, by their ids, as far as the reader sees them."""
    declared = registry.open_to(name, by=by)
    chosen = [each.name for each in declared.columns if each.kind == "text"][:2]
    asked = asking.read(declared, {}, chosen, by=by)
    found = {}
    for row in reading.these(asked, ids):
        words = " · ".join(str(value) for value in row.values if value)
        found[row.id] = Named(words, opened(name, row))
    return found


def exported(name: str, kind: str, *, by: Actor, every_column: bool = False) -> Response:
    """Return the same list as a file: what is shown, all pages of it; or, where that is long, the
    page that prepares it.

    Links that name no columns may ask for ``every_column``.
    """
    asked = _asked(name, by)
    if every_column and not request.args.get("col"):
        asked = replace(asked, columns=asked.declared.columns)
    if kept_exports.is_long(asked):
        pairs = [*_parameters(("page", "size", "dense", "count", "sums", "kind", "col"))]
        pairs += [("col", each.name) for each in asked.columns]
        prepared = url_for("lists.prepare", list_name=name, kind=kind)
        return redirect(f"{prepared}&{urlencode(pairs)}", 303)  # type: ignore[return-value]
    return workbooks.sent(f"{name}.{kind}", exporting.written(asked, kind, at=clock.now()))


def address(without: Iterable[str] = (), **changed: Any) -> str:
    """This request's address with some parameters changed; the page begins anew."""
    pairs = _parameters((*without, *changed, "page"))
    pairs += [(key, str(value)) for key, value in changed.items() if value is not None]
    return _joined(request.path, pairs)


def opened(name: str, row: Row) -> str:
    """Return the address of the page that a row of this list leads to."""
    endpoint, parameter = _OPENS[name]
    return url_for(endpoint, **{parameter: row.lead})


def args_of(declared: StaffList) -> dict[str, str]:
    """Return the parameters of this request; a list of places is of the street that is looked at,
    unless they name another one or none.
    """
    args = request.args.to_dict()
    if declared.area is not None and "area_id" not in args and (street := area_switch.chosen_id()):
        args["area_id"] = str(street)
    return args


def _asked(name: str, by: Actor) -> Asked:
    declared = registry.open_to(name, by=by)
    return _with(declared, displays.of(declared, by=by), by)


def _with(declared: StaffList, chosen: ListDisplay | None, by: Actor) -> Asked:
    """Return what the address asks; what it leaves open is as the reader chose it for this list."""
    args, columns = args_of(declared), request.args.getlist("col")
    if chosen is not None:
        args = {"size": str(chosen.size)} | args
    return asking.read(declared, args, columns or (chosen.shown if chosen else []), by=by)


def _is_dense(chosen: ListDisplay | None) -> bool:
    if "dense" in request.args or "col" in request.args or chosen is None:
        return request.args.get("dense") == "1"
    return chosen.is_dense


def _views(asked: Asked, by: Actor) -> list[View]:
    here = sorted(_parameters(("page", "count", "sums")))
    found = []
    for row in saved_views.offered(asked.declared, by=by):
        pairs = [(key, value) for key, value in row.asked]
        found.append(
            View(
                id=row.id,
                name=row.name,
                url=_joined(request.path, pairs),
                is_shared=row.area_id is not None,
                is_here=sorted(pairs) == here,
                is_mine=saved_views.may_remove(row, by=by),
                remove_url=url_for("lists.remove_view", view_id=row.id),
            )
        )
    return found


def _parameters(without: Iterable[str]) -> list[tuple[str, str]]:
    """Return the parameters of this request, without empty ones that say nothing."""
    left_out = set(without)
    return [
        (key, value[:_LONGEST])
        for key, value in request.args.items(multi=True)
        if key not in left_out and (value or key in _said_when_empty())
    ]


def _said_when_empty() -> set[str]:
    """Return the filters that an empty value takes off."""
    defaults = {
        each.name
        for declared in registry.LISTS.values()
        for each in declared.filters
        if getattr(each, "default", "")
    }
    return defaults | {"area_id"} if area_switch.chosen_id() else defaults


def _off(each: Filter) -> dict[str, str]:
    """Return what an address says to take a filter off that is set without being named."""
    is_unasked = bool(getattr(each, "default", ""))
    if each.control == "tree":
        is_unasked = area_switch.chosen_id() is not None
    return {each.name: ""} if is_unasked else {}


def _joined(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _place(asked: Asked) -> Place | None:
    if asked.declared.area is None or not asked.reach:
        return None
    here: Area | None = asked.value("area_id")
    above = lookup.above(here) if here is not None else []
    starts = {area.id for area in asked.reach}
    first = next((n for n, area in enumerate(above) if area.id in starts), 0)
    way = above[first:]
    steps = list(lookup.children(here.id)) if here is not None else list(asked.reach)
    if here is None and len(asked.reach) == 1:
        way, steps = [], list(lookup.children(asked.reach[0].id))
    return Place(
        path=[(_("全部"), address(area_id="" if area_switch.chosen_id() else None))]
        + [(area.name, address(area_id=area.id)) for area in way],
        steps=[(area.name, address(area_id=area.id)) for area in steps],
        is_many=len(asked.reach) > 1,
    )
