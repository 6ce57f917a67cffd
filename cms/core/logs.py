"""Structured logs, one line each: JSON for machines, with secrets struck out before anything is written."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict

_SECRET_NAME = re.compile(
    r"password|secret|token|authorization|cookie|session|api_?key|smtp_url|redis_url|database_url", re.I
)
_SECRET_VALUE = re.compile(
    r"(?i)(bearer\s+|basic\s+|://[^/\s:@]*:)[^\s@'\"]+|\bply_[A-Za-z0-9_-]{8,}|gAAAA[A-Za-z0-9_=-]{20,}"
    r"|(?<=/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"  # a one-time link in an address
)


def redact(_: Any, __: str, event: EventDict) -> EventDict:
    """Strike out values that are named like secrets, and secrets inside other values."""
    for name, value in event.items():
        if _SECRET_NAME.search(name) and name not in ("event", "level"):
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = _SECRET_VALUE.sub(lambda m: (m[1] or "") + "***", value)
    return event


def configure(level: str) -> None:
    """Send everything, our own and the libraries', to standard error as JSON lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(ensure_ascii=False), foreign_pre_chain=shared
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("httpx", "httpcore", "alembic", "PIL", "fontTools"):
        logging.getLogger(chatty).setLevel("WARNING")
    logging.getLogger("apscheduler").setLevel("ERROR")  # a tick that finds its job still at work is no news
