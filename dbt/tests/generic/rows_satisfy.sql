{# Fails for the rows of which a condition is false or null. #}
{% test rows_satisfy(model, condition) %}
    select *
    from {{ model }}
    where ({{ condition }}) is not true
{% endtest %}
