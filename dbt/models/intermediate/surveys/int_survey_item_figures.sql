with scores as (
    select * from {{ ref('int_survey_scores') }}
),

final as (
    select
        scores.store_id,
        scores.wave,
        respondent_groups.group_kind,
        respondent_groups.group_value,
        scores.item,
        scores.dimension,
        count(*) as respondents,
        {%- for scale in ["performance", "expectation"] %}
        {%- set answer = "scores." ~ scale %}
        {%- set total = "scores." ~ scale ~ "_total" %}
        {%- set dimension_total = "scores.dimension_" ~ scale ~ "_total" %}
        count({{ answer }}) as {{ scale }}_answers,
        {{ exact("sum(" ~ answer ~ ")") }}
        / nullif(count({{ answer }}), 0) as mean_{{ scale }},
        count({{ answer }}) filter (where {{ total }} is not null)
            as {{ scale }}_complete,
        corr({{ answer }}, {{ total }}) as r_{{ scale }},
        var_samp({{ answer }}) filter (where {{ total }} is not null)
            as {{ scale }}_variance,
        var_samp({{ answer }}) filter (where {{ dimension_total }} is not null)
            as {{ scale }}_dimension_variance{{ "," if not loop.last }}
        {%- endfor %}
    from scores
    {{ join_respondent_groups("scores") }}
    group by
        scores.store_id,
        scores.wave,
        respondent_groups.group_kind,
        respondent_groups.group_value,
        scores.item,
        scores.dimension
)

select * from final
