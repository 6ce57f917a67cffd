"""Who may do what with contests. Who runs one sees names, and therefore never judges it; who enters does neither."""

from cms.contests.models import Contest, Entry
from cms.people.models import Person
from cms.people.rules import is_editor, is_manager, is_staff


def can_see_contests(person: Person | None) -> bool:
    """The list at the desk."""
    return is_staff(person)


def can_make_contests(person: Person | None) -> bool:
    """Begin one."""
    return is_editor(person) or is_manager(person)


def role_of(person: Person | None, contest: Contest | None) -> str:
    """`organiser`, `juror`, or nothing."""
    if person is None or contest is None:
        return ""
    return next((one.role for one in contest.people if one.person_id == person.id), "")


def can_run(person: Person | None, contest: Contest | None = None) -> bool:
    """Change it, read who entered, check entries: editors, managers and its organisers, but none of its jurors."""
    if not is_staff(person):
        return False
    if contest is None:
        return True
    role = role_of(person, contest)
    return role == "organiser" or (role != "juror" and can_make_contests(person))


def can_run_entry(person: Person | None, entry: Entry | None = None) -> bool:
    """The same, about one entry; never about one's own."""
    if entry is None:
        return is_staff(person)
    return can_run(person, entry.contest) and not is_author(person, entry)


def is_author(person: Person | None, entry: Entry | None = None) -> bool:
    """Read and withdraw: everybody who agreed to be named as its author, or who began it."""
    if person is None or entry is None:
        return False
    return any(one.person_id == person.id and one.declined_at is None for one in entry.authors)


def can_write(person: Person | None, entry: Entry | None = None) -> bool:
    """Change the text: authors who said yes."""
    if person is None or entry is None:
        return False
    return any(one.person_id == person.id and one.accepted_at is not None for one in entry.authors)
