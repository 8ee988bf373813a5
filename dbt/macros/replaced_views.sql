{#
    A build replaces a view in place. dbt's own way drops the one before with
    all that stands on it, and who opens a dashboard meanwhile finds nothing
    there. Other columns come with other code, and that is a full refresh
    (`pipeline/transform.py`), which still makes all views anew. Nobody reads
    the views of other targets, whose columns change while one develops.
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
