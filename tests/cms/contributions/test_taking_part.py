"""What whoever holds a link may do, and what comes of it."""

import pytest
from sqlalchemy import select

from cms.contributions import services
from cms.contributions.models import ContributionEntry
from cms.contributions.states import state_of
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.core.markup import content_hash
from cms.core.models import OutgoingMail
from cms.core.seams import findings
from cms.notices.models import Notice
from cms.people.models import Person
from cms.posts import services as posts
from cms.posts.queries import get_post
from cms.posts.services import ChangedMeanwhile, NotReady
from tests.cms.contributions.invited import RIGHTS, again, agree, ask, asked_to_approve, hand_in, latest_hash
from tests.conftest import NOW
from tests.factories import make_post, nadia, revise

pytestmark = pytest.mark.usefixtures("app")


def write(contribution_id: int, body: str, *, base_id: int | None, hand_in: bool = False) -> None:
    content = posts.prepare(title="Salt and signal", body=body)
    with transaction():
        services.save_text(contribution_id, content, base_id=base_id, at=clock.now(), hand_in=hand_in)


def base_of(post_id: int) -> int | None:
    return get_post(post_id).latest_revision_id


def test_nothing_is_written_before_the_terms_are_agreed_to() -> None:
    one, _ = ask()
    with pytest.raises(services.ConsentMissing):
        write(one.id, "Salt.", base_id=base_of(one.post_id))
    assert get_post(one.post_id).latest.number == 1  # type: ignore[union-attr]


def test_consent_keeps_the_words_and_the_time() -> None:
    one = agree(ask()[0])
    assert (one.consented_at, one.consented_to) == (NOW, RIGHTS)
    entry = db.session.scalars(select(ContributionEntry).where(ContributionEntry.act == "consented")).one()
    assert (entry.words, entry.at, entry.by_id) == (RIGHTS, NOW, one.person_id)


def test_consent_to_other_words_than_are_asked_for_is_refused() -> None:
    one, _ = ask()
    with pytest.raises(services.AnotherText), transaction():
        services.consent(one.id, to=content_hash("Something older."), at=NOW)


def test_what_they_write_is_a_revision_of_theirs() -> None:
    one = agree(ask()[0])
    one_id, post_id, person_id = one.id, one.post_id, one.person_id
    write(one_id, "Salt eats copper.", base_id=base_of(post_id))
    latest = get_post(post_id).latest
    assert latest is not None
    assert (latest.number, latest.body, latest.saved_by_id) == (2, "Salt eats copper.", person_id)
    assert again(one_id).started_at == NOW


def test_on_top_of_an_editors_save_both_texts_are_kept() -> None:
    one = agree(ask()[0])
    one_id, post_id, base = one.id, one.post_id, base_of(one.post_id)
    revise(get_post(post_id), publish=False, title="Salt and signal", body="The editor's.")
    with pytest.raises(ChangedMeanwhile):
        write(one_id, "Mine.", base_id=base)
    assert get_post(post_id).latest.body == "The editor's."  # type: ignore[union-attr]
    write(one_id, "Mine, with theirs.", base_id=base_of(post_id))
    assert get_post(post_id).latest.number == 3  # type: ignore[union-attr]


def test_an_editors_change_of_details_is_no_conflict() -> None:
    one = agree(ask()[0])
    one_id, post_id, base = one.id, one.post_id, base_of(one.post_id)
    with transaction():
        posts.set_details(post_id, tags=["salt"], by=None, at=NOW)
    write(one_id, "Salt eats copper.", base_id=base)
    assert get_post(post_id).latest.body == "Salt eats copper."  # type: ignore[union-attr]


def test_handing_in_credits_them_and_tells_who_asked() -> None:
    editor = nadia()
    one = hand_in(ask(by=editor)[0])
    credits = [(byline.person_id, byline.role) for byline in get_post(one.post_id).bylines]
    assert credits == [(one.person_id, "author")]
    notice = db.session.scalars(select(Notice)).one()
    assert (notice.person_id, notice.kind, notice.subject) == (
        editor.id,
        "contribution.handed_in",
        f"post:{one.post_id}",
    )


def test_handing_in_for_a_live_post_changes_nothing_readers_see() -> None:
    one = hand_in(ask(make_post("Live one"))[0], title="Live one")
    assert get_post(one.post_id).bylines == []
    sentences = [found.sentence for found in find(one.post_id)]
    assert sentences == ["Ana Writer wrote on this and is not credited."]


def test_what_was_handed_in_is_not_theirs_to_change_until_it_comes_back() -> None:
    editor = nadia()
    one = hand_in(ask(by=editor)[0])
    one_id, post_id = one.id, one.post_id
    with pytest.raises(services.NotWithYou):
        write(one_id, "More.", base_id=base_of(post_id))
    with transaction():
        services.hand_back(one_id, words="Shorter.", by=editor, at=NOW)
    write(one_id, "More.", base_id=base_of(post_id), hand_in=True)
    assert again(one_id).handed_in_at == NOW


def test_an_empty_text_is_not_handed_in() -> None:
    one = agree(ask()[0])
    with pytest.raises(services.NothingToHandIn):
        write(one.id, "", base_id=base_of(one.post_id), hand_in=True)


def test_an_approval_is_of_exactly_one_text() -> None:
    editor = nadia()
    one = asked_to_approve(ask(by=editor)[0], editor)
    one_id, post_id, approved = one.id, one.post_id, latest_hash(one.post_id)
    with transaction():
        services.decide(one_id, decision="approved", about=approved, words="", at=NOW)
    assert state_of(again(one_id), approved, NOW) == "approved"
    revise(get_post(post_id), publish=False, title="Salt and signal", body="Changed.")
    assert state_of(again(one_id), latest_hash(post_id), NOW) == "void"
    revise(get_post(post_id), publish=False, title="Salt and signal", body="Salt eats copper.")
    assert state_of(again(one_id), latest_hash(post_id), NOW) == "approved"


def test_a_text_that_changed_while_it_was_read_is_not_approved() -> None:
    editor = nadia()
    one = asked_to_approve(ask(by=editor)[0], editor)
    one_id, read = one.id, latest_hash(one.post_id)
    revise(get_post(one.post_id), publish=False, title="Salt and signal", body="Changed.")
    with pytest.raises(services.AnotherText), transaction():
        services.decide(one_id, decision="approved", about=read, words="", at=NOW)


def test_a_change_after_the_approval_is_mailed_once_until_they_answer() -> None:
    editor = nadia()
    one = asked_to_approve(ask(by=editor, email="ana@example.com")[0], editor)
    one_id, post_id = one.id, one.post_id
    with transaction():
        services.decide(one_id, decision="approved", about=latest_hash(post_id), words="", at=NOW)
    before = mails()
    for number in range(3):
        revise(get_post(post_id), publish=False, title="Salt and signal", body=f"Changed {number}.")
    assert mails() - before == 1
    with transaction():
        services.decide(one_id, decision="approved", about=latest_hash(post_id), words="", at=NOW)
    revise(get_post(post_id), publish=False, title="Salt and signal", body="Once more.")
    assert mails() - before == 2


def test_a_save_that_changes_nothing_tells_nobody() -> None:
    editor = nadia()
    one = asked_to_approve(ask(by=editor, email="ana@example.com")[0], editor)
    one_id, post_id = one.id, one.post_id
    with transaction():
        services.decide(one_id, decision="approved", about=latest_hash(post_id), words="", at=NOW)
    before = mails()
    revise(get_post(post_id), publish=False, title="Salt and signal", body="Salt eats copper.")
    assert mails() == before


def test_refusing_needs_words() -> None:
    one, _ = ask(purpose="approve", name="Bo Lawyer")
    about = latest_hash(one.post_id)
    one_id = one.id
    with pytest.raises(Invalid) as refused, transaction():
        services.decide(one_id, decision="refused", about=about, words="", at=NOW)
    assert list(refused.value.errors) == ["words"]
    with transaction():
        services.decide(one_id, decision="refused", about=about, words="Page two is wrong.", at=NOW)
    entry = db.session.scalars(select(ContributionEntry).where(ContributionEntry.act == "refused")).one()
    assert (entry.words, entry.content_hash) == ("Page two is wrong.", about)


def test_a_writer_decides_only_when_asked() -> None:
    one = hand_in(ask()[0])
    with pytest.raises(services.NotAsked), transaction():
        services.decide(one.id, decision="approved", about=latest_hash(one.post_id), words="", at=NOW)


def test_a_byline_is_approved_as_it_is_and_void_when_it_changes() -> None:
    one = agree(ask()[0])
    one_id, person = one.id, db.session.get(Person, one.person_id)
    assert person is not None
    shown = services.byline_hash(one, person)
    with transaction():
        services.approve_byline(one_id, about=shown, at=NOW)
    assert again(one_id).byline_hash == shown
    with transaction():
        db.session.get(Person, one.person_id).headline = {"en": "Sea engineer"}  # type: ignore[union-attr]
    person = db.session.get(Person, again(one_id).person_id)
    assert person is not None
    assert services.byline_hash(again(one_id), person) != shown


def test_publication_waits_for_consent_and_warns_of_missing_approvals() -> None:
    editor = nadia()
    one = asked_to_approve(ask(by=editor)[0], editor)
    one_id, post_id = one.id, one.post_id
    assert [(found.code.split(".")[1], found.is_blocking) for found in find(post_id)] == [
        ("text", False),
        ("byline", False),
    ]
    with transaction():
        services.change_terms(
            one_id, services.Terms(role="author", locale="en", rights="Also as a song."), by=editor, at=NOW
        )
    with pytest.raises(NotReady) as refused, transaction():
        posts.publish_post(post_id, by=editor, at=NOW)
    assert refused.value.message == "Ana Writer has not agreed to the terms."


def test_a_refusal_is_said_before_publication() -> None:
    one, _ = ask(purpose="approve", name="Bo Lawyer")
    one_id, post_id = one.id, one.post_id
    assert [found.sentence for found in find(post_id)] == ["Bo Lawyer has not approved this text yet."]
    with transaction():
        services.decide(one_id, decision="refused", about=latest_hash(post_id), words="No.", at=NOW)
    assert [found.sentence for found in find(post_id)] == ["Bo Lawyer refused this text."]


def find(post_id: int) -> list:  # type: ignore[type-arg]
    post = get_post(post_id)
    found = findings("publication", post=post, revision=post.latest, by=None, at=NOW)
    return [one for one in found if one.code.startswith("contribution")]


def mails() -> int:
    return len(db.session.scalars(select(OutgoingMail.id)).all())
