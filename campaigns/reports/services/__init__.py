"""Writing what people keep of reports."""

from campaigns.reports.services.annotating import annotate, remove_annotation
from campaigns.reports.services.mailing import begin_mail, end_mail, send_report
from campaigns.reports.services.saving import remove_view, save_view
from campaigns.reports.services.sharing import LONGEST_DAYS, revoke_share, share

__all__ = [
    "LONGEST_DAYS",
    "annotate",
    "begin_mail",
    "end_mail",
    "remove_annotation",
    "remove_view",
    "revoke_share",
    "save_view",
    "send_report",
    "share",
]
