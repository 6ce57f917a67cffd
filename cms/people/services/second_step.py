"""The second step of signing in: one-time codes from an app (RFC 6238), and recovery codes for when it is lost."""

import hmac
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, or_, update

from cms.core.database import db
from cms.core.sealed import Sealed
from cms.core.secrets import decrypt, encrypt, keyed_hash
from cms.people import audit
from cms.people.models import Person, RecoveryCode, SecondStep

STEP = 30  # seconds
RECOVERY_CODES = 10
SEALED = Sealed("second steps of signing in", SecondStep.secret)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


def begin_second_step(person_id: int, *, at: datetime) -> None:
    """Make a secret for an app to scan; it counts once a code has been confirmed. Begun twice, the first is kept."""
    if db.session.get(SecondStep, person_id) is None:
        secret = encrypt(f"{person_id}:{pyotp.random_base32()}")
        db.session.add(SecondStep(person_id=person_id, secret=secret, created_at=at))
        db.session.flush()


def confirm_second_step(person_id: int, *, code: str, at: datetime) -> list[str] | None:
    """Turn the second step on when the code is right; gives recovery codes, to be shown once."""
    step = db.session.get(SecondStep, person_id)
    if step is None or step.confirmed_at is not None or not _take_app_code(person_id, code, at=at):
        return None
    step.confirmed_at = at
    audit.record("second_step.on", f"person:{person_id}", by=db.session.get(Person, person_id), at=at)
    return _new_recovery_codes(person_id)


def take_code(person_id: int, *, code: str, at: datetime) -> bool:
    """Whether this code lets them in; it will not a second time. Spaces and hyphens do not matter."""
    plain = "".join(character for character in code.casefold() if character.isalnum())
    if len(plain) == 6 and plain.isdecimal():
        return _take_app_code(person_id, plain, at=at)
    return _take_recovery_code(person_id, plain, at=at)


def turn_off_second_step(person_id: int, *, by: Person | None, at: datetime) -> None:
    """Sign-in needs only the password again."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    gone = db.session.execute(delete(SecondStep).where(SecondStep.person_id == person_id))
    if gone.rowcount:  # type: ignore[attr-defined]
        audit.record("second_step.off", f"person:{person_id}", by=by, at=at)


def renew_recovery_codes(person_id: int, *, at: datetime) -> list[str]:
    """Fresh recovery codes; the old ones stop working."""
    audit.record("recovery_codes.renewed", f"person:{person_id}", by=db.session.get(Person, person_id), at=at)
    return _new_recovery_codes(person_id)


def secret_of(step: SecondStep) -> str:
    """The secret in clear. It is sealed with its owner's id, so a row copied to somebody else opens nothing."""
    owner, _, secret = decrypt(step.secret).partition(":")
    return secret if owner == str(step.person_id) else ""


def address_for_app(step: SecondStep, *, account: str, issuer: str) -> str:
    """The `otpauth:` address that the QR code holds."""
    return pyotp.TOTP(secret_of(step)).provisioning_uri(name=account, issuer_name=issuer)


def _take_app_code(person_id: int, code: str, *, at: datetime) -> bool:
    step = db.session.get(SecondStep, person_id)
    secret = secret_of(step) if step else ""
    if not secret:
        return False
    maker, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP
    matching = [n for n in (now - 1, now, now + 1) if hmac.compare_digest(maker.generate_otp(n), code)]
    if not matching:
        return False
    taken = db.session.execute(
        update(SecondStep)
        .where(
            SecondStep.person_id == person_id,
            or_(SecondStep.last_step.is_(None), SecondStep.last_step < matching[-1]),
        )
        .values(last_step=matching[-1])
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _take_recovery_code(person_id: int, code: str, *, at: datetime) -> bool:
    taken = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == keyed_hash(f"recovery {person_id} {code}"),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _new_recovery_codes(person_id: int) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    db.session.add_all(
        RecoveryCode(person_id=person_id, code_hash=keyed_hash(f"recovery {person_id} {code}"))
        for code in codes
    )
    db.session.flush()
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]
