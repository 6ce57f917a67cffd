"""Days in a row, what young campaigns come to, and one figure for each of another."""

from datetime import date

from campaigns.reports.figures.curves import age_on, cumulative, days_between, horizon, laid_out
from campaigns.reports.figures.maturity import ghost, grown, projection, share_in
from campaigns.reports.figures.ratios import bounds, for_money, one_currency, per

FIRST = date(2026, 11, 1)
PAST = ((10.0, 40.0, 80.0, 100.0), (20.0, 60.0, 90.0, 100.0), (60.0, 100.0, 180.0, 200.0))


def test_the_first_day_is_the_first() -> None:
    assert age_on(date(2026, 10, 31), FIRST) == 0
    assert age_on(FIRST, FIRST) == 1
    assert age_on(date(2026, 11, 30), FIRST) == 30


def test_the_youngest_cuts_and_one_that_has_not_begun_does_not() -> None:
    assert horizon([30, 12, 0]) == 12
    assert horizon([0, 0]) == 0


def test_nothing_happened_is_nought_and_not_known_is_missing() -> None:
    days = days_between(FIRST, date(2026, 11, 4))
    values = laid_out({days[1]: 5, days[3]: 9}, days, known=(days[0], days[2]))
    assert values == [0, 5, 0, None]
    assert cumulative(values) == [0, 5, 5, None]
    assert cumulative([None, 3, 4]) == [None, 3, 7]


def test_no_days_between_an_end_before_the_beginning() -> None:
    assert days_between(FIRST, date(2026, 10, 31)) == []


def test_what_is_usually_in_is_the_median_of_those_before() -> None:
    told = share_in(PAST, 2)
    assert told is not None
    assert (told.middle, round(told.low, 3), round(told.high, 3)) == (0.5, 0.42, 0.58)
    assert share_in(PAST, 99) == share_in(PAST, 4)


def test_two_past_campaigns_teach_nothing() -> None:
    assert share_in(PAST[:2], 2) is None
    assert ghost(PAST[:2], 4) is None
    assert projection(PAST[:2], value=5, day=1, days=4) is None


def test_the_ghost_is_the_median_day_by_day() -> None:
    assert ghost(PAST, 3) == [20, 60, 90]
    assert ghost(PAST, 3, is_cumulative=False) == [20, 40, 40]


def test_a_young_campaign_grows_as_those_before_it_from_that_day_on() -> None:
    told = projection(PAST, value=100, day=2, days=4)
    assert told is not None
    assert [round(one.middle) for one in told] == [180, 200]  # 40→80→100, 60→90→100, 100→180→200
    assert all(one.low <= one.middle <= one.high for one in told)


def test_those_that_had_next_to_nothing_by_that_day_are_no_measure() -> None:
    for late in ((0.0, 0.0, 50.0, 50.0), (0.0, 2.0, 50.0, 50.0)):
        assert projection((*PAST[:2], late), value=5, day=2, days=4) is None
    assert projection((*PAST[:2], (0.0, 3.0, 50.0, 50.0)), value=5, day=2, days=4) is not None


def test_curves_that_nobody_read_teach_nothing_and_short_ones_go_on() -> None:
    assert grown([(1.0, 2.0), (), (0.0, 0.0), (1.0, 2.0, 3.0)]) == ((1.0, 2.0, 2.0), (1.0, 2.0, 3.0))


def test_nothing_is_divided_by_nothing() -> None:
    assert per(5, 0) is None
    assert per(None, 5) is None
    assert per(5, 200, times=1000) == 25
    assert for_money(30, 150_000, digits=2) == 2
    assert for_money(30, 0, digits=2) is None
    assert for_money(30, None, digits=2) is None


def test_two_currencies_are_never_added() -> None:
    assert one_currency({"CNY": 5, "EUR": 5}) is None
    assert one_currency({"CNY": 5}) == ("CNY", 5)
    assert one_currency({}) is None


def test_what_networks_say_lies_between_the_largest_and_the_sum() -> None:
    assert bounds([100, None, 60]) == (100, 160)
    assert bounds([None, None]) is None
    assert bounds([0]) == (0, 0)
