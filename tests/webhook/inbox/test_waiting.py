"""Who waits is the same in the strip of the dashboards, in the inbox and in what a build counts, whoever wrote last."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from demo.twilio import TwilioStandIn
from ml.classifier import labels
from ml.classifier.predict import Label
from pipeline import transform
from tests.support import chat as chatting
from tests.support.chat import Chat, new_phone
from tests.support.people import SESSION, Person
from tests.support.senders import Senders
from warehouse.connection import transaction
from warehouse.settings import Settings

# What a build of this moment leaves without a reply, and whom the bot called an agent for, which builds do not know.
BUILT = """
    select conversations.conversation_id
    from app.conversations
    left join marts.fct_episodes
        on
            conversations.store_id = fct_episodes.store_id
            and conversations.channel = fct_episodes.channel
            and conversations.customer_key = fct_episodes.customer_key
            and not fct_episodes.is_ended
            and fct_episodes.is_unanswered
    where
        (fct_episodes.episode_id is not null or conversations.state = 'waiting')
        and conversations.channel <> 'kabar_test'
"""


@pytest.fixture(scope="module")
def shop(module_settings: Settings) -> Iterator[Chat]:
    with TwilioStandIn(chatting.ACCOUNT, Senders.token) as twilio, pytest.MonkeyPatch.context() as patch:
        sending = {
            "TWILIO_ACCOUNT_SID": chatting.ACCOUNT,
            "TWILIO_API_BASE": twilio.url,
            "KABAR_ALLOW_PRIVATE_ADDRESSES": "true",
        }
        for name, value in (Senders.environment | sending | SESSION).items():
            patch.setenv(name, value)
        with chatting.chat(Settings(_env_file=None), twilio, ["pengembalian.md"]) as found:
            transform.build(settings=found.settings)
            yield found


@pytest.fixture(scope="module")
def agent(shop: Chat, people: Callable[..., Person]) -> Person:
    found = people("agent", "Sari")
    found.post("/inbox/language", {"language": "en", "next": "/inbox"})
    return found


def act(shop: Chat, agent: Person, phone: str, action: str, **form: str) -> None:
    thread = conversation(shop, phone)
    agent.get(f"/inbox/conversations/{thread}")
    answer = agent.post(f"/inbox/conversations/{thread}/{action}", {"token": str(uuid.uuid4()), **form})
    assert answer.status_code == 303, answer.text
    shop.work()


def conversation(shop: Chat, phone: str) -> int:
    return int(shop.ask("select conversation_id from app.conversations where customer_key = %s", shop.key(phone))[0][0])


def listed(agent: Person) -> set[int]:
    """The conversations in the view of those who wait, to which the strip leads."""
    page = agent.get("/inbox?state=waiting&store=default").text
    return {int(number) for number in re.findall(r'id="row-(\d+)"', page)}


def strip(agent: Person) -> tuple[int, str]:
    """The number in the strip and the address behind it."""
    found = re.search(
        r'id="now-waiting">(?:<a href="([^"]+)">)?(\d+)', agent.get("/dashboards/now?store=default&lang=en").text
    )
    assert found
    return int(found[2]), (found[1] or "").replace("&amp;", "&")


def test_strip_list_and_build_name_the_same_conversations(shop: Chat, agent: Person) -> None:
    answered, called, taken, replied, closed, unread = (new_phone() for _ in range(6))
    shop.say(answered, "jam buka?")  # the bot answers
    shop.say(called, "mau bicara dengan admin")  # the bot calls an agent
    shop.say(taken, "mau bicara dengan admin")
    act(shop, agent, taken, "take-over")
    shop.say(taken, "halo, masih di sana?")  # an agent has it, and the bot is silent
    shop.say(replied, "mau bicara dengan admin")
    act(shop, agent, replied, "reply", text="Halo, saya Sari.")
    shop.say(closed, "mau bicara dengan admin")
    act(shop, agent, closed, "close")
    shop.post(unread, "kapan dikirim?")  # the bot has not read it yet
    key = shop.ask("select 'twilio', message_sid from raw.twilio_messages where body = 'kapan dikirim?'")[0]
    with transaction("bot", shop.settings) as connection, connection.cursor() as cursor:
        labels.save(cursor, {key: Label("delivery", 0.9, "high", 0.9, "id", model(shop))})  # type: ignore[dict-item]

    expected = {conversation(shop, phone) for phone in (called, taken, unread)}
    assert listed(agent) == expected
    number, address = strip(agent)
    assert (number, address) == (3, "/inbox?state=waiting&store=default")
    transform.build(as_of=datetime.now(UTC) + timedelta(seconds=1), settings=shop.settings)
    assert {row[0] for row in shop.ask(BUILT)} == expected

    shop.work()  # the bot answers, or calls an agent
    act(shop, agent, called, "reply", text="Halo, saya Sari.")
    expected = (
        {conversation(shop, phone) for phone in (taken, unread)} if waits(shop, unread) else {conversation(shop, taken)}
    )
    assert listed(agent) == expected


def test_the_list_says_how_long_they_have_waited_and_starts_with_the_longest(shop: Chat, agent: Person) -> None:
    first = agent.get("/inbox?state=waiting").text
    numbers = [int(number) for number in re.findall(r'id="row-(\d+)"', first)]
    since = dict(shop.ask("select * from app.waiting_conversations()"))
    assert numbers == sorted(numbers, key=lambda number: since[number])
    assert first.count("waiting for") == len(numbers)
    [(longest,)] = shop.ask("select extract(epoch from now() - value * interval '1 second')::float8 from marts.kpi_now "
                            "where metric = 'longest_wait' and store_id = 'default'")  # fmt: skip
    assert abs(longest - min(since.values()).timestamp()) < 1


def waits(shop: Chat, phone: str) -> bool:
    [(state,)] = shop.ask("select state from app.conversations where customer_key = %s", shop.key(phone))
    return bool(state == "waiting")


def model(shop: Chat) -> str:
    shop.ask(
        "insert into ml.models (model_version, base_model, onnx, tokenizer, configuration, metrics) "
        "values ('test', 'test', '', '{}', '{}', '{}') on conflict do nothing"
    )
    return "test"
