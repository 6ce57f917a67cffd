"""What the worker runs here."""

from campaigns.channels import queries, services
from campaigns.channels.catalogue import find_adapter
from campaigns.channels.trials import Failed, try_account
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Conflict, NotFound
from cms.core.worker import Job, Outcome


def check_accounts() -> Outcome:
    """Ask each account's network, about once a day and never all at once, whether it still lets us in."""
    numbers = services.due_checks(clock.now())
    db.session.rollback()
    asked = [_check(one) for one in numbers]
    counts = {"asked": sum(one != "" for one in asked), "failed": asked.count("failed")}
    return {name: number for name, number in counts.items() if number}


def warn_of_ending() -> Outcome:
    """Tell staff in time of credentials that end, once for each end."""
    with transaction():
        told = services.warn_of_ending(clock.now())
    return {"warned": told} if told else {}


def _check(account_id: int) -> str:
    with transaction():
        is_ours = services.claim_check(account_id, at=clock.now())
    account = queries.find_account(account_id) if is_ours else None
    adapter = find_adapter(account.channel) if account else None
    if account is None or adapter is None:
        return ""
    tried = try_account(account, adapter)
    at = clock.now()
    try:
        with transaction():
            if isinstance(tried, Failed):
                services.note_failed(account_id, tried, at=at)
            else:
                services.note_told(account_id, tried, at=at)
    except Conflict as problem:  # it opens another account than before
        with transaction():
            services.pause_account(account_id, reason=str(problem.message), code="another", at=at)
        return "failed"
    except NotFound:  # removed while its network was asked
        return ""
    return "failed" if isinstance(tried, Failed) else "well"


JOBS: list[Job] = [
    Job("check accounts", check_accounts, every=300),
    Job("warn of ending credentials", warn_of_ending, every=600),
]
