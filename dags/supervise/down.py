"""`python -m dags.supervise.down`: stop this state folder's `up`, wait for it, then stop the embedded Postgres."""

from __future__ import annotations

import sys

import psutil

from dags.supervise.up import pid_file
from warehouse import embedded
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings, get_settings

PATIENCE = 60  # seconds; `up` itself kills what does not stop


def down(settings: Settings) -> bool:
    """Stop everything; returns whether anything ran. Raises psutil.TimeoutExpired if `up` does not stop."""
    was_up = _stop_up(settings)
    return (embedded.stop(settings) if settings.is_embedded else False) or was_up


def _stop_up(settings: Settings) -> bool:
    path = pid_file(settings)
    text = path.read_text() if path.exists() else ""
    if not text:
        return False
    try:
        process = psutil.Process(int(text))
        # If `up` was killed, another process may have its pid by now.
        if "dags.supervise.up" not in process.cmdline():
            return False
        process.terminate()
        process.wait(PATIENCE)
    except psutil.NoSuchProcess:
        return False
    return True


def main() -> int:
    print(_("Stopped.") if down(get_settings()) else _("Nothing was running."))
    return 0


if __name__ == "__main__":
    sys.exit(main())
