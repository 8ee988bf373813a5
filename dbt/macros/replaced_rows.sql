{#
    Pre-hooks of incremental models with the strategy `append`: they delete the
    rows that the build is about to insert anew. dbt runs a pre-hook in the
    model's transaction, so a reader sees the old rows or the new ones, and
    views on the table stay.
#}

{# All rows of a changed customer. Their rows may have landed under another
   key than the one they are known by now. #}
{% macro delete_changed_customers() -%}
    {%- set changed_customers = ref("int_changed_customers") -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        {%- if not redoes_everything() %}
        where customer_key in (select landed_key from {{ changed_customers }})
        {%- endif %}
    {%- endif -%}
{%- endmacro %}

{% macro delete_all_rows() -%}
    {%- if is_incremental() -%} delete from {{ this }} {%- endif -%}
{%- endmacro %}
