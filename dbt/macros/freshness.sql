{# The seconds of an age such as {count: 1, period: day}; null for no age. #}
{% macro seconds_of(time) -%}
    {% set seconds = {"minute": 60, "hour": 3600, "day": 86400} -%}
    {{ time.count * seconds[time.period] if time and time.count else "null" }}
{%- endmacro %}

{# A source as _sources.yml declares it; none while dbt parses the project. #}
{% macro declared_source(source_name, name) -%}
    {% for node in (graph.sources.values() if execute else [])
        if node.source_name == source_name and node.name == name
    -%}
        {{ return(node) }}
    {%- endfor %}
    {{ return(none) }}
{%- endmacro %}

{# The models whose `meta` has a `freshness`. #}
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
