"""`python -m translations` (`make translations`): bring every catalogue in line with the texts in the source."""

from __future__ import annotations

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from translations.extraction import extracted
from warehouse import i18n


def update(language: i18n.Language, template: Catalog) -> Catalog:
    """The language's catalogue with the template's texts: known translations stay, new texts are empty."""
    with i18n.path(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    template.creation_date = catalogue.creation_date  # else each run changes every catalogue
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    return catalogue


def main() -> None:
    template = extracted()
    for language in i18n.languages()[1:]:
        catalogue = update(language, template)
        with i18n.path(language).open("wb") as file:
            write_po(file, catalogue, width=118, sort_output=True, omit_header=False, include_lineno=False)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{language}: {len(catalogue)} texts, {missing} without a translation")


if __name__ == "__main__":
    main()
