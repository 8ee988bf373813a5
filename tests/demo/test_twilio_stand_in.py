"""The stand-in of Twilio pages, filters and refuses as Twilio's API does, seen through Twilio's own client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from standardwebhooks.webhooks import Webhook
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.datastructures import MultiDict

from demo.shapes import record, sid
from demo.signing import sign_event, sign_twilio
from demo.twilio import Fault, TwilioStandIn
from sources.twilio_client import RetryingHttpClient

ACCOUNT = sid("AC", "the tests' shop")
TOKEN = "the tests' token"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn(ACCOUNT, TOKEN) as twilio:
        twilio.put(
            record(sid("SM", n), ACCOUNT, "whatsapp:+6281234", f"text {n}", NOON - timedelta(hours=6 * n),
                   inbound=n % 2 == 0)
            for n in range(120)
        )  # fmt: skip
        yield twilio


def client(twilio: TwilioStandIn) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=RetryingHttpClient(twilio.url))


def get(twilio: TwilioStandIn, query: dict[str, Any] | None = None, **options: Any) -> requests.Response:
    options = {"auth": (ACCOUNT, TOKEN), **options}
    return requests.get(twilio.url + options.pop("path", PATH), params=query, timeout=5, **options)


def test_the_official_client_reads_all_pages_newest_first(twilio: TwilioStandIn) -> None:
    found = client(twilio).messages.list(page_size=50)
    assert [message.body for message in found] == [f"text {n}" for n in range(120)]
    assert len(twilio.requests) == 3
    assert found[0].date_sent == NOON
    assert found[1].direction == "outbound-api"
    assert found[1].from_ == found[0].to


def test_a_page_is_fifty_unless_told_and_the_next_is_asked_for_by_its_address(twilio: TwilioStandIn) -> None:
    first = get(twilio).json()
    assert len(first["messages"]) == first["page_size"] == 50
    second = requests.get(twilio.url + first["next_page_uri"], auth=(ACCOUNT, TOKEN), timeout=5).json()
    assert second["messages"][0]["body"] == "text 50"
    assert (second["page"], second["start"], second["end"]) == (1, 50, 99)


def test_paging_does_not_drift_when_messages_arrive_in_between(twilio: TwilioStandIn) -> None:
    first = get(twilio).json()
    twilio.put([record(sid("SM", "new"), ACCOUNT, "whatsapp:+6281", "new", NOON + timedelta(1), inbound=True)])
    second = requests.get(twilio.url + first["next_page_uri"], auth=(ACCOUNT, TOKEN), timeout=5).json()
    assert second["messages"][0]["body"] == "text 50"


def test_the_range_of_a_query_holds_its_bounds_and_is_kept_over_pages(twilio: TwilioStandIn) -> None:
    start, end = NOON - timedelta(days=20), NOON - timedelta(days=2)
    found = client(twilio).messages.list(date_sent_after=start, date_sent_before=end, page_size=20)
    assert [message.body for message in found] == [f"text {n}" for n in range(8, 81)]
    a_day = client(twilio).messages.list(date_sent="2026-03-09")
    assert [message.body for message in a_day] == ["text 3", "text 4", "text 5", "text 6"]
    assert len(client(twilio).messages.list(from_="whatsapp:+6281234")) == 60


@pytest.mark.parametrize(
    "query",
    [
        {"PageSize": "1001"},
        {"PageSize": "0"},
        {"PageSize": "many"},
        {"DateSent>": "yesterday"},
        {"DateSent": ">=2026-03-01"},
        {"PageToken": "PAsomething", "Page": "1"},
        {"Page": "2"},
    ],
)
def test_bad_parameters_are_refused(twilio: TwilioStandIn, query: dict[str, str]) -> None:
    answer = get(twilio, query)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_strangers_and_other_accounts_are_refused(twilio: TwilioStandIn) -> None:
    for auth in (None, (ACCOUNT, "wrong"), ("ACother", TOKEN)):
        answer = get(twilio, auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    answer = get(twilio, path=PATH.replace(ACCOUNT, sid("AC", "another")))
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)
    assert requests.put(twilio.url + PATH, timeout=5).status_code == 405


def test_it_fails_when_told_and_then_answers_again(twilio: TwilioStandIn) -> None:
    twilio.fail(Fault(status=503), Fault(status=429, retry_after=0), Fault(cut=10))
    assert get(twilio).status_code == 503
    answer = get(twilio)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (429, "0", 20429)
    with pytest.raises(requests.RequestException):
        get(twilio)
    assert get(twilio).status_code == 200


def test_an_error_reaches_the_callers_of_the_official_client_as_its_own(twilio: TwilioStandIn) -> None:
    plain = Client(ACCOUNT, TOKEN)
    plain.http_client.session.trust_env = False
    message = plain.messages(sid("SM", "unknown"))
    message._version.domain.base_url = twilio.url
    with pytest.raises(TwilioRestException) as caught:
        message.fetch()
    assert caught.value.code == 20404


def test_signatures_are_those_that_the_receivers_libraries_accept() -> None:
    url = "https://kabar.example/webhooks/twilio/messages"
    form = [("Body", "halo"), ("Body", "halo lagi"), ("Empty", "")]
    signature = sign_twilio(url, form, TOKEN)["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).validate(url, MultiDict(form), signature)
    assert not RequestValidator(TOKEN).validate(url, MultiDict(form[:1]), signature)

    body = json.dumps({"event_id": "1"}).encode()
    secret = "whsec_" + "c2VjcmV0" * 4
    assert Webhook(secret).verify(body, sign_event(body, secret)) == {"event_id": "1"}
