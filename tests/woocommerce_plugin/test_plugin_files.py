"""The plugin's files as they lie: PHP reads all of them, and every text has its translation."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.woocommerce_plugin.shop import NEEDS_PHP, PHP, PLUGIN

FILES = sorted([*PLUGIN.rglob("*.php"), *Path(__file__).parent.glob("*.php")])
TEXT = re.compile(r"(?:\b__|\besc_html__|\besc_html_e|\besc_attr__|\besc_attr_e)\(\s*'((?:[^'\\]|\\.)*)',\s*'([^']*)'")
ENTRY = re.compile(r'^msgid (".*")\nmsgstr (".*")$', re.MULTILINE)


@NEEDS_PHP
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_php_finds_no_fault_in_a_file(path: Path) -> None:
    done = subprocess.run([str(PHP), "-d", "error_reporting=-1", "-l", str(path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    assert b"Deprecated" not in done.stdout


def test_every_text_is_of_our_domain_and_has_an_indonesian_translation() -> None:
    found = [match for path in PLUGIN.rglob("*.php") for match in TEXT.findall(path.read_text())]
    texts = {text.replace("\\'", "'").replace('\\"', '"') for text, _ in found}
    entries = {json.loads(text): json.loads(translation) for text, translation in _entries().items()}
    assert {domain for _, domain in found} == {"kabar-whatsapp"}
    assert texts == entries.keys() - {""}
    for text, translation in entries.items():
        assert text == "" or translation
        for placeholder in re.findall(r"%(?:\d\$)?s|\{product\}", text):
            assert placeholder in translation


@NEEDS_PHP
def test_wordpress_reads_the_translation_that_the_po_file_says() -> None:
    path = PLUGIN / "languages" / "kabar-whatsapp-id_ID.l10n.php"
    done = subprocess.run([str(PHP), "-r", f"echo json_encode(require '{path}');"], capture_output=True, check=True)
    expected = {json.loads(text): json.loads(translation) for text, translation in _entries().items() if text != '""'}
    assert json.loads(done.stdout)["messages"] == expected


def test_no_file_can_be_run_by_itself_and_nothing_comes_from_elsewhere() -> None:
    for path in PLUGIN.rglob("*.php"):
        if path.parent.name != "languages":
            assert re.search(r"defined\( '(ABSPATH|WP_UNINSTALL_PLUGIN)' \) \|\| exit;", path.read_text()), path.name
    for path in (*PLUGIN.rglob("*.php"), *PLUGIN.rglob("*.js"), *PLUGIN.rglob("*.css")):
        addresses = re.findall(r"https?://[a-z0-9][a-z0-9.]*", path.read_text())
        assert set(addresses) <= {"https://wa.me"}, path.name


def test_the_version_stands_in_all_three_places() -> None:
    main = (PLUGIN / "kabar-whatsapp.php").read_text()
    versions = re.findall(r"^ \* Version: (.+)$|^const VERSION += '(.+)';$", main, re.MULTILINE)
    stable = re.findall(r"^Stable tag: (.+)$", (PLUGIN / "readme.txt").read_text(), re.MULTILINE)
    assert len({"".join(found) for found in versions} | set(stable)) == 1


def _entries() -> dict[str, str]:
    return dict(ENTRY.findall((PLUGIN / "languages" / "kabar-whatsapp-id_ID.po").read_text()))
