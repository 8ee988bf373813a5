{# For what names no shop of its own, and shops that name no time zone: Kabar's
   settings, which warehouse/dbt_profile.py hands over. #}
{% macro default_store() -%}
    {{ env_var("KABAR_DEFAULT_STORE") }}
{%- endmacro %}

{% macro default_timezone() -%}
    {{ env_var("KABAR_DEFAULT_TIMEZONE") }}
{%- endmacro %}
