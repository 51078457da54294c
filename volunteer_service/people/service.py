"""The verbs of this room, by the names that other rooms call them."""

from volunteer_service.people.authentication.accounts import (
    LoginTaken,
    change_password,
    disable,
    open_account,
    set_password,
    sign_out_everywhere,
)
from volunteer_service.people.authentication.api_tokens import make_token, revoke_token, tokens_of
from volunteer_service.people.authentication.known_devices import remember_device
from volunteer_service.people.authentication.one_time_codes import (
    issue_code,
    issue_code_to,
    open_staff,
    use_code,
)
from volunteer_service.people.authentication.phone_confirmation import confirm_phone
from volunteer_service.people.authentication.self_registration import claim, join
from volunteer_service.people.authentication.sessions import end_session, has_signed_in, sessions_of
from volunteer_service.people.authentication.sign_in import SignInRefused, sign_in
from volunteer_service.people.authentication.sign_in_tries import Whence
from volunteer_service.people.authorization.household_declarations import (
    Housemate,
    declare_household,
    end_household,
    household_of,
)
from volunteer_service.people.consents import consents_of, give_consent, withdraw_consent
from volunteer_service.people.personal_data import looks_at, reveal
from volunteer_service.people.personal_data_export import EXPORT_FORMAT, export_of
from volunteer_service.people.registration import disown, is_minor, register
from volunteer_service.people.registration_fields import BirthDateNeeded, RegisterIn

__all__ = [
    "EXPORT_FORMAT",
    "BirthDateNeeded",
    "Housemate",
    "LoginTaken",
    "RegisterIn",
    "SignInRefused",
    "Whence",
    "change_password",
    "claim",
    "confirm_phone",
    "consents_of",
    "declare_household",
    "disable",
    "disown",
    "end_household",
    "end_session",
    "export_of",
    "give_consent",
    "has_signed_in",
    "household_of",
    "is_minor",
    "issue_code",
    "issue_code_to",
    "join",
    "looks_at",
    "make_token",
    "open_account",
    "open_staff",
    "register",
    "remember_device",
    "reveal",
    "revoke_token",
    "sessions_of",
    "set_password",
    "sign_in",
    "sign_out_everywhere",
    "tokens_of",
    "use_code",
    "withdraw_consent",
]
