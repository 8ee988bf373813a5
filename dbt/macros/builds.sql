{#
    The log of builds, dbt's source `intermediate.builds`. Each build inserts a
    row when it starts and sets `finished_at` when all of it has succeeded; a
    build that failed, or that ran only a part of the project, has none. From the
    log a build knows which rows landed and which times passed since the last
    build that succeeded.
#}
{% macro builds_relation() -%}
    {{ schema_of("intermediate") }}.builds
{%- endmacro %}

{# A row's changed_at is the start of the transaction that wrote it, so a build
   reads rows from this long before the last build's start. #}
{% macro overlap() -%}
    interval '15 minutes'
{%- endmacro %}

{# The settings that facts and KPIs depend on. A build after a change of any of
   them computes everything anew. #}
{% macro settings_fingerprint() -%}
    md5(concat_ws(
        '|',
        {% for name in [
            "episode_gap_hours", "waiting_days", "reopen_days", "rating_days",
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
        -- facts depend on no other targets
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

{# Whether an incremental model has no table yet. #}
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
    {% if execute and flags.WHICH in ("build", "run") and not var("part") -%}
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
            due_since timestamptz,
            sales_state text,
            finished_at timestamptz
        );
        -- tables that earlier versions created lack these columns
        alter table {{ builds }}
        add column if not exists sales_state text,
        add column if not exists due_since timestamptz;
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

        -- the latest build that succeeded and those that failed since
        since_latest as (
            select
                min(builds.as_of) as first_as_of,
                max(builds.as_of) as last_as_of,
                min(builds.fingerprint) as first_fingerprint,
                max(builds.fingerprint) as last_fingerprint
            from {{ builds }} as builds
            inner join latest on builds.started_at >= latest.started_at
        )

        insert into {{ builds }} (
            invocation_id, started_at, as_of, fingerprint, code_version,
            changed_since, due_since, sales_state
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
                    and since_latest.last_as_of <= {{ as_of() }}
                    and since_latest.first_fingerprint
                    = current_settings.fingerprint
                    and since_latest.last_fingerprint
                    = current_settings.fingerprint
                    then latest.started_at - {{ overlap() }}
                else '-infinity'
            end as changed_since,
            coalesce(since_latest.first_as_of, '-infinity') as due_since,
            '{{ var("sales_state") }}' as sales_state
        from latest
        cross join current_settings
        cross join since_latest
    {%- endif %}
{%- endmacro %}

{% macro finish_build(results) -%}
    {% if execute and flags.WHICH in ("build", "run") and not var("part") -%}
        {% set done = [] -%}
        {% set failed = [] -%}
        {% for result in results -%}
            {# exposures, which dbt does not build, are a no-op #}
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
                and not (var("parts_stay") and "own_schedule" in node.tags)
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

{# Rows that landed or changed since this time are new to the build;
   '-infinity' if it computes everything anew. #}
{% macro changed_since() -%}
    {{ return(logged_time("changed_since")) }}
{%- endmacro %}

{# The times that passed since this one are new to the build. #}
{% macro due_since() -%}
    {{ return(logged_time("due_since")) }}
{%- endmacro %}

{# A time that the log holds of this build, as SQL. #}
{% macro logged_time(column) -%}
    {% set logged = namespace(time="-infinity") -%}
    {% if execute and adapter.get_relation(
        target.database, schema_of("intermediate"), "builds"
    ) -%}
        {% set rows = run_query(
            "select " ~ column ~ "::text from " ~ builds_relation()
            ~ " where invocation_id = '" ~ invocation_id ~ "'"
        ) -%}
        {% if rows | length -%}
            {% set logged.time = rows[0][0] -%}
        {%- endif %}
    {%- endif %}
    {{ return("'" ~ logged.time ~ "'::timestamptz") }}
{%- endmacro %}

{% macro redoes_everything() -%}
    {{ return(changed_since() == "'-infinity'::timestamptz") }}
{%- endmacro %}

{#
    Whether the passing of time since the last build can have changed what an
    event of this time means: it came to pass itself, its episode ended, or the
    time in which a customer can reopen that episode passed. All of these come
    a fixed time after an event. A superset, as messages and events are dated a
    little differently in places (`event_times.sql`).
#}
{% macro has_come_due(time) -%}
    {%- set gap = var("episode_gap_hours") | int -%}
    {%- set waiting = 24 * var("waiting_days") | int -%}
    {%- set reopening = 24 * var("reopen_days") | int -%}
    {%- set margin = "interval '2 minutes'" -%}
    (
        {%- set since = due_since() -%}
        {%- for wait in [
            0, gap, waiting, reopening, gap + reopening, waiting + reopening,
        ] | unique %}
        {{ "or " if not loop.first -}}
        (
            {{ time }} > {{ since }} - {{ hours(wait) }} - {{ margin }}
            and {{ time }} <= {{ as_of() }} - {{ hours(wait) }} + {{ margin }}
        )
        {%- endfor %}
    )
{%- endmacro %}
