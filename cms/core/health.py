"""What an operator's tools ask: alive, ready, figures."""

from collections import Counter
from collections.abc import Callable, Iterable

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from cms.core import clock
from cms.core.access import public
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.models import Heartbeat, OutgoingMail
from cms.core.schema import current_and_head

Figures = Callable[[], Iterable[Metric]]  # of a room, collected when somebody asks
bp = Blueprint("health", __name__)
requests_answered: Counter[tuple[str, int]] = Counter()


@bp.get("/health/live")
@public
def show_live() -> Response:
    """The process answers."""
    return _words("live")


@bp.get("/health/ready")
@public
def show_ready() -> tuple[Response, int]:
    """The process can do its work: the database answers and has the schema this program knows."""
    try:
        db.session.execute(text("SELECT 1"))
        current, head = current_and_head(db.session.connection())
    except SQLAlchemyError:
        return _words("the database does not answer"), 503
    if current != head:
        return _words("the database needs `parley init`"), 503
    return _words("ready"), 200


@bp.get("/metrics")
@public
def show_metrics() -> Response:
    """Figures of this process and of the queues, in the Prometheus text format.

    Not for the public: only for a caller on this machine who did not come through a proxy.
    """
    if request.remote_addr not in ("127.0.0.1", "::1") or "X-Forwarded-For" in request.headers:
        raise NotFound
    registry = CollectorRegistry()
    registry.register(_Figures())
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")


class _Figures:
    """Collects at the moment of asking; nothing is counted in the way of a reader."""

    def collect(self) -> list[Metric]:
        cache = current_app.extensions["parley_pages"]
        answers = CounterMetricFamily(
            "parley_pages", "Public pages by how they were answered", labels=["how"]
        )
        for how, count in cache.counts.items():
            answers.add_metric([how], count)
        asked = CounterMetricFamily(
            "parley_requests", "Requests that reached the application", labels=["method", "status"]
        )
        for (method, status), count in requests_answered.items():
            asked.add_metric([method, str(status)], count)
        kept = GaugeMetricFamily(
            "parley_page_cache_bytes", "Memory held by kept pages, bytes", value=cache.size
        )
        waiting = db.session.scalar(
            select(func.count()).select_from(OutgoingMail).where(OutgoingMail.due_at.is_not(None))
        )
        mail = GaugeMetricFamily("parley_mail_waiting", "Messages not sent yet", value=waiting or 0)
        beats = GaugeMetricFamily(
            "parley_job_age_seconds", "Seconds since a worker last did a job", labels=["job"]
        )
        for beat in db.session.scalars(select(Heartbeat)):
            beats.add_metric([beat.job], (clock.now() - beat.at).total_seconds())
        rooms = [family for figures in current_app.extensions["parley_figures"] for family in figures()]
        return [answers, asked, kept, mail, beats, *rooms]


@bp.after_app_request
def count_request(response: Response) -> Response:
    """Note one answer of the application itself; what the page cache answers is counted there."""
    requests_answered[request.method, response.status_code] += 1
    return response


def _words(words: str) -> Response:
    response = Response(words + "\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
