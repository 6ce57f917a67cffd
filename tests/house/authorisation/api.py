"""The API, by a token with every scope. A member reads what is public; experts and authors write their own."""

from tests.factories import make_media, make_person, make_post, make_section, make_tag
from tests.house.authorisation import (
    GOES,
    HIDDEN,
    SIGN_IN,
    Row,
    circles,
    each,
    everyone,
    only,
    signed_in,
)


def writers(at: str) -> Row:
    return only("expert", "author", "editor", "manager", "admin", at=at)


def editors(path: str, make: object) -> Row:
    return only("editor", "manager", "admin", at=lambda: f"/api/v1/{path.format(make().id)}")  # type: ignore[operator]


def live(path: str) -> Row:
    return editors(f"posts/{{}}{path}", make_post)


def draft() -> object:
    return make_post(publish=False)


def circle(rest: str = "") -> str:
    return f"/api/v1/circles/{circles.circle().id}{rest}"


ROWS = {
    "api.show_openapi GET": everyone("/api/v1/openapi.json"),
    "api.show_docs GET": everyone("/api/v1/docs"),
    "api.list_posts GET": signed_in("/api/v1/posts"),
    "api.create_post POST": writers("/api/v1/posts"),
    "api.show_post GET": signed_in(lambda: f"/api/v1/posts/{make_post().id}"),
    "api.edit_post PATCH": live(""),
    "api.trash_post DELETE": live(""),
    "api.list_revisions GET": live("/revisions"),
    "api.publish_post PUT": live("/publication"),
    "api.take_down_post DELETE": live("/publication"),
    "api.schedule_post PUT": live("/schedule"),
    # Somebody else's draft is not there at all for authors, who are staff but do not look after every post.
    "api.cancel_schedule DELETE": each(
        visitor=SIGN_IN, member=HIDDEN, expert=HIDDEN, author=HIDDEN, editor=GOES, manager=GOES, admin=GOES,
        at=lambda: f"/api/v1/posts/{draft().id}/schedule",  # type: ignore[attr-defined]
    ),
    "api.list_reviews GET": each(
        visitor=SIGN_IN, member=HIDDEN, expert=HIDDEN, author=HIDDEN, editor=GOES, manager=GOES, admin=GOES,
        at=lambda: f"/api/v1/posts/{draft().id}/reviews",  # type: ignore[attr-defined]
    ),
    "api.submit_post POST": live("/reviews"),
    "api.decide POST": each(
        visitor=SIGN_IN, member=HIDDEN, expert=HIDDEN, author=HIDDEN, editor=GOES, manager=GOES, admin=GOES,
        at=lambda: f"/api/v1/posts/{draft().id}/reviews/decisions",  # type: ignore[attr-defined]
    ),
    "api.withdraw_review DELETE": live("/reviews"),
    "api.list_media GET": writers("/api/v1/media"),
    "api.upload_media POST": writers("/api/v1/media"),
    "api.show_media GET": only(
        "expert", "author", "editor", "manager", "admin", at=lambda: f"/api/v1/media/{make_media().id}"
    ),
    "api.list_sections GET": signed_in("/api/v1/sections"),
    "api.create_section POST": only("editor", "manager", "admin", at="/api/v1/sections"),
    "api.show_section GET": signed_in(lambda: f"/api/v1/sections/{make_section().id}"),
    "api.edit_section PATCH": editors("sections/{}", make_section),
    "api.delete_section DELETE": editors("sections/{}", make_section),
    "api.list_tags GET": signed_in("/api/v1/tags"),
    "api.create_tag POST": only("editor", "manager", "admin", at="/api/v1/tags"),
    "api.show_tag GET": signed_in(lambda: f"/api/v1/tags/{make_tag().id}"),
    "api.edit_tag PATCH": editors("tags/{}", make_tag),
    "api.delete_tag DELETE": editors("tags/{}", make_tag),
    "api.list_circles GET": signed_in("/api/v1/circles"),
    "api.create_circle POST": signed_in("/api/v1/circles"),
    "api.show_circle GET": signed_in(lambda: circle()),
    "api.edit_circle PATCH": only("editor", "manager", "admin", at=lambda: circle()),
    "api.join_circle PUT": signed_in(lambda: circle("/membership")),
    "api.leave_circle DELETE": signed_in(lambda: circle("/membership")),
    "api.list_topics GET": signed_in(lambda: circle("/topics")),
    "api.create_topic POST": signed_in(lambda: circle("/topics")),
    "api.list_people GET": signed_in("/api/v1/people"),
    "api.show_person GET": signed_in(lambda: f"/api/v1/people/{make_person('Jo', 'guest').handle}"),
}  # fmt: skip


RUNS = ("editor", "manager", "admin")
ROWS |= {
    "api.list_contests GET": signed_in("/api/v1/contests"),
    "api.create_contest POST": only(*RUNS, at="/api/v1/contests"),
    "api.show_contest GET": signed_in(lambda: contest()),
    "api.edit_contest PATCH": only(*RUNS, at=lambda: contest()),
    "api.announce_contest PUT": only(*RUNS, at=lambda: contest("/announcement")),
    "api.extend_contest POST": only(*RUNS, at=lambda: contest("/extensions")),
    "api.list_entries GET": signed_in(lambda: contest("/entries")),
    "api.show_results GET": each(  # there are none yet
        at=lambda: contest("/results"),
        visitor=SIGN_IN,
        **dict.fromkeys(("member", "expert", "author", *RUNS), HIDDEN),
    ),
}


def contest(rest: str = "") -> str:
    from tests.house.authorisation.contests import contest as made

    return f"/api/v1/contests/{made().id}{rest}"


def commented(rest: str = "") -> str:
    from tests.house.authorisation.comments import make_comment

    return f"/api/v1/comments/{make_comment().id}{rest}"


NOT_THEIRS = {
    "visitor": SIGN_IN,
    **dict.fromkeys(("member", "expert", "author", "editor", "manager", "admin"), HIDDEN),
}
ROWS |= {
    "api.list_comments GET": signed_in("/api/v1/comments"),
    "api.send_comment POST": signed_in("/api/v1/comments"),
    "api.read_comment GET": signed_in(commented),
    "api.change_comment PATCH": signed_in(
        commented
    ),  # refused for its body, before anybody looks whose it is
    "api.take_comment_away DELETE": each(at=commented, **NOT_THEIRS),
}
