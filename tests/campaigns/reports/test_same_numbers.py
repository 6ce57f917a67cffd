"""One question, asked in every way there is: page, API, CSV, workbook, and the answer that was given out say the same."""

import csv
import io
import re
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from campaigns.engagement.store import Store
from campaigns.plans.content import MoneyLine
from campaigns.reports.definitions import COLUMNS
from tests.campaigns.reports.conftest import Reads
from tests.campaigns.reports.test_comparison import campaign, day
from tests.campaigns.reports.test_exports import cells_of
from tests.cms.api.conftest import Program
from tests.factories import sign_in, tom

Numbers = list[tuple[str, float | None]]


def test_page_api_files_and_share_say_the_same(
    app: Flask, client: FlaskClient, api: Program, store: Store, reads: Reads, does: Reads
) -> None:
    money = [MoneyLine("cost", Decimal("77.5"), "CNY", spent_on=day(2))]
    spring, (post, *_more) = campaign("Spring", posts=6, money=money)
    rain, (other, *_others) = campaign("Rain", posts=6)
    reads(spring.id, post, day(1), views=1204, engaged=311, verified=20)
    reads(spring.id, post, day(2), views=40, engaged=7, channel="search", first_person=1000)
    reads(rain.id, other, day(2), views=88, engaged=9)
    does(spring.id, "signup", day(2))
    asked = f"campaign={spring.id}&campaign={rain.id}&from=2026-11-01&to=2026-11-03"
    sign_in(client, tom())
    by_api = numbers_of_api(api.get(f"/reports/comparison?{asked}").json)
    assert len(by_api) == 2 * len(COLUMNS)
    assert tuple(str(value) for name, value in by_api if name == "Views") == ("1244.0", "88.0")
    assert numbers_of_csv(client.get(f"/desk/reports/comparison.csv?{asked}").text) == by_api
    book = client.get(f"/desk/reports/comparison.xlsx?{asked}").data
    assert numbers_of_book(book) == by_api
    made = client.post("/desk/reports/shares", data={"asked": asked, "title": "Board", "days": "7"})
    path = made.text.partition("http://localhost")[2].partition('"')[0]
    reads(spring.id, post, day(3), views=500, first_person=5000)  # the share stays as it was given out
    outsider = app.test_client()
    shared = outsider.get(path).text
    assert numbers_of_csv(outsider.get(f"{path}/report.csv").text) == by_api
    assert numbers_of_book(outsider.get(f"{path}/report.xlsx").data) == by_api
    words = texts_of(shared)
    assert words["Views"] == ["1,244", "88"]
    fresh = numbers_of_api(api.get(f"/reports/comparison?{asked}").json)
    assert ("Views", 1744.0) in fresh
    page = texts_of(client.get(f"/desk/reports/comparison?{asked}").text)
    assert page["Views"] == ["1,744", "88"]
    assert {
        name: said for name, said in words.items() if said[1] != page[name][1]
    } == {}  # Rain did not change


def numbers_of_api(told: dict[str, object]) -> Numbers:
    campaigns, columns = told["campaigns"], told["columns"]
    assert isinstance(campaigns, list)
    assert isinstance(columns, list)
    found: Numbers = []
    for column in columns:
        for one in campaigns:
            (figure,) = (
                some for some in one["figures"] if (some["per"], some["key"]) == ("total", column["key"])
            )
            value = figure["value"]
            is_money = value is not None and figure["currency"]
            found.append((column["name"], _tidy(value, 100 if is_money else 1)))
    return found


def numbers_of_csv(text: str) -> Numbers:
    rows = [row for row in csv.reader(io.StringIO(text)) if len(row) > 3 and row[1] == "In all"]
    return [(row[2], _tidy(float(row[3])) if row[3] else None) for row in rows]


def numbers_of_book(book: bytes) -> Numbers:
    cells = cells_of(book)
    rows = [number for number in range(2, 80) if cells.get(f"A{number}") == "In all"]
    found: Numbers = []
    for row in rows:
        for column in "DG":
            value = cells.get(f"{column}{row}")
            found.append((str(cells[f"B{row}"]), None if value is None else _tidy(float(value))))
    return found


def _tidy(value: float | None, parts: int = 1) -> float | None:
    """A workbook keeps fifteen digits."""
    return None if value is None else float(f"{value / parts:.12g}")


def texts_of(html: str) -> dict[str, list[str]]:
    """What the first table says of each figure in all, by its name."""
    table = html[html.index("<table") : html.index("</table>")]
    found: dict[str, list[str]] = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL):
        name = re.sub(r"<[^>]+>", "", (re.findall(r"<th[^>]*>(.*?)</th>", row, re.DOTALL) or [""])[0]).strip()
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        if cells and name not in found:
            found[name] = [re.sub(r"<[^>]+>", " ", one).split()[0] for one in cells]
    return found
