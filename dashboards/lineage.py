"""The lineage of the KPIs: dbt's models from the sources on and their tests, from its manifest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel

Stage = Literal["source", "staging", "intermediate", "facts", "kpi"]
STAGES: tuple[Stage, ...] = ("source", "staging", "intermediate", "facts", "kpi")
RESULTS = ("kpi_daily", "kpi_monthly")
# They only decide which customers and periods are built; no figure comes from them.
_WITHOUT_FIGURES = ("int_changed_customers", "int_periods")
_ROW_CHECKS = "rows_satisfy"


class Model(BaseModel):
    """A table, a view or a source (`raw.…`), with the first paragraph of its description. `parents` are the names of
    the models that it reads."""

    name: str
    stage: Literal["source", "staging", "intermediate", "marts"]
    description: str
    parents: list[str]
    of_shop: bool


class Check(BaseModel):
    """A test of the data of each build, or a unit test with an example."""

    name: str
    kind: Literal["data", "example"]
    description: str
    models: list[str]
    of_shop: bool


class Lineage(BaseModel):
    """All models by name, and all checks."""

    models: dict[str, Model]
    checks: list[Check]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Lineage:
        """The models and tests in dbt's `manifest.json`."""
        nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
        models = [_model(node) for node in nodes] + [_source(node) for node in manifest["sources"].values()]
        tests = (node for node in manifest["nodes"].values() if node["resource_type"] == "test")
        checks = [_data_check(node) for node in tests] + [_example(node) for node in manifest["unit_tests"].values()]
        return cls(models={model.name: model for model in models}, checks=checks)

    def stages(self, model: str) -> dict[Stage, list[Model]]:
        """The models upstream of a model's KPIs and the tables that contain them, by stage, nearest first. Empty for an
        unknown model, such as one that was added since."""
        if model not in self.models:
            return {}
        found: dict[Stage, list[Model]] = {stage: [] for stage in STAGES}
        for ancestor in self._ancestors(model):
            found["facts" if ancestor.stage == "marts" else ancestor.stage].append(ancestor)
        found["kpi"] = [self.models[model], *self._towards_results(model)]
        return {stage: models for stage, models in found.items() if models}

    def checks_of(self, model: str) -> list[Check]:
        """The checks of all models in the lineage of a model's KPIs, the nearest first."""
        kin = [kin.name for stage in reversed(self.stages(model).values()) for kin in stage]
        mine = [check for check in self.checks if self._concerns(check, kin)]
        return sorted(mine, key=lambda check: (min(kin.index(name) for name in check.models), check.name))

    def _concerns(self, check: Check, kin: list[str]) -> bool:
        """A check of several models compares either metrics of the shop or all others."""
        if not check.models or not set(check.models) <= set(kin):
            return False
        is_comparison = check.kind == "data" and len(check.models) > 1
        return not is_comparison or check.of_shop == self.models[kin[0]].of_shop

    def _ancestors(self, model: str) -> list[Model]:
        """By distance, without models that only decide what is built."""
        seen: dict[str, Model] = {}
        level = [model]
        while level:
            parents = {parent: None for name in level for parent in self.models[name].parents}
            level = [name for name in parents if name not in seen and name not in _WITHOUT_FIGURES]
            seen |= {name: self.models[name] for name in level}
        return list(seen.values())

    def _towards_results(self, model: str) -> Iterable[Model]:
        """The models between a model and the tables of KPIs, and these tables."""
        for name in RESULTS:
            between = (self.models[parent] for parent in self.models[name].parents)
            yield from (parent for parent in between if name == RESULTS[0] and model in parent.parents)
            yield self.models[name]


def _model(node: Mapping[str, Any]) -> Model:
    return Model(
        name=node["name"],
        stage=node["fqn"][1],
        description=node["description"].partition("\n\n")[0].strip(),
        parents=[_name(parent) for parent in node["depends_on"]["nodes"]],
        of_shop=_is_of_shop(node),
    )


def _source(node: Mapping[str, Any]) -> Model:
    name = f"{node['source_name']}.{node['name']}"
    return Model(name=name, stage="source", description=node["description"].strip(), parents=[], of_shop=False)


def _data_check(node: Mapping[str, Any]) -> Check:
    """Described by its description, or else by the comment at the beginning of its query."""
    comment = " ".join(line.removeprefix("--").strip() for line in _comment(node["raw_code"]))
    return Check(
        name=_title(node),
        kind="data",
        description=node["description"].strip() or comment,
        models=[_name(parent) for parent in node["depends_on"]["nodes"]],
        of_shop=_is_of_shop(node),
    )


def _example(node: Mapping[str, Any]) -> Check:
    return Check(
        name=node["name"],
        kind="example",
        description=node["description"].strip(),
        models=[node["model"]],
        of_shop=_is_of_shop(node),
    )


def _title(node: Mapping[str, Any]) -> str:
    """The name of a row check or a query, which describes it; for others, the kind and the columns."""
    metadata = node.get("test_metadata") or {}
    kind = metadata.get("name", _ROW_CHECKS)
    if kind == _ROW_CHECKS:
        return str(node["name"])
    columns = node["column_name"] or ", ".join(metadata["kwargs"]["columns"])
    return f"{kind}: {_name(node['attached_node'])}.{columns}"


def _comment(query: str) -> list[str]:
    return re.match(r"(--[^\n]*\n)*", query)[0].splitlines()  # type: ignore[index]


def _name(unique_id: str) -> str:
    kind, _, *names = unique_id.split(".")
    return ".".join(names) if kind == "source" else names[0]


def _is_of_shop(node: Mapping[str, Any]) -> bool:
    return "store" in node["fqn"]
