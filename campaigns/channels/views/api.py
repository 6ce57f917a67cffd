"""Accounts in the API: list, connect, read, change. The network is asked with no transaction open."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.channels import models, presenting, queries, rules, schemas, services
from campaigns.channels.adapter import Adapter
from campaigns.channels.catalogue import ADAPTERS, find_adapter
from campaigns.channels.fields import Filled, read_fields
from campaigns.channels.trials import Failed, Passed, stored_secrets, try_filled
from cms.api.answering import Made, answer, changing, expected_version, made_once
from cms.api.cursors import cut, read_number
from cms.api.gate import resources
from cms.api.operations import operation
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.errors import Invalid, NotAllowed
from cms.core.secrets import keyed_hash
from cms.people.models import Person

api = resources("channels_api", {"accounts": _("Accounts")})
ACCOUNT = "/accounts/<number:account_id>"
READ, WRITE = "accounts:read", "accounts:write"
DETAILS = services.Details.__dataclass_fields__


@api.get("/accounts")
@allowed(rules.can_see_accounts)
@operation(
    "accounts", _("List accounts"), scope=READ, query=schemas.AccountsAsked, answer=schemas.AccountList
)
def list_accounts(asked: schemas.AccountsAsked) -> Response:
    """Those connected first on top."""
    found = queries.accounts(
        channel=asked.channel,
        state=asked.state,
        after=read_number("accounts", asked.cursor),
        limit=asked.limit + 1,
    )
    shown, following = cut("accounts", found, asked.limit, lambda one: one.id)
    return answer(schemas.AccountList(items=presenting.in_api(shown, at=clock.now()), next=following))


@api.post("/accounts")
@allowed(rules.can_connect)
@operation(
    "accounts",
    _("Connect an account"),
    scope=WRITE,
    body=schemas.NewAccount,
    answer=schemas.Account,
    status=201,
    once=True,
    conflicts=True,
)
def create_account(body: schemas.NewAccount) -> Response:
    """The network is asked who we are; when it does not let us in, nothing is stored unless that is asked for."""
    adapter = find_adapter(body.channel)
    if adapter is None:
        known = ", ".join(one.key for one in ADAPTERS)
        raise Invalid(errors={"channel": gettext("Please choose one of %(choices)s.", choices=known)})
    mode = body.mode if "mode" in body.model_fields_set else adapter.usual_mode
    details = services.Details(
        name=body.name or str(adapter.name), zone=body.zone, language=body.language, mode=mode
    )
    services.check_details(adapter.key, details)
    filled = _filled(adapter, {**body.settings, **body.secrets})
    tried = _tried(adapter, filled, mode=mode, anyway=body.save_untested)

    def make(by: Person, at: datetime) -> Made:
        number = services.connect_account(
            adapter.key,
            filled,
            tried,
            name=body.name,
            zone=body.zone,
            language=body.language,
            mode=mode,
            by=by,
            at=at,
        )
        account = queries.get_account(number)
        return Made(_told(account), location=f"/api/v1/accounts/{number}", version=account.version)

    return made_once(keyed_hash(body.model_dump_json()), make)


@api.get(ACCOUNT)
@allowed(rules.can_run_account, account=queries.get_account)
@operation("accounts", _("Read an account"), scope=READ, answer=schemas.Account)
def show_account(account_id: int, account: models.Account) -> Response:
    """All of it but what opens it."""
    return answer(_told(account), version=account.version)


@api.patch(ACCOUNT)
@allowed(rules.can_run_account, account=queries.get_account)
@operation(
    "accounts",
    _("Change an account"),
    scope=WRITE,
    body=schemas.ChangedAccount,
    answer=schemas.Account,
    if_match=True,
    conflicts=True,
)
def edit_account(account_id: int, account: models.Account, body: schemas.ChangedAccount) -> Response:
    """Only what is named changes. Other settings or secrets are tested first."""
    expected_version(account.version)
    named, version = body.model_fields_set, account.version
    details = replace(
        services.Details.of(account), **{name: getattr(body, name) for name in named if name in DETAILS}
    )
    tested = _retested(account, body) if named & {"settings", "secrets"} else None
    with changing() as (by, at):
        services.change_account(account_id, details, expected_version=version, by=by, at=at)
        if tested is not None:
            services.reconnect_account(account_id, *tested, by=by, at=at)
        if "slots" in named:
            wanted = [(one.weekday, one.time) for one in body.slots]
            services.set_slots(account_id, wanted, by=by, at=at)
        if body.state == "paused":
            services.pause_account(account_id, reason=body.reason, code=services.BY_HAND, at=at, by=by)
        elif body.state == "active":
            services.resume_account(account_id, by=by, at=at)
    return _show_again(account_id)


def _show_again(account_id: int) -> Response:
    account = queries.get_account(account_id)
    return answer(_told(account), version=account.version)


def _told(account: models.Account) -> schemas.Account:
    return presenting.in_api([account], at=clock.now())[0]


def _retested(account: models.Account, body: schemas.ChangedAccount) -> tuple[Filled, Passed | Failed]:
    if not rules.can_connect(person(), account):
        raise NotAllowed(gettext("A manager gives an account other credentials."))
    adapter = find_adapter(account.channel)
    if adapter is None:
        raise Invalid(errors={"channel": gettext("This version has no such network.")})
    kept, stored = stored_secrets(account), dict(account.settings)
    filled = _filled(adapter, {**stored, **body.settings, **body.secrets}, stored=stored, kept=kept)
    whole = Filled(filled.settings, services.merged(account, filled))
    return filled, _tried(adapter, whole, mode=account.mode, anyway=body.save_untested)


def _filled(adapter: Adapter, typed: Mapping[str, Any], **rest: Any) -> Filled:
    """Read what the network asks for; errors name the path in the body."""
    unknown = sorted(typed.keys() - {one.name for one in adapter.fields} - set(rest.get("stored", ())))
    if unknown:
        raise Invalid(errors={f"settings.{one}": gettext("There is no such field.") for one in unknown})
    try:
        return read_fields(adapter, typed, **rest)
    except Invalid as problem:
        raise Invalid(errors=_paths(adapter, problem.errors)) from problem


def _tried(adapter: Adapter, filled: Filled, *, mode: str, anyway: bool) -> Passed | Failed:
    """Test it. Raises `Invalid` with the network's sentence, unless it is to be saved anyway."""
    tried = try_filled(adapter, filled, mode=mode)
    if isinstance(tried, Failed) and not anyway:
        raise Invalid(errors=_paths(adapter, {tried.field: tried.sentence}))
    return tried


def _paths(adapter: Adapter, errors: Mapping[str, str]) -> dict[str, str]:
    secret = {one.name for one in adapter.fields if one.is_secret}
    return {
        f"{'secrets' if name in secret else 'settings'}{'.' if name else ''}{name}": str(sentence)
        for name, sentence in errors.items()
    }
