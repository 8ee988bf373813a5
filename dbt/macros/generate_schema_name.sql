{# Production writes to the schemas that the migrations made, any other target
   to schemas of its own: `dev_alice_marts`. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if target.name == "warehouse" -%}
        {{ custom_schema_name or target.schema }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name or "intermediate" }}
    {%- endif -%}
{%- endmacro %}

{# The same for what is no model: `schema_of("intermediate")`. #}
{% macro schema_of(name) -%}
    {{ return(generate_schema_name(name, none) | trim) }}
{%- endmacro %}
