"""`python -m ml.encoder`: make the encoder from two installed packages and the head for speech acts; store both."""

from __future__ import annotations

import argparse
import sys

from ml.encoder.store import Encoder, load, store, version_in_use
from ml.speech_acts import store as speech_acts
from warehouse import logs
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings, get_settings


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ml.encoder",
        description=_("Create the encoder that finds passages, and the head that predicts speech acts."),
    )
    parser.add_argument("--if-missing", action="store_true", help=_("create only what is not in use yet"))
    arguments = parser.parse_args()
    logs.configure()
    settings = get_settings()
    version = version_in_use(settings, "scorer") if arguments.if_missing else None
    if version is None:
        # Imported here since torch takes many seconds to import.
        from ml.encoder.export import make

        version = store(make(settings), settings)
    print(_("Encoder {version} is in use.", version=version))
    if not arguments.if_missing or speech_acts.version_in_use(settings, "scorer") != version:
        learn_speech_acts(version, settings)
    print(_("Speech acts are predicted with encoder {version}.", version=version))
    return 0


def learn_speech_acts(version: str, settings: Settings) -> None:
    """Learn and store the head for a stored encoder, whether or not it is in use."""
    # Imported here since serving has no scikit-learn.
    from ml.speech_acts.fit import fit

    encoder = Encoder(load(version, settings, "scorer"), version)
    speech_acts.store(fit(encoder), version, settings)


if __name__ == "__main__":
    sys.exit(main())
