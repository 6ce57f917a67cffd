"""The library at the desk, and pictures of people. Experts upload as well: they bring pictures with their texts."""

from tests.factories import make_media, make_person
from tests.house.authorisation import GOES, HIDDEN, REFUSED, SIGN_IN, Row, each, only, signed_in


def uploaders(at: object) -> Row:
    return only("expert", "author", "editor", "manager", "admin", at=at)  # type: ignore[arg-type]


def of_somebody_else(act: str = "") -> Row:
    """What others uploaded is changed by those who run the words of the site."""
    return each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=REFUSED,
        editor=GOES,
        manager=GOES,
        admin=GOES,
        at=lambda: f"/desk/media/{make_media().id}{act}",
    )


def portrait_of_a_guest(act: str = "") -> Row:
    return only(
        "editor",
        "admin",
        at=lambda: f"/desk/people/{make_person('Gu Wen', 'guest', handle='gu-wen').id}/portrait{act}",
    )


ROWS = {
    "media.list_media GET": uploaders("/desk/media"),
    "media.show_upload GET": uploaders("/desk/media/new"),
    "media.upload POST": uploaders("/desk/media"),
    "media.show_descriptions GET": each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=HIDDEN,
        editor=GOES,
        manager=GOES,
        admin=GOES,
        at=lambda: f"/desk/media/descriptions?id={make_media().id}",
    ),
    "media.describe POST": each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=HIDDEN,
        editor=GOES,
        manager=GOES,
        admin=GOES,
        at=lambda: f"/desk/media/descriptions?id={make_media().id}",
    ),
    "media.show_media GET": uploaders(lambda: f"/desk/media/{make_media().id}"),
    "media.edit_media POST": of_somebody_else(),
    "media.delete_media POST": of_somebody_else("/removal"),
    "media.show_my_portrait GET": signed_in("/me/portrait"),
    "media.set_my_portrait POST": signed_in("/me/portrait"),
    "media.remove_my_portrait POST": signed_in("/me/portrait/removal"),
    "media.show_portrait GET": portrait_of_a_guest(),
    "media.set_portrait POST": portrait_of_a_guest(),
    "media.remove_portrait POST": portrait_of_a_guest("/removal"),
}
