"""What people without an account see: an answer that was given to them by link, and the end of a mail."""

from flask import Response, make_response, request
from flask.blueprints import BlueprintSetupState

from campaigns.reports import keeping, presenting, wording
from campaigns.reports.definitions import COLUMNS, WORDS
from campaigns.reports.freezing import thaw
from campaigns.reports.services import end_mail
from campaigns.reports.services.mailing import read_token
from campaigns.reports.views import bp
from campaigns.reports.views.exporting import file_of
from cms.core import clock
from cms.core.access import public
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.core.pages import page

PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",  # the address is the key
}


@bp.get("/shared/reports/<token>")
@public
def show_shared(token: str) -> Response:
    """The answer as it was when it was given out, whatever was counted or defined since."""
    share = keeping.share_of(token, at=clock.now())
    compared = thaw(share.frozen)
    now = {one.key: one.version for one in COLUMNS}
    restated = [one.key for one in compared.columns if now.get(one.key) != one.version]
    html = page(
        "campaigns/reports/shared.html",
        share=share,
        token=token,
        compared=compared,
        wording=wording,
        words=WORDS,
        opened=None,
        happened=list(presenting.happened_in_words(compared)),
        **presenting.laid_out(compared, compared.happened),
        restated=[wording.column_name(one) for one in restated if one in now],
    )
    return _private(make_response(html))


@bp.get("/shared/reports/<token>/report.<any(csv, xlsx, pdf, png):form>")
@public
def export_shared(token: str, form: str) -> Response:
    """The same as a file."""
    share = keeping.share_of(token, at=clock.now())
    return _private(file_of(thaw(share.frozen), form))


@bp.route("/reports/mails/<token>/end", methods=["GET", "POST"])
@public
def stop_mail(token: str) -> Response:
    """The way out of a mail: a page with one button, which mail programs press by themselves."""
    number = read_token(token)
    if number is None:
        raise NotFound
    is_over = request.method == "POST"
    if is_over:
        with transaction():
            end_mail(number)
    return _private(make_response(page("campaigns/reports/mail_ended.html", is_over=is_over)))


@bp.record_once
def need_no_csrf_token(state: BlueprintSetupState) -> None:
    """Mail programs press the button of a message themselves; the token in the address says who allowed it."""
    state.app.extensions["parley_csrf"].exempt(f"{__name__}.stop_mail")


def _private(answer: Response) -> Response:
    answer.headers.update(PRIVATE)
    return answer
