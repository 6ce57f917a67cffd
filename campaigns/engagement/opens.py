"""Letters that were opened, for accounts that ask for it: a picture of one pixel, the same in every copy of a letter.

Nobody learns who opened. What mail services fetch themselves is told apart: Apple's do so whether anybody looks or not, and
one machine of theirs asks for many people. The two figures stand side by side, and neither is ever added to readers.
"""

import re
from functools import lru_cache

from campaigns.channels.letters import ENDING, PICTURE
from campaigns.engagement.clients import Client
from campaigns.engagement.lines import Line, number_of
from campaigns.links.codes import read_code

KIND = "open"
READER, SERVICE = f"{KIND}:reader", f"{KIND}:service"
_SERVICES = {
    "google": r"GoogleImageProxy",
    "yahoo": r"YahooMailProxy",
    "apple": r"^Mozilla/5\.0$",  # all that Apple's Mail Privacy Protection says of itself
}
_OFFICE = re.compile(
    r"ms-office|MSOffice|Microsoft Outlook"
)  # Outlook on a desk: a program that a person looks into


def read_opened(path: str, method: str, agent: str, client: Client, at: int) -> Line | None:
    """What the picture of a letter at this path says; None when it is no letter's. A person counts once for each letter
    and window, a service each time. Who cannot be told apart is not counted."""
    code = read_code(path.removeprefix(PICTURE).removesuffix(ENDING))
    service = _service(agent)
    if code is None or not (client.visitor or service):
        return None
    return Line(
        at,
        "fact",
        f"{method}{client.marks}n",
        0 if service else client.visitor,
        f"code:{code}",
        view=0 if service else number_of(f"{code} {client.visitor}"),
        language="" if service else client.language,
        device="?" if service else client.device,
        agent=service or ("browser:outlook" if _OFFICE.search(agent) else client.agent),
        value=SERVICE if service else READER,
    )


@lru_cache(maxsize=1024)
def _service(agent: str) -> str:
    return next((f"mailbox:{name}" for name, words in _SERVICES.items() if re.search(words, agent)), "")
