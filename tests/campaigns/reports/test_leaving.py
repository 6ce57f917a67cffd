"""Somebody who compared, noted and shared leaves: a copy to take along, and what stays for the others."""

import json

from flask import Flask
from sqlalchemy import select

from campaigns.channels.models import AccountRecipient
from campaigns.engagement.store.tables import metadata as of_readers
from campaigns.goals.models import FollowedLink, Touch
from campaigns.polls.models import PollAnswer
from campaigns.reports.models import Annotation, ReportMail, ReportShare, SavedView
from cms.core import clock
from cms.core.database import db, transaction
from cms.people import services as people
from cms.people.held import held_about
from tests.campaigns.deliveries.making import make_account
from tests.campaigns.reports import kept
from tests.factories import make_person, read_again, save


def test_a_copy_tells_what_was_kept_of_reports_and_no_token(app: Flask) -> None:
    olga, other = kept.owner(), make_person("Tom", "manager")
    _number, token = kept.share(olga)
    kept.note(olga, is_private=True)
    kept.note(other)
    kept.mail(olga)
    letters = make_account("Letters", "email")
    save(AccountRecipient(account_id=letters.id, address=olga.email, added_at=clock.now()))
    copy = held_about(olga.id, at=clock.now())
    held = json.loads(copy)
    assert [(one["name"], one["is_shared"]) for one in held["report_views"]] == [("Two", True)]
    assert [(one["name"], one["every"], one["wall"]) for one in held["report_mails"]] == [
        ("Two", "week", "08:30")
    ]
    assert [one["title"] for one in held["report_shares"]] == ["For the board"]
    assert [(one["words_en"], one["is_private"]) for one in held["report_notes"]] == [
        ("The fair opened", True)
    ]
    assert [(one["name"], one["address"]) for one in held["letters"]] == [("Letters", olga.email)]
    assert (token in copy, "hash" in copy) == (False, False)


def test_what_was_kept_for_oneself_goes_and_what_is_for_everybody_stays_nameless(app: Flask) -> None:
    olga, tom = kept.owner(), make_person("Tom", "manager")
    theirs, shared = kept.view(olga), kept.note(olga)
    kept.mail(tom, of=theirs)  # a report of hers that somebody else gets
    kept.note(olga, is_private=True)
    kept.mail(olga)
    own = kept.view(tom)
    number, _token = kept.share(olga)
    with transaction():
        people.erase_person(olga.id, with_texts=False, by=tom, at=clock.now())
    db.session.expire_all()
    assert db.session.scalars(select(SavedView.id)).all() == [own.id]
    assert db.session.scalars(select(ReportMail.id)).all() == []
    assert db.session.scalars(select(Annotation.id)).all() == [shared.id]
    given_out = read_again(ReportShare, number)
    assert (given_out.made_by_id, given_out.revoked_at) == (None, None)  # a manager may still revoke it
    for table in (SavedView, ReportMail, Annotation, ReportShare):
        rows = db.session.execute(select(table.__table__)).mappings()
        assert "Olga" not in json.dumps([dict(row) for row in rows], default=str)


def test_tables_of_what_readers_did_name_nobody() -> None:
    tables = [*of_readers.sorted_tables, *(one.__table__ for one in (PollAnswer, Touch, FollowedLink))]
    named = {key.target_fullname for table in tables for key in table.foreign_keys}
    assert named == {"polls.id", "poll_choices.id", "campaigns.id", "links.id"}
    assert "ev_raw" in {table.name for table in tables}
