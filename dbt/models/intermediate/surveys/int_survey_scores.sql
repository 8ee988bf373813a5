-- Totals do not depend on the group, so they are taken before groups are.
-- Window functions instead of joins, since Postgres misjudges joins on this
-- many columns.

with survey_answers as (
    select * from {{ ref('fct_survey_answers') }}
),

-- one answer stands for its item where items are counted
marked as (
    select
        survey_answers.*,
        {%- for scale in ["performance", "expectation"] %}
        survey_answers.{{ scale }} is not null
        and row_number() over (
            partition by
                survey_answers.store_id,
                survey_answers.wave,
                survey_answers.item
            order by
                survey_answers.{{ scale }} is null,
                survey_answers.respondent
        ) = 1 as is_{{ scale }}_item{{ "," if not loop.last }}
        {%- endfor %}
    from survey_answers
),

counted as (
    select
        marked.*,
        {%- for scale in ["performance", "expectation"] %}
        count(*) filter (where marked.is_{{ scale }}_item) over (of_wave)
            as {{ scale }}_items,
        count(*) filter (where marked.is_{{ scale }}_item) over (of_dimension)
            as dimension_{{ scale }}_items,
        count(marked.{{ scale }}) over (of_respondent) as {{ scale }}_answers,
        count(marked.{{ scale }}) over (of_both)
            as dimension_{{ scale }}_answers,
        sum(marked.{{ scale }}) over (of_respondent) as {{ scale }}_sum,
        sum(marked.{{ scale }}) over (of_both)
            as dimension_{{ scale }}_sum{{ "," if not loop.last }}
        {%- endfor %}
    from marked
    window
        of_wave as (
            partition by marked.store_id, marked.wave
        ),
        of_dimension as (
            partition by marked.store_id, marked.wave, marked.dimension
        ),
        of_respondent as (
            partition by marked.store_id, marked.wave, marked.respondent
        ),
        of_both as (
            partition by
                marked.store_id,
                marked.wave,
                marked.respondent,
                marked.dimension
        )
),

final as (
    select
        counted.store_id,
        counted.wave,
        counted.respondent,
        counted.gender,
        counted.age_band,
        counted.job,
        counted.customer_since,
        counted.item,
        counted.dimension,
        counted.performance,
        counted.expectation,
        {%- for prefix in ["", "dimension_"] %}
        {%- set outer_loop = loop %}
        {%- for scale in ["performance", "expectation"] %}
        case
            when
                counted.{{ prefix }}{{ scale }}_answers
                = counted.{{ prefix }}{{ scale }}_items
                then counted.{{ prefix }}{{ scale }}_sum
        end as {{ prefix }}{{ scale }}_total
        {{- "," if not (loop.last and outer_loop.last) }}
        {%- endfor %}
        {%- endfor %}
    from counted
)

select * from final
