"""What the jobs of a worker share."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot import tools
from bot.delivery.reply_channels import ReplyChannels
from bot.delivery.sending import Carriers
from bot.delivery.twilio import TwilioMessages
from bot.tools import Tools
from warehouse.pool import Pool
from warehouse.settings import Settings, SettingsMissing

log = structlog.get_logger()


@dataclass
class Services:
    """One a process; thread-safe. `tools` is replaced when another model is put to use."""

    settings: Settings
    tools: Tools
    carriers: Carriers
    twilio: TwilioMessages | None

    @property
    def connections(self) -> Pool:
        return self.tools.connections

    def show_typing(self, channel: str, message_sid: str) -> None:
        """Show that an answer is being written, on the channels that can."""
        if self.twilio and channel == "whatsapp":
            self.twilio.show_typing(message_sid)

    def renew_tools(self) -> None:
        self.tools = tools.renewed(self.tools)


def make(settings: Settings) -> Services:
    """The services of a deployment. Without a Twilio account the bot decides, and its replies wait for one."""
    made = tools.make(settings)
    try:
        twilio = TwilioMessages(settings)
    except SettingsMissing as missing:
        log.warning("twilio_not_configured", reason=str(missing))
        twilio = None
    return Services(settings, made, Carriers(twilio, ReplyChannels(settings, made.connections)), twilio)
