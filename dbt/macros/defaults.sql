{# Kabar's defaults for rows without a shop and shops without a time zone, which
   warehouse/dbt_profile.py passes on from the settings. #}
{% macro default_store() -%}
    {{ env_var("KABAR_DEFAULT_STORE") }}
{%- endmacro %}

{% macro default_timezone() -%}
    {{ env_var("KABAR_DEFAULT_TIMEZONE") }}
{%- endmacro %}
