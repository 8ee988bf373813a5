"""The bot's models in the web app, for pages that show what the bot would say."""

from __future__ import annotations

import threading
from typing import cast

from flask import current_app

from bot import tools
from webhook.services import services

_EXTENSION = "kabar-bot-tools"
_making = threading.Lock()


def bot_tools() -> tools.Tools:
    """Those of the app that serves this request, made when a page first asks: loading the models takes seconds and
    some memory. Raises SettingsMissing where the deployment gives the web app no password of the role `bot`."""
    extensions = current_app.extensions
    with _making:
        if _EXTENSION not in extensions:
            extensions[_EXTENSION] = tools.make(services().settings)
    return cast(tools.Tools, extensions[_EXTENSION])
