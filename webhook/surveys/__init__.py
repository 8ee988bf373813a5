"""The public pages on which people answer a survey."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("surveys", __name__, url_prefix="/surveys", template_folder="templates")
