{# Fails for combinations of the columns that are not unique or have a null. #}
{% test unique_combination(model, columns) %}
    select
        {{ columns | join(", ") }},
        count(*) as rows_found
    from {{ model }}
    group by {{ columns | join(", ") }}
    having count(*) > 1 or num_nulls({{ columns | join(", ") }}) > 0
{% endtest %}
