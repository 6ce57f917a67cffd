"""Several people and workers at once, on real connections: one delivery, one slot, one row of a repeat, one picture."""

import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from campaigns.channels.messages import Limits
from campaigns.deliveries import pictures, services, upkeep
from campaigns.deliveries.models import ConvertedPicture, Delivery, Repeat, Variant
from campaigns.deliveries.timing import NextSlot, Now, When
from cms.core.database import db, transaction
from cms.core.errors import Conflict
from cms.core.storage import storage
from cms.people.models import Person
from cms.posts import services as posts
from tests.campaigns.deliveries.making import make_account, plan
from tests.campaigns.deliveries.test_pictures import upload
from tests.conftest import NOW
from tests.factories import make_post, nadia, save


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Do these at the same moment, each on a connection of its own; what each gave, or the conflict it met."""
    start = threading.Barrier(len(acts))
    found: list[object] = []

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                found.append(act())
            except Conflict as problem:
                found.append(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def planning(post_id: int, account_id: int, when: When) -> Callable[[], object]:
    def act() -> object:
        with transaction():
            return services.plan_deliveries(post_id, [services.Choice(account_id, when)], by=None, at=NOW)

    return act


def test_editors_who_schedule_the_same_post_at_the_same_moment_make_one_delivery(own_app: Flask) -> None:
    with own_app.app_context():
        post_id, account_id = make_post().id, make_account().id
    found = at_once(own_app, *[planning(post_id, account_id, Now())] * 4)
    assert sorted(type(one).__name__ for one in found) == ["AlreadyPlanned"] * 3 + ["list"]
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_posts_that_are_put_into_one_queue_at_the_same_moment_get_places_of_their_own(own_app: Flask) -> None:
    with own_app.app_context():
        account_id = make_account(slots=[(day, "09:00") for day in range(7)]).id
        post_ids = [make_post(f"Post {one}").id for one in range(4)]
    at_once(own_app, *[planning(one, account_id, NextSlot()) for one in post_ids])
    with own_app.app_context():
        walls = db.session.scalars(select(Delivery.wall).order_by(Delivery.wall)).all()
    assert walls == [f"2026-11-{day}T09:00" for day in (22, 23, 24, 25)]


def test_a_post_that_is_published_while_it_is_planned_leaves_nothing_waiting(own_app: Flask) -> None:
    with own_app.app_context():
        post_id, account_id = make_post(publish=False).id, make_account().id

    def publish() -> None:
        with transaction():
            posts.publish_post(post_id, by=None, at=NOW)

    at_once(own_app, planning(post_id, account_id, Now()), publish)
    with own_app.app_context():
        assert db.session.scalars(select(Delivery.state)).all() == ["scheduled"]


def test_two_workers_who_extend_a_repeat_make_each_row_once(own_app: Flask) -> None:
    with own_app.app_context():
        save(
            Repeat(
                post_id=make_post().id, account_id=make_account().id, rule="FREQ=WEEKLY", wall="2026-11-23T09:30",
                zone="Asia/Shanghai", created_at=NOW,
            )
        )  # fmt: skip
    at_once(own_app, *[upkeep.extend_repeats] * 3)
    with own_app.app_context():
        occurrences = db.session.scalars(select(Delivery.occurrence).order_by(Delivery.occurrence)).all()
    assert occurrences == [1, 2, 3, 4, 5]


def test_two_editors_who_save_the_first_version_at_the_same_moment_meet(own_app: Flask) -> None:
    with own_app.app_context():
        post_id, account_id, by_id = make_post().id, make_account().id, nadia().id

    def write(title: str) -> Callable[[], object]:
        def act() -> object:
            with transaction():
                services.save_variant(
                    post_id, account_id, parts=None, title=title, summary=None, expected_version=None,
                    by=db.session.get_one(Person, by_id), at=NOW,
                )  # fmt: skip

        return act

    found = at_once(own_app, write("Hers"), write("His"))
    assert sorted(type(one).__name__ for one in found) == ["NoneType", "VariantChanged"]
    with own_app.app_context():
        kept = db.session.scalars(select(Variant.title)).all()
    theirs = next(one for one in found if isinstance(one, services.VariantChanged)).theirs
    assert theirs is not None
    assert kept == [theirs.title]


def test_a_picture_that_two_workers_make_at_once_is_kept_once_and_no_file_is_left_over(
    own_app: Flask, tmp_path: Path
) -> None:
    limits = Limits(pictures=1, picture_bytes=30_000, picture_types=("image/jpeg",))
    with own_app.app_context():
        media_id = upload(tmp_path).id
    found = at_once(own_app, *[lambda: pictures.picture_for(media_id, "", limits)] * 3)
    assert len(set(found)) == 1
    with own_app.app_context():
        rows = db.session.scalars(select(ConvertedPicture.file)).all()
        stored = {one for one in storage().names() if not one.startswith("up/")}
    assert stored == set(rows)
    assert len(rows) == 1


def test_a_delivery_that_is_moved_while_its_post_is_taken_down_waits(own_app: Flask) -> None:
    with own_app.app_context():
        post = make_post()
        made, by_id, post_id = plan(post, make_account()).id, nadia().id, post.id

    def take_down() -> None:
        with transaction():
            posts.take_down_post(post_id, by=None, at=NOW)

    def move() -> None:
        with transaction():
            services.move_delivery(made, Now(), by=db.session.get_one(Person, by_id), at=NOW)

    at_once(own_app, take_down, move)
    with own_app.app_context():
        assert db.session.scalars(select(Delivery.state)).all() == ["waiting"]


def test_a_delivery_that_is_decided_on_while_its_post_is_taken_down_waits_and_nobody_stands_still(
    own_app: Flask,
) -> None:
    with own_app.app_context():
        post = make_post()
        made, by_id, post_id = plan(post, make_account()).id, nadia().id, post.id
        with transaction():
            db.session.get_one(Delivery, made).state = "held"

    def take_down() -> None:
        with transaction():
            posts.take_down_post(post_id, by=None, at=NOW)

    def decide() -> None:
        with transaction():
            services.decide(made, "send", Now(), by=db.session.get_one(Person, by_id), at=NOW)

    assert at_once(own_app, take_down, decide) == [None, None]
    with own_app.app_context():
        assert db.session.scalars(select(Delivery.state)).all() == ["waiting"]
