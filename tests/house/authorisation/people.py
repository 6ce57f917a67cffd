"""Accounts: signing in and up, what people see of themselves, the desk's view of people."""

from datetime import timedelta

from cms.core import clock
from cms.core.secrets import fingerprint
from cms.people.models import Invitation, OneTimeLink
from tests.factories import make_person, save
from tests.house.authorisation import GOES, HIDDEN, REFUSED, SIGN_IN, each, everyone, only, signed_in

TOKEN = "a-token-for-the-walk"


def link(purpose: str, address: str) -> str:
    now = clock.now()
    person_id = None if purpose == "sign_up" else make_person("Lee Link", "member").id
    save(
        OneTimeLink(
            purpose=purpose,
            token_hash=fingerprint(TOKEN),
            email="new@example.com",
            person_id=person_id,
            detail={"name": "New", "locale": "en"},
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )
    )
    return f"{address}/{TOKEN}"


def invitation(role: str = "author") -> Invitation:
    now = clock.now()
    return save(
        Invitation(
            email="new@example.com",
            role=role,
            token_hash=fingerprint(TOKEN),
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
    )


def accept() -> str:
    invitation()
    return f"/invitations/{TOKEN}"


def somebody(rest: str = "") -> str:
    return f"/desk/people/{make_person('Sam Subject', 'author').id}{rest}"


def member(rest: str) -> str:
    return f"/desk/people/{make_person('Mia Member', 'member').id}{rest}"


ROWS = {
    "people.sign_in GET": everyone("/sign-in"),
    "people.start_sign_in POST": everyone("/sign-in"),
    "people.ask_code GET": everyone("/sign-in/code"),
    "people.give_code POST": everyone("/sign-in/code"),
    "people.sign_out POST": everyone("/sign-out"),
    "people.sign_up GET": everyone("/sign-up"),
    "people.start_sign_up POST": everyone("/sign-up"),
    "people.confirm_sign_up GET": everyone(lambda: link("sign_up", "/sign-up")),
    "people.finish_sign_up POST": everyone(lambda: link("sign_up", "/sign-up")),
    "people.ask_reset GET": everyone("/password"),
    "people.request_reset POST": everyone("/password"),
    "people.show_reset GET": everyone(lambda: link("reset_password", "/password")),
    "people.finish_reset POST": everyone(lambda: link("reset_password", "/password")),
    "people.show_invitation GET": everyone(accept),
    "people.accept_invitation POST": everyone(accept),
    "people.show_bar GET": everyone("/me/bar"),
    "people.show_me GET": signed_in("/me"),
    "people.edit_me POST": signed_in("/me"),
    "people.show_security GET": signed_in("/me/security"),
    "people.change_password POST": signed_in("/me/password"),
    "people.request_email_change POST": signed_in("/me/email"),
    "people.show_email_change GET": everyone(lambda: link("change_email", "/me/email")),
    "people.confirm_email_change POST": everyone(lambda: link("change_email", "/me/email")),
    "people.end_sign_in POST": signed_in("/me/sign-ins/1/removal"),
    "people.end_sign_ins POST": signed_in("/me/sign-ins/removal"),
    "people.begin_second_step POST": signed_in("/me/second-step/secret"),
    "people.show_second_step GET": signed_in("/me/second-step"),
    # Nobody in the walk is setting up a second step, so there is no picture; see test_second_step.
    "people.show_qr GET": each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=HIDDEN,
        editor=HIDDEN,
        manager=HIDDEN,
        admin=HIDDEN,
        at="/me/second-step/code.svg",
    ),
    "people.confirm_second_step POST": signed_in("/me/second-step"),
    "people.turn_off_second_step POST": signed_in("/me/second-step/removal"),
    "people.renew_recovery_codes POST": signed_in("/me/recovery-codes"),
    "people.list_tokens GET": signed_in("/me/tokens"),
    "people.create_token POST": signed_in("/me/tokens"),
    # Somebody else's token, or none: the same 404 for everybody. One's own is in test_tokens.
    "people.revoke_token POST": each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=HIDDEN,
        editor=HIDDEN,
        manager=HIDDEN,
        admin=HIDDEN,
        at="/me/tokens/1/revocation",
    ),
    "people.show_data GET": signed_in("/me/data"),
    "people.copy_data POST": signed_in("/me/data/copies"),
    "people.erase_me POST": signed_in("/me/erasure"),
    "people.show_erased GET": everyone("/me/erased"),
    "people.show_data_of GET": only("manager", "admin", at=lambda: member("/data")),
    "people.copy_data_of POST": only("manager", "admin", at=lambda: member("/data/copies")),
    "people.erase_person POST": only("manager", "admin", at=lambda: member("/erasure")),
    "people.list_people GET": only("editor", "manager", "admin", at="/desk/people"),
    "people.show_person GET": only("editor", "manager", "admin", at=somebody),
    "people.change_role POST": only("admin", at=lambda: somebody("/role"), data={"role": "editor"}),
    "people.disable_account POST": only("admin", at=lambda: somebody("/closure")),
    "people.enable_account POST": only("admin", at=lambda: somebody("/reopening")),
    "people.remove_second_step POST": only("admin", at=lambda: somebody("/second-step/removal")),
    "people.sign_out_everywhere POST": only("admin", at=lambda: somebody("/sign-ins/removal")),
    "people.show_profile_form GET": only("admin", at=lambda: somebody("/profile")),
    "people.save_profile POST": only("admin", at=lambda: somebody("/profile")),
    "people.list_invitations GET": only("editor", "admin", at="/desk/invitations"),
    "people.invite POST": only("editor", "admin", at="/desk/invitations"),
    "people.revoke_invitation POST": each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=REFUSED,
        editor=REFUSED,  # it offers a role that an editor may not give
        manager=REFUSED,
        admin=GOES,
        at=lambda: f"/desk/invitations/{invitation('manager').id}/revocation",
    ),
    "people.resend_invitation POST": each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=REFUSED,
        editor=REFUSED,  # as above
        manager=REFUSED,
        admin=GOES,
        at=lambda: f"/desk/invitations/{invitation('manager').id}/sending",
    ),
    "people.export_audit GET": only("admin", at="/desk/audit.csv"),
    "people.list_audit GET": only("admin", at="/desk/audit?check=1"),
    "people.list_mail GET": only("admin", at="/desk/mail"),
}
