"""Twilio's status callbacks for a message: signed, one after another, to the URL that came with it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from queue import SimpleQueue
from urllib.parse import urlencode

import requests

from demo.delivery import Receiver
from demo.signing import sign_twilio

AT_ONCE = 4


class Callbacks:
    """Posts forms in the background. Their public URL is replaced by that of the `receiver`."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._waiting: SimpleQueue[tuple[str, Sequence[dict[str, str]]] | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(AT_ONCE)]
        for thread in self._threads:
            thread.start()

    def send(self, address: str, forms: Sequence[dict[str, str]]) -> None:
        self._waiting.put((address, forms))

    def close(self) -> None:
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(timeout=10)

    def _run(self) -> None:
        http = requests.Session()
        http.trust_env = False
        while (waiting := self._waiting.get()) is not None:
            address, forms = waiting
            for form in forms:
                self._post(http, address, form)

    def _post(self, http: requests.Session, address: str, form: dict[str, str]) -> None:
        url = address.replace(self._receiver.public_url, self._receiver.url, 1)
        headers = {
            **sign_twilio(address, form, self._receiver.twilio_token),
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        for _ in range(2):  # Twilio repeats a callback once if the connection fails
            try:
                http.post(url, data=urlencode(form).encode(), headers=headers, timeout=15)
                return
            except requests.RequestException:
                continue
