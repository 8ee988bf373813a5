"""What the jobs of a worker share: models, connections and carriers."""

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
    """One per process; thread-safe. `tools` is replaced when another model comes into use."""

    settings: Settings
    tools: Tools
    carriers: Carriers
    twilio: TwilioMessages | None

    @property
    def connections(self) -> Pool:
        return self.tools.connections

    def show_typing(self, channel: str, message_sid: str) -> None:
        """Show a typing indicator, on channels that have one."""
        if self.twilio and channel == "whatsapp":
            self.twilio.show_typing(message_sid)

    def renew_tools(self) -> None:
        self.tools = tools.renewed(self.tools)


def make(settings: Settings) -> Services:
    """Without a Twilio account the bot decides, and its replies wait."""
    made = tools.make(settings)
    try:
        twilio = TwilioMessages(settings)
    except SettingsMissing as missing:
        log.warning("twilio_not_configured", reason=str(missing))
        twilio = None
    return Services(settings, made, Carriers(twilio, ReplyChannels(settings, made.connections)), twilio)
