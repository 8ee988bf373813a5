"""Every staging model says what a row of it is, by a test that dbt runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.transform import PROJECT

MODELS = sorted((PROJECT / "models" / "staging").rglob("*.sql"))
# A message has a row for each time that it was decided or reported; models ask only whether it has one.
WITHOUT_KEY = {"stg_no_reply_messages", "stg_twilio_failures"}


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_a_staging_model_has_a_tested_key(model: Path) -> None:
    (described,) = yaml.safe_load(model.with_suffix(".yml").read_text())["models"]
    of_columns = [set(column["data_tests"]) for column in described["columns"] if "data_tests" in column]
    of_model = [name for test in described.get("data_tests", []) for name in test]
    if model.stem in WITHOUT_KEY:
        assert of_columns == [{"not_null"}]
        return
    assert {"unique", "not_null"} in of_columns or "unique_combination" in of_model
