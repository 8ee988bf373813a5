{# The seconds of an age such as {count: 1, period: day}; null if it has none. #}
{% macro seconds_of(time) -%}
    {% set seconds = {"minute": 60, "hour": 3600, "day": 86400} -%}
    {{ time.count * seconds[time.period] if time and time.count else "null" }}
{%- endmacro %}

{# The sources with `freshness:`, which `dbt source freshness` checks. None while
   dbt parses the project. #}
{% macro sources_with_freshness() -%}
    {% set found = [] -%}
    {% if execute -%}
        {% for node in graph.sources.values() | sort(attribute="unique_id")
            if node.freshness and node.freshness.warn_after
            and node.freshness.warn_after.count
        -%}
            {% do found.append(node) -%}
        {%- endfor %}
    {%- endif %}
    {{ return(found) }}
{%- endmacro %}

{# The models with the same in their `meta`. #}
{% macro marts_with_freshness() -%}
    {% set found = [] -%}
    {% if execute -%}
        {% for node in graph.nodes.values() | sort(attribute="unique_id")
            if node.resource_type == "model" and node.config.meta.freshness
        -%}
            {% do found.append(node) -%}
        {%- endfor %}
    {%- endif %}
    {{ return(found) }}
{%- endmacro %}
