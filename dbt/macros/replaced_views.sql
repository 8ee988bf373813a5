{#
    Replaces views in place. dbt's own materialization drops the old view with
    all views on it, so that a dashboard that is opened meanwhile finds nothing.
    A change of columns comes with a full refresh (`pipeline/transform.py`),
    which recreates all views. Views of other targets, whose columns change
    during development, have no readers and are recreated too.
#}
{% materialization view, adapter="postgres" -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is none or not existing.is_view
        or should_full_refresh() or target.name != "warehouse" -%}
        {{ return(dbt.materialization_view_default()) }}
    {%- endif -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement("main") -%}
        {{ get_create_view_as_sql(existing, sql)
            | replace("create view", "create or replace view", 1) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [existing]}) }}
{%- endmaterialization %}
