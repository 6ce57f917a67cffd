"""Who may use the pages of questions to readers."""

from campaigns.polls.models import Poll
from cms.core import clock
from tests.factories import make_post, save
from tests.house.authorisation import everyone, only

RUNS = ("editor", "manager", "admin")
COOKIELESS = {
    "polls.answer_poll": "it stands on pages that are the same for everybody; the browser says which page sends it"
}


def make_poll() -> Poll:
    given = {"kind": "nps", "question": {"en": "Would you recommend us?"}}
    return save(Poll(post_id=make_post("Spring notes").id, created_at=clock.now(), **given))


def desk(rest: str = "") -> str:
    return f"/desk/polls/{make_poll().id}{rest}"


def shown(rest: str = "") -> str:
    return f"/polls/{make_poll().id}{rest}"


ROWS = {
    "polls.show_poll GET": everyone(shown),
    "polls.answer_poll POST": everyone(lambda: shown("/answers")),
    "polls.thank GET": everyone(lambda: shown("/thanks")),
    "polls.list_polls GET": only(*RUNS, at="/desk/polls"),
    "polls.new_poll GET": only(*RUNS, at="/desk/polls/new"),
    "polls.create_poll POST": only(*RUNS, at="/desk/polls"),
    "polls.show_results GET": only(*RUNS, at=desk),
    "polls.save_poll POST": only(*RUNS, at=desk),
    "polls.end_poll POST": only(*RUNS, at=lambda: desk("/end")),
    "polls.resume_poll POST": only(*RUNS, at=lambda: desk("/end/removal")),
    "polls.export_answers GET": only(*RUNS, at=lambda: desk("/answers.csv")),
}
