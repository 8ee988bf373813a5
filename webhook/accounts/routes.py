"""Every view of the accounts: importing a module adds its routes to the blueprint."""

from __future__ import annotations

from webhook.accounts import access, blueprint, own_account, sign_in
from webhook.inbox import errors

access.guard(blueprint)
errors.register(blueprint)

__all__ = ["blueprint"]
