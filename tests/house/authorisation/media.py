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


def several(address: str) -> Row:
    """Whoever may not change any of the files named reads that there is nothing."""
    return each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=HIDDEN,
        editor=GOES,
        manager=GOES,
        admin=GOES,
        at=lambda: f"{address}?id={make_media().id}",
    )


def portrait_of_a_guest(act: str = "") -> Row:
    return only(
        "editor",
        "admin",
        at=lambda: f"/desk/people/{make_person('Gu Wen', 'guest', handle='gu-wen').id}/portrait{act}",
    )


ROWS = {
    "media.list_media GET": uploaders("/desk/media"),
    "media.take_upload POST": uploaders("/desk/media/uploads"),
    "media.offer_media GET": uploaders("/desk/media/choices"),
    "media.tell_words GET": uploaders("/desk/media/choices/words"),
    "media.show_missing GET": uploaders("/desk/media/descriptions/next"),
    "media.describe_one POST": of_somebody_else("/description"),
    "media.replace_media POST": of_somebody_else("/replacement"),
    "media.show_crop GET": of_somebody_else("/crop"),
    "media.crop_media POST": of_somebody_else("/crop"),
    "media.uncrop_media POST": of_somebody_else("/crop/removal"),
    "media.trash_media POST": several("/desk/media/trash"),
    "media.restore_media POST": several("/desk/media/trash/removal"),
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
