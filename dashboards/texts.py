"""Data from files, with English texts that the catalogues translate."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from warehouse.i18n import Language, Text

__all__ = ["Condition", "Data", "Identifier", "Language", "Text"]

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Condition = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*( is not null)?$")]
"""A flag of a row, or that one of its columns has a value."""


class Data(BaseModel):
    """Data from a file: nothing in it that is not known, and nothing that changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
