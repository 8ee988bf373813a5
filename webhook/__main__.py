"""`python -m webhook`: serve on KABAR_WEB_HOST and KABAR_WEB_PORT."""

from __future__ import annotations

import os
import sys
import tempfile

from granian.constants import Interfaces
from granian.server import Server

from warehouse.settings import SettingsMissing, get_settings


def main() -> int:
    settings = get_settings()
    with tempfile.TemporaryDirectory(prefix="kabar-metrics-") as folder:
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
        from webhook import services  # imported late: the metrics read the variable on import

        try:
            services.make(settings)  # starts the embedded server; reports missing settings before workers start
        except (SettingsMissing, PermissionError) as error:
            print(f"webhook: {error}", file=sys.stderr)
            return 2
        Server(
            "webhook.server:create_server",
            factory=True,
            interface=Interfaces.RSGI,
            websockets=False,
            address=settings.web_host,
            port=settings.web_port,
            workers=settings.web_workers,
            respawn_failed_workers=True,
            workers_kill_timeout=10,  # else a starting worker or an endless body would block shutdown
        ).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
