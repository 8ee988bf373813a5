"""The child process that reads one file from stdin and writes JSON lines to stdout: progress, then the result. Before
it reads the content, it drops all rights that reading does not need."""

from __future__ import annotations

import json
import resource
import sys
from typing import IO, Any

CPU_SECONDS = 240
MEMORY_BYTES = 3 * 1024**3

# Python audit events that reading a file never needs: network, other programs, changes to files.
_FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen",
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.remove", "os.rename", "os.rmdir",
    "os.mkdir", "os.chmod", "os.chown", "shutil", "urllib.Request", "pty.spawn",
)  # fmt: skip
_WRITING = frozenset("wax+")


def main() -> int:
    answers = sys.stdout
    sys.stdout = sys.stderr  # libraries must not print into the result
    drop_rights()
    try:
        answer = _read(sys.stdin.buffer.read(), answers)
    except MemoryError:
        answer = {"reason": "too_much_inside"}
    _say(answers, answer)
    return 0


def drop_rights() -> None:
    """Limit memory, CPU time and processes, and forbid writing files and connecting. For other users than root threads
    count as processes, so libraries run single-threaded."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for limit, most in limits.items():
        _, hard = resource.getrlimit(limit)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    is_written = event == "open" and isinstance(arguments[1], str) and not _WRITING.isdisjoint(arguments[1])
    if is_written or event.startswith(_FORBIDDEN):
        raise PermissionError(f"reading a file needs no {event}")


def _read(content: bytes, answers: IO[str]) -> dict[str, Any]:
    # Imported inside the limits.
    from bot.knowledge.reading import kinds, passages
    from bot.knowledge.reading.blocks import Unreadable

    try:
        found = kinds.read(content, lambda share: _say(answers, {"progress": share}))
    except Unreadable as error:
        return {"reason": error.reason, **error.numbers}
    texts = passages.passages(found.blocks)
    if len(texts) > passages.MAX_PASSAGES:
        return {"reason": "too_many_passages", "most": passages.MAX_PASSAGES}
    return {
        "media_type": found.media_type,
        "pages": found.pages,
        "warnings": found.warnings,
        "passages": [text._asdict() for text in texts],
    }


def _say(answers: IO[str], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
