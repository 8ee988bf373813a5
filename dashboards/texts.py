"""Data with texts in the languages of the dashboards."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Literal["en", "id"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Condition = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*( is not null)?$")]
"""A flag of a row, or that one of its columns has a value."""


class Data(BaseModel):
    """Data from a file: nothing in it that is not known, and nothing that changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Data):
    """A text in the languages of the dashboards."""

    en: str = Field(min_length=1)
    id: str = Field(min_length=1)

    def to(self, language: str) -> str:
        return self.id if language == "id" else self.en
