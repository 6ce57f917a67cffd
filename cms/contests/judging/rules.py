"""Who may do what. Pure. Who organises sees names and therefore never judges; who judges never organises."""

from cms.contests.judging.models import JurySeat
from cms.contests.models import Contest
from cms.people.models import Person
from cms.people.rules import is_editor, is_manager, is_signed_in, is_staff


def can_see_juries(person: Person | None) -> bool:
    """The list of one's own juries, which may be empty; and voting, which a service decides."""
    return is_signed_in(person)


def can_judge(person: Person | None, seat: JurySeat | None = None) -> bool:
    """Read and score what a seat is given: whoever sits on it, and nobody else."""
    if seat is None:
        return is_signed_in(person)
    return person is not None and person.is_active and seat.person_id == person.id and seat.left_at is None


def can_run_jury(person: Person | None, contest: Contest | None = None) -> bool:
    """Set how it is judged, share entries out, pass comments, look at set-aside votes: who runs the contest."""
    if not is_staff(person) or person is None:
        return False
    if contest is None:
        return True
    role = next((one.role for one in contest.people if one.person_id == person.id), "")
    return role == "organiser" or (role != "juror" and (is_editor(person) or is_manager(person)))
