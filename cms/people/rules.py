"""Who may do what with people and accounts. Pure: they look at what they are given and nothing else."""

from cms.people.models import GUEST, STAFF, Invitation, Person

INVITED_BY_EDITORS = frozenset({"expert", "author"})


def is_signed_in(person: Person | None) -> bool:
    """Anybody with an account."""
    return person is not None


def is_staff(person: Person | None) -> bool:
    """Anybody who may enter the desk."""
    return person is not None and person.is_staff


def is_editor(person: Person | None) -> bool:
    """Runs the words of the site."""
    return person is not None and person.role in ("editor", "admin")


def is_manager(person: Person | None) -> bool:
    """Answers for money and campaigns."""
    return person is not None and person.role in ("manager", "admin")


def is_admin(person: Person | None) -> bool:
    """Looks after accounts and settings."""
    return person is not None and person.role == "admin"


def can_see_people(person: Person | None, account: Person | None = None) -> bool:
    """The list of accounts, and what the desk knows about one."""
    return person is not None and person.role in ("editor", "manager", "admin")


def can_manage_accounts(person: Person | None, account: Person | None = None) -> bool:
    """Change roles, disable and enable."""
    return is_admin(person)


def can_edit_profile(person: Person | None, account: Person | None = None) -> bool:
    """What readers see of somebody else: an admin of anybody, an editor of guests, who cannot do it themselves."""
    return is_admin(person) or (is_editor(person) and (account is None or account.role == GUEST))


def can_erase(person: Person | None, account: Person | None = None) -> bool:
    """Hand out or erase what is held about somebody else who asked for it: an admin about anybody, a manager about those
    who do not work here. Oneself goes by one's own page, where the password is asked."""
    if account is not None and (account.erased_at is not None or (person and account.id == person.id)):
        return False
    return is_admin(person) or (is_manager(person) and (account is None or account.role not in STAFF))


def can_invite(person: Person | None) -> bool:
    """Offer an account to somebody; which role, see `roles_to_offer`."""
    return bool(roles_to_offer(person))


def roles_to_offer(person: Person | None) -> tuple[str, ...]:
    """Which roles this person may give away: an admin any, an editor those who write."""
    from_least = ("expert", "author", "member", "editor", "manager", "admin")
    if is_admin(person):
        return from_least
    return tuple(role for role in from_least if is_editor(person) and role in INVITED_BY_EDITORS)


def can_offer_role(person: Person | None, role: str) -> bool:
    """Whether this person may invite somebody as this."""
    return role != GUEST and role in roles_to_offer(person)


def can_revoke(person: Person | None, invitation: Invitation | None) -> bool:
    """Withdraw an invitation: whoever could have made it."""
    return can_invite(person) and (invitation is None or can_offer_role(person, invitation.role))


def can_read_audit(person: Person | None) -> bool:
    """The log of privileged acts."""
    return is_admin(person)


def can_see_mail(person: Person | None) -> bool:
    """The queue of outgoing mail."""
    return is_admin(person)
