{# Fails for rows for which the condition is not true. #}
{% test rows_satisfy(model, condition) %}
    select *
    from {{ model }}
    where ({{ condition }}) is not true
{% endtest %}
