{#
    Rows are replaced as a whole, by what this build recomputed: all rows of a
    customer, or all there are. Both statements run in the model's one transaction,
    so a reader sees the old rows or the new ones, and views on the table stay.
#}
{% macro get_incremental_replace_customers_sql(arg_dict) -%}
    {{ replace_rows(
        arg_dict,
        "customer_key in (select landed_key from "
        ~ ref("int_changed_customers") ~ ")"
    ) }}
{%- endmacro %}

{% macro get_incremental_replace_all_sql(arg_dict) -%}
    {{ replace_rows(arg_dict, "true") }}
{%- endmacro %}

{% macro replace_rows(arg_dict, replaced) -%}
    {% set columns = get_quoted_csv(
        arg_dict["dest_columns"] | map(attribute="name")
    ) -%}
    delete from {{ arg_dict["target_relation"] }}
    where {{ "true" if redoes_everything() else replaced }};
    insert into {{ arg_dict["target_relation"] }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict["temp_relation"] }}
{%- endmacro %}
