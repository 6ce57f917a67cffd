"""What is found before a post is sent to accounts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from campaigns.channels.messages import DraftPart
from campaigns.channels.models import Account
from campaigns.deliveries import services
from campaigns.deliveries.composing import message_for
from campaigns.deliveries.models import Delivery, Hold
from campaigns.deliveries.preflight import Proposed, blocking, preflight
from campaigns.deliveries.timing import AtWall, NextSlot, Now, When, WithPost
from cms.core.database import db, transaction
from cms.core.errors import NotFound
from cms.core.seams import Finding
from cms.media.models import Media
from cms.posts import services as posts
from cms.posts.models import Post
from cms.reviews import services as reviews
from cms.reviews.queries.quality import link_digest
from tests.campaigns.deliveries.making import make_account, plan
from tests.conftest import NOW
from tests.factories import make_campaign, make_media, make_post, nadia, read_again, save

TOMORROW = AtWall("2026-11-22T09:30", "Asia/Shanghai")
TOMORROW_AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_a_request(app: Flask) -> Iterator[None]:
    """Findings are sentences in the language of a request, with addresses of pages."""
    with app.test_request_context():
        yield


def found(post: Post, account: Account, when: When = TOMORROW, **fields: object) -> list[Finding]:
    proposed = Proposed(account.id, when, bool(fields.pop("ignores_quiet", False)))
    return preflight(post.id, [proposed], at=NOW, **fields)[account.id]  # type: ignore[arg-type]


def codes(post: Post, account: Account, when: When = TOMORROW, **fields: object) -> list[str]:
    return [one.code + "!" * one.is_blocking for one in found(post, account, when, **fields)]


def change(post: Post, **fields: object) -> Post:
    with transaction():
        db.session.execute(update(Post).where(Post.id == post.id).values(**fields))
    return read_again(Post, post.id)


def write(post: Post, account: Account, *parts: DraftPart) -> None:
    post_id, account_id, by = post.id, account.id, nadia()
    with transaction():
        services.save_variant(
            post_id, account_id, parts=parts, title=None, summary=None, expected_version=None, by=by, at=NOW
        )


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert codes(make_post(), make_account()) == []


# The account ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"state": "removed"}, ["account.removed!"]),
        ({"state": "paused", "problem": "The token was revoked."}, ["account.paused"]),
        ({"expires_at": TOMORROW_AT}, ["account.expires"]),
        ({"expires_at": TOMORROW_AT + timedelta(minutes=1)}, []),
        ({"limited_until": TOMORROW_AT + timedelta(hours=1)}, ["account.limited"]),
        ({"limited_until": TOMORROW_AT}, []),
        ({"language": "zh"}, ["post.language"]),
        ({"language": "en"}, []),
    ],
)
def test_the_account_at_that_time(fields: dict[str, object], expected: list[str]) -> None:
    assert codes(make_post(), make_account(**fields)) == expected


def test_a_token_that_ends_before_says_when_and_where_to_renew_it() -> None:
    account = make_account(expires_at=TOMORROW_AT - timedelta(hours=1))
    one = found(make_post(), account)[0]
    assert one.sentence == (
        "Its credentials end before that, at 11/22/26, 8:30\u202fAM (Asia/Shanghai). Renew them first."
    )
    assert one.url == f"/desk/channels/{account.id}"


# The time ---------------------------------------------------------------------------------------------------------


def test_quiet_hours_say_when_it_goes_out_instead_unless_a_person_says_even_then() -> None:
    account = make_account(quiet_from="09:00", quiet_until="11:00")
    one = found(make_post(), account)[0]
    assert (one.code, one.is_blocking) == ("time.quiet", False)
    assert "11:00" in one.sentence
    assert codes(make_post("Other"), account, ignores_quiet=True) == []


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (AtWall("2026-11-20T09:30", "Asia/Shanghai"), "time.refused!"),
        (AtWall("2027-03-28T02:30", "Europe/Berlin"), "time.refused!"),
        (AtWall("2027-10-31T02:30", "Europe/Berlin"), "time.twice!"),
        (NextSlot(), "time.refused!"),
    ],
)
def test_a_time_that_cannot_be_is_said_before(when: When, expected: str) -> None:
    assert codes(make_post(), make_account(), when) == [expected]


def test_another_post_within_the_hour_and_the_same_delivery_is_not_in_its_own_way() -> None:
    account = make_account()
    first = plan(make_post("First"), account, TOMORROW)
    post = make_post("Second")
    assert codes(post, account, AtWall("2026-11-22T10:29", "Asia/Shanghai")) == ["time.clash"]
    assert codes(post, account, AtWall("2026-11-22T10:30", "Asia/Shanghai")) == []
    assert codes(post, account, TOMORROW, but=[first.id]) == []
    assert codes(post, make_account("Another")) == []


# The post ---------------------------------------------------------------------------------------------------------


def test_an_embargo_forbids_what_goes_out_before_it_ends() -> None:
    post = change(make_post(publish=False), embargo_until=TOMORROW_AT + timedelta(minutes=1))
    assert codes(post, make_account()) == ["post.embargo!"]
    post = change(post, embargo_until=TOMORROW_AT, due_at=TOMORROW_AT)
    assert codes(post, make_account("Another")) == []


def test_a_draft_that_nobody_planned_waits_and_one_planned_later_is_in_the_way() -> None:
    draft = make_post(publish=False)
    assert codes(draft, make_account()) == ["post.unplanned"]
    assert codes(draft, make_account("Two"), WithPost()) == ["post.unplanned"]
    later = change(draft, due_at=TOMORROW_AT + timedelta(minutes=1))
    assert codes(later, make_account("Three")) == ["post.later!"]
    assert codes(later, make_account("Four"), WithPost()) == []


def test_a_post_that_ends_before_or_is_in_the_trash() -> None:
    assert codes(change(make_post(), removal_at=TOMORROW_AT), make_account()) == ["post.ends!"]
    assert codes(make_post("Gone", trashed=True), make_account("Two"))[0] == "post.trashed!"


def test_an_unknown_post_is_not_found_and_an_unknown_account_is_left_out() -> None:
    with pytest.raises(NotFound):
        preflight(999, [], at=NOW)
    assert preflight(make_post().id, [Proposed(999, Now())], at=NOW) == {}


# The words --------------------------------------------------------------------------------------------------------


def test_a_text_that_got_too_long_for_its_network_is_forbidden_with_its_part() -> None:
    post, account = make_post(), make_account("T", "telegram")
    write(post, account, DraftPart("a" * 4000 + " {link}"))
    assert codes(post, account) == []
    with transaction():  # the server tells a lower limit since
        read_again(Account, account.id).limits = {"text": 100, "counter": "characters", "pictures": 10}
    one = found(post, read_again(Account, account.id))[0]
    assert (one.code, one.is_blocking) == ("text.too_long", True)
    assert one.url == f"/desk/posts/{post.id}/variants/{account.id}"


def test_pictures_that_are_gone_or_that_nobody_describes() -> None:
    post, account, picture = make_post(), make_account("B", "bluesky"), make_media(alt="")
    write(post, account, DraftPart("Look", ((picture.id, ""),)))
    assert codes(post, account) == ["media.alt"]
    with transaction():
        read_again(Media, picture.id).trashed_at = NOW
    assert codes(post, account) == ["media.gone!", "media.alt"]


def test_a_link_that_the_worker_found_broken() -> None:
    post, account = make_post(), make_account("T", "telegram")
    write(post, account, DraftPart("See https://gone.example/page and {link}"))
    assert codes(post, account) == []
    for hour in (0, 1):
        with transaction():
            reviews.note_checked(
                link_digest("https://gone.example/page"),
                status=404,
                problem="gone",
                at=NOW + timedelta(hours=hour),
            )
    one = found(post, account)[0]
    assert (one.code, one.sentence) == ("link.broken", "A link does not work: https://gone.example/page")


def test_the_same_words_within_thirty_days_whatever_their_link() -> None:
    post, account = make_post(), make_account("T", "telegram")
    made = plan(post, account)
    payload = message_for(made.id).to_json()

    def sent(at: datetime) -> None:
        with transaction():
            row = db.session.get_one(Delivery, made.id)
            row.state, row.payload, row.sent_at = "sent", payload, at

    sent(NOW - timedelta(days=29))
    assert codes(post, account) == ["text.repeated"]
    assert codes(post, make_account("Another", "telegram")) == []
    sent(NOW - timedelta(days=31))
    assert codes(post, account) == []


def test_rules_of_a_network_that_no_limit_tells() -> None:
    settings = {"domain": "our.example", "ip": "203.0.113.9"}
    account = make_account("W", "weibo", settings=settings)
    post = make_post()
    write(post, account, DraftPart("#sea# is near {link}"))
    assert codes(post, account) == ["network.topic!"]


# Holds, and all of it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["everything", "campaign", "account"])
def test_a_hold_is_said_with_its_reason(scope: str) -> None:
    post, account, other = make_post(), make_account(), make_account("Another")
    campaign = make_campaign(posts=[post])
    of = {"campaign": {"campaign_id": campaign.id}, "account": {"account_id": account.id}}.get(scope, {})
    save(Hold(scope=scope, reason="A storm", held_at=NOW, **of))
    assert [one.sentence for one in found(post, account)] == ["On hold: A storm"]
    assert codes(post, other) == ([] if scope == "account" else ["hold"])


def test_findings_come_by_account_with_what_forbids_first() -> None:
    post = change(make_post(publish=False), due_at=TOMORROW_AT + timedelta(days=1))
    good, paused = make_account(), make_account("Paused", state="paused")
    told = preflight(post.id, [Proposed(good.id, WithPost()), Proposed(paused.id, TOMORROW)], at=NOW)
    assert [one.code for one in told[good.id]] == []
    assert [one.code for one in told[paused.id]] == ["post.later", "account.paused"]
    assert [one.code for one in blocking(told)] == ["post.later"]


def test_more_accounts_cost_no_more_queries(count_queries: list[str]) -> None:
    post_id = make_post().id
    ids = [make_account(f"Hook {one}").id for one in range(4)]
    counts = []
    for some in (ids[:1], ids):
        db.session.expunge_all()
        count_queries.clear()
        assert len(preflight(post_id, [Proposed(one, TOMORROW) for one in some], at=NOW)) == len(some)
        counts.append(len(count_queries))
    assert counts[0] == counts[1]


def test_what_is_planned_with_a_post_is_found_good_by_the_post_itself() -> None:
    draft = make_post(publish=False)
    post_id = draft.id
    with transaction():
        posts.schedule_post(post_id, wall="2026-11-22T09:30", zone="Asia/Shanghai", by=None, at=NOW)
    assert codes(read_again(Post, post_id), make_account(), WithPost(15)) == []


def test_an_account_of_a_network_that_is_no_more_is_forbidden() -> None:
    assert codes(make_post(), make_account("Old", "gone")) == ["account.network!"]
