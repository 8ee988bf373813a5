"""Accounts, roles, sign-in and sessions."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/inbox", template_folder="templates")
