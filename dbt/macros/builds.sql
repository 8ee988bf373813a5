{#
    Which customers a build has to look at again rests on what earlier builds
    did, so each build leaves a row in `intermediate.builds`: at its start what
    it sets out to do, at its end that it succeeded. A build that failed, or
    that ran only a part of the project, is never marked as finished; the next
    one does its work again.
#}
{% macro builds_relation() -%}
    {{ schema_of("intermediate") }}.builds
{%- endmacro %}

{# Readers of raw tables go back this much further than the last build's start:
   a row's changed_at is the start of the transaction that wrote it. #}
{% macro overlap() -%}
    interval '15 minutes'
{%- endmacro %}

{# Everything besides messages and events that facts and KPIs rest on. #}
{% macro settings_fingerprint() -%}
    md5(concat_ws(
        '|',
        {% for name in [
            "episode_gap_hours", "waiting_days", "again_days", "rating_days",
        ] -%}
        '{{ var(name) }}',
        {% endfor -%}
        '{{ default_store() }}',
        '{{ default_timezone() }}',
        (
            select string_agg(
                concat_ws(',', store_id, name, timezone, currency),
                '|' order by store_id
            )
            from app.store_settings
        ),
        {% for table in ["business_hours", "holidays"] -%}
        (
            select string_agg({{ table }}::text, '|' order by {{ table }}::text)
            from app.{{ table }}
        ),
        {% endfor -%}
        -- other targets are only shown
        (
            select
                string_agg(
                    kpi_targets::text, '|' order by kpi_targets::text
                )
            from app.kpi_targets
            where metric in (
                {%- for kpi in kpi_definitions().values() if kpi.limit %}
                '{{ kpi.metric }}'{{ "," if not loop.last }}
                {%- endfor %}
            )
        )
    ))
{%- endmacro %}

{# Whether a table that keeps rows from build to build is not there. #}
{% macro is_something_missing() -%}
    {% for node in graph.nodes.values() -%}
        {% if node.resource_type == "model"
            and node.config.materialized == "incremental"
            and not adapter.get_relation(
                node.database, node.schema, node.alias
            )
        -%}
            {{ return(true) }}
        {%- endif %}
    {%- endfor %}
    {{ return(false) }}
{%- endmacro %}

{% macro begin_build() -%}
    {% if execute and flags.WHICH in ("build", "run") -%}
        {% set builds = builds_relation() -%}
        {% set redo = flags.FULL_REFRESH or flags.EMPTY
            or is_something_missing() -%}
        create table if not exists {{ builds }} (
            invocation_id text primary key,
            started_at timestamptz not null,
            as_of timestamptz not null,
            fingerprint text not null,
            code_version text not null,
            changed_since timestamptz not null,
            sales_state text,
            finished_at timestamptz
        );
        -- as builds of before this column left it
        alter table {{ builds }} add column if not exists sales_state text;
        delete from {{ builds }}
        where started_at < now() - interval '30 days';
        with latest as (
            select coalesce(max(builds.started_at), '-infinity') as started_at
            from {{ builds }} as builds
            where builds.finished_at is not null
        ),

        current_settings as (
            select {{ settings_fingerprint() }} as fingerprint
        ),

        -- the latest build that succeeded, and what failed since then
        since_latest as (
            select
                max(builds.as_of) as as_of,
                min(builds.fingerprint) as first_fingerprint,
                max(builds.fingerprint) as last_fingerprint
            from {{ builds }} as builds
            inner join latest on builds.started_at >= latest.started_at
        )

        insert into {{ builds }} (
            invocation_id, started_at, as_of, fingerprint, code_version,
            changed_since, sales_state
        )
        select
            '{{ invocation_id }}' as invocation_id,
            now() as started_at,
            {{ as_of() }} as as_of,
            current_settings.fingerprint,
            '{{ var("code_version") }}' as code_version,
            case
                when
                    not {{ redo }}
                    and since_latest.as_of <= {{ as_of() }}
                    and since_latest.first_fingerprint
                    = current_settings.fingerprint
                    and since_latest.last_fingerprint
                    = current_settings.fingerprint
                    then latest.started_at - {{ overlap() }}
                else '-infinity'
            end as changed_since,
            '{{ var("sales_state") }}' as sales_state
        from latest
        cross join current_settings
        cross join since_latest
    {%- endif %}
{%- endmacro %}

{% macro finish_build(results) -%}
    {% if execute and flags.WHICH in ("build", "run") -%}
        {% set done = [] -%}
        {% set failed = [] -%}
        {% for result in results -%}
            {# a dashboard, which is built elsewhere, is a no-op #}
            {% if result.status | string in (
                "success", "pass", "warn", "no-op"
            ) -%}
                {% do done.append(result.node.unique_id) -%}
            {% else -%}
                {% do failed.append(result.node.unique_id) -%}
            {%- endif %}
        {%- endfor %}
        {% for node in graph.nodes.values() -%}
            {% if node.resource_type == "model"
                and node.config.materialized != "ephemeral"
                and node.unique_id not in done
                and var("left_out") not in node.tags
                and not (var("views_stay") and node.config.materialized == "view")
            -%}
                {% do failed.append(node.unique_id) -%}
            {%- endif %}
        {%- endfor %}
        {% if flags.EMPTY -%}
            delete from {{ builds_relation() }}
        {%- elif not failed -%}
            update {{ builds_relation() }}
            set finished_at = now()
            where invocation_id = '{{ invocation_id }}'
        {%- endif %}
    {%- endif %}
{%- endmacro %}

{# What this build has to look at: everything landed or changed since then.
   '-infinity' if everything is to be done again. #}
{% macro changed_since() -%}
    {% set since = namespace(time="-infinity") -%}
    {% if execute and adapter.get_relation(
        target.database, schema_of("intermediate"), "builds"
    ) -%}
        {% set rows = run_query(
            "select changed_since::text from " ~ builds_relation()
            ~ " where invocation_id = '" ~ invocation_id ~ "'"
        ) -%}
        {% if rows | length -%}
            {% set since.time = rows[0][0] -%}
        {%- endif %}
    {%- endif %}
    {{ return("'" ~ since.time ~ "'::timestamptz") }}
{%- endmacro %}

{% macro redoes_everything() -%}
    {{ return(changed_since() == "'-infinity'::timestamptz") }}
{%- endmacro %}

{# A table as the build before left it, though it depends on this model; None
   if there is none. #}
{% macro as_it_was(schema, identifier) -%}
    {{ return(
        adapter.get_relation(target.database, schema_of(schema), identifier)
        if execute else none
    ) }}
{%- endmacro %}
