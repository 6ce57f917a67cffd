"""`/reports/comparison`: the same figures as the page, from the same function."""

import pytest

from campaigns.engagement.store import Store
from cms.people.models import SCOPES
from tests.campaigns.reports.conftest import Reads
from tests.campaigns.reports.test_comparison import campaign, compared, day, total
from tests.cms.api.conftest import Program, errors
from tests.factories import make_campaign, tom


def test_the_api_tells_the_figures_of_the_page(app: object, api: Program, store: Store, reads: Reads) -> None:
    spring, (post,) = campaign("Spring")
    rain, _posts = campaign("Rain")
    reads(spring.id, post, day(1), views=20, engaged=5)
    answer = api.get(
        f"/reports/comparison?campaign={spring.id}&campaign={rain.id}&split=channel&from=2026-11-01&to=2026-11-02"
    )
    assert answer.status_code == 200
    told = answer.json
    assert [one["id"] for one in told["campaigns"]] == [spring.id, rain.id]
    figures = {(one["per"], one["key"]): one for one in told["campaigns"][0]["figures"]}
    page = compared(spring, rain)
    assert figures["total", "views"]["value"] == total(page, spring, "views").value == 20
    rate = figures["reached", "readers"]
    assert (rate["value"], round(rate["low"]), round(rate["high"]), rate["of"]) == (250, 112, 469, 20)
    assert figures["total", "cost"]["value"] is None
    assert figures["total", "cost"]["why"] == "No cost is written down for these days."
    assert [(one["day"], one["value"]) for one in told["series"][0]["points"]] == [
        ("2026-11-01", 5),
        ("2026-11-02", 5),
    ]
    assert [(one["key"], one["campaign"]) for one in told["parts"]] == [
        ("account:1", spring.id),
        ("account:1", rain.id),
    ]
    assert told["verdicts"][0]["words"] == "Spring and Rain: too few posts to tell them apart."


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ("campaign=A", "campaign", "Please send at least 2."),
        ("campaign=A&campaign=A", "campaign", "Choose at least two campaigns."),
        ("campaign=A&campaign=9999", "campaign", "There is no such campaign."),
        (
            "campaign=A&campaign=B&from=2026-11-02&to=2026-11-01",
            "to",
            "The last day is before the first one.",
        ),
        ("campaign=A&campaign=B&from=2026-02-30", "from", "There is no such day."),
        ("campaign=A&campaign=B&align=moon", "align", "Please choose one of 'calendar', 'launch'."),
        ("campaign=A&campaign=B&align=launch&align=launch", "align", "This came more than once."),
        ("campaign=A&campaign=B&love=1", "love", "There is no such parameter."),
        ("campaign=A&campaign=x", "campaign.1", "This must be a whole number."),
        ("&".join(["campaign=A"] * 7), "campaign", "Please send at most 6."),
    ],
)
def test_a_question_that_makes_no_sense_is_told_where(
    api: Program, store: Store, asked: str, field: str, sentence: str
) -> None:
    one, other = make_campaign("One"), make_campaign("Other")
    asked = asked.replace("=A", f"={one.id}").replace("=B", f"={other.id}")
    answer = api.get(f"/reports/comparison?{asked}")
    assert answer.status_code == 422
    assert errors(answer) == {field: sentence}


def test_it_needs_its_scope(app: object, store: Store) -> None:
    others = [one for one in SCOPES if one != "reports:read"]
    answer = Program(app, tom(), *others).get("/reports/comparison?campaign=1&campaign=2")  # type: ignore[arg-type]
    assert answer.status_code == 403
