"""A WordPress shop with the plugin in it, as far as `wordpress.php` goes, run by PHP itself."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support import webhook_shops as shops
from warehouse.settings import ROOT

PHP = shutil.which("php")
PLUGIN = ROOT / "woocommerce_plugin" / "kabar-whatsapp"
NEEDS_PHP = pytest.mark.skipif(PHP is None, reason="no PHP: `apt-get install php-cli` brings it")
_HERE = Path(__file__).parent
_STRICT = ("-d", "error_reporting=-1", "-d", "display_errors=stderr", "-d", "log_errors=0")


class Shop:
    """The state of a shop between calls: options, keys, transients, what is scheduled."""

    def __init__(self, folder: Path, **state: Any) -> None:
        self._file = folder / "state.json"
        options = {"permalink_structure": "/%postname%/", "kabar_whatsapp_settings": {"number": "6281200000000"}}
        self._file.write_text(json.dumps({"options": options} | state))

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._file.read_text())
        return found

    def change(self, **state: Any) -> None:
        self._file.write_text(json.dumps(self.state | state))

    def call(self, name: str, *arguments: Any, **order: Any) -> dict[str, Any]:
        """Call a function of the plugin, or as call.php says; PHP must have nothing to remark."""
        done = subprocess.run(
            [str(PHP), *_STRICT, str(_HERE / "call.php")],
            input=json.dumps({"call": name, "with": arguments} | order).encode(),
            env=self._environment,
            capture_output=True,
            timeout=60,
            check=True,
        )
        assert done.stderr == b"", done.stderr.decode()
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def connect(self, address: str, code: str = shops.CODE) -> str:
        """Send the form that connects the shop; the outcome that the owner is told."""
        post = {"address": address, "code": code, "_wpnonce": nonce("kabar_whatsapp_connect")}
        ended = self.call("hook", "admin_post_kabar_whatsapp_connect", post=post)["ended"]
        return str(ended).rpartition("kabar=")[2]

    @contextmanager
    def served(self) -> Iterator[str]:
        """The shop's pages over HTTP; its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [str(PHP), "-q", *_STRICT, "-S", f"127.0.0.1:{port}", str(_HERE / "site.php")],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {"KABAR_STUB_STATE": str(self._file)}


def nonce(action: str) -> str:
    """What the stand-in gives a form against forgery."""
    return hashlib.md5(f"nonce|{action}".encode()).hexdigest()[:10]  # noqa: S324 -- no secret hangs on it


def _await(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("PHP did not serve the shop")
