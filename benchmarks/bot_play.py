"""Customers who all write at once, in bursts, and what became of each message: for the benchmark and for the tests."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.bot_stage import Stage, eventually, kill

# A customer says nothing twice: who does is not understood, and a person takes over.
WORDS = (
    "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "merah", "kuning",
    "hijau", "biru", "ungu", "putih",
)  # fmt: skip
LONGEST_GAP = 1.5  # seconds between the messages of a burst: less than the shop's pause


@dataclass(frozen=True)
class Latencies:
    """Seconds from a burst's end (its last message plus the shop's pause) to the reply in Twilio's hands, ascending,
    and the shop's pause: from the last message itself it is that much longer."""

    seconds: list[float]
    pause: float

    def percentile(self, share: float) -> float:
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def number(customer: int) -> str:
    return f"62813{customer:08d}"


def write(stage: Stage, customers: int, rounds: int = 1, over: float = 3.0, between: float = 6.0) -> list[str]:
    """Every customer writes `rounds` bursts of one to four messages; all begin within `over` seconds. Returns the
    messages' sids."""
    sids: list[str] = []
    lock = threading.Lock()

    def one(customer: int) -> None:
        rng = random.Random(customer)
        time.sleep(rng.uniform(0, over))
        for burst in range(rounds):
            if burst:
                time.sleep(between)
            for place in range(rng.randint(1, 4)):
                if place:
                    time.sleep(rng.uniform(0.1, LONGEST_GAP))
                sid = stage.say(number(customer), f"nomor {WORDS[4 * burst + place]}")
                with lock:
                    sids.append(sid)

    with ThreadPoolExecutor(customers) as pool:
        list(pool.map(one, range(customers)))
    return sids


def kill_workers(stage: Stage, times: int, seconds: float, until: Callable[[], bool] = lambda: False) -> int:
    """Kill every worker with -9 so many times, one after another, `seconds` apart, and start another in its place at
    once. Returns how many were killed."""
    killed = 0
    for _ in range(times):
        for place in range(len(stage.workers)):
            time.sleep(seconds)
            if until():
                return killed
            kill(stage.workers[place])
            stage.replace_worker(place)
            killed += 1
    return killed


def settle(stage: Stage, seconds: float) -> None:
    """Wait until nothing is left to do: no job but those of the clock, no reply on its way."""
    eventually(lambda: unsettled(stage) == 0, seconds, every=0.5)


def unsettled(stage: Stage) -> int:
    ((jobs, replies),) = stage.query(
        "select (select count(*) from queue.procrastinate_jobs where task_name in ('answer', 'send')"
        " and status in ('todo', 'doing')),"
        " (select count(*) from app.replies where state in ('written', 'sending'))"
    )
    return int(jobs) + int(replies)


def faults(stage: Stage, sids: list[str]) -> list[str]:
    """What is wrong: a message decided never or twice, a decision without its reply or with two, a reply that left
    twice or never, or out of order. Empty if every message was answered once, in order."""
    found = []
    decided: dict[str, int] = defaultdict(int)
    for (message_ids,) in stage.query("select message_ids from app.bot_decisions where step = 1"):
        for message_id in message_ids:
            decided[message_id] += 1
    found += [f"{sid} was decided {decided[sid]} times" for sid in sids if decided[sid] != 1]
    replies = stage.query(
        "select decisions.decision_id, count(replies.reply_id), count(replies.message_sid)"
        " from (select distinct decision_id from app.bot_decisions) as decisions"
        " left join app.replies using (decision_id) group by 1"
        " having count(*) filter (where replies.kind = 'answer') != 1"
        " or count(replies.message_sid) != count(replies.reply_id)"
    )
    found += [f"decision {each[0]} has {each[1]} replies, {each[2]} of them sent" for each in replies]
    wanted: dict[str, list[str]] = defaultdict(list)
    for address, sid in stage.query(
        "select conversations.address, replies.message_sid from app.replies"
        " inner join app.conversations using (conversation_id) order by replies.sequence"
    ):
        wanted[address].append(sid)
    sent: dict[str, list[str]] = defaultdict(list)
    for record in stage.twilio.sent:
        sent[record["to"]].append(record["sid"])
    found += [
        f"{stage.number_of(address)} got {len(sent[address])} messages of {len(wanted[address])}, or in another order"
        for address in wanted.keys() | sent.keys()
        if sent[address] != wanted[address]
    ]
    return found


def latencies(stage: Stage) -> Latencies:
    """Of every decision that was answered."""
    ((pause,),) = stage.query(
        "select coalesce(max(pause_seconds), app.default_pause_seconds())::float8 from app.store_options"
    )
    taken = stage.twilio.taken_at
    rows = stage.query(
        "select replies.message_sid, extract(epoch from max(messages.received_at))::float8 from app.replies"
        " inner join app.bot_decisions as decisions"
        " on replies.decision_id = decisions.decision_id and decisions.step = 1"
        " inner join raw.twilio_messages as messages on messages.message_sid = any(decisions.message_ids)"
        " where replies.message_sid is not null group by 1"
    )
    return Latencies(sorted(taken[sid] - last - pause for sid, last in rows), float(pause))


def longest_wait(stage: Stage) -> float:
    """The seconds from the first message of a burst to its reply in Twilio's hands, for whom that took longest."""
    taken = stage.twilio.taken_at
    rows = stage.query(
        "select replies.message_sid, extract(epoch from min(messages.received_at))::float8 from app.replies"
        " inner join app.bot_decisions as decisions"
        " on replies.decision_id = decisions.decision_id and decisions.step = 1"
        " inner join raw.twilio_messages as messages on messages.message_sid = any(decisions.message_ids)"
        " where replies.message_sid is not null group by 1"
    )
    return float(max(taken[sid] - first for sid, first in rows))
