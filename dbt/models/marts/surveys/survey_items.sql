with item_figures as (
    select * from {{ ref('int_survey_item_figures') }}
),

scores as (
    select * from {{ ref('int_survey_scores') }}
),

items as (
    select * from {{ ref('stg_survey_items') }}
),

critical_values as (
    select * from {{ ref('critical_r') }}
),

group_sizes as (
    select
        scores.store_id,
        scores.wave,
        respondent_groups.group_kind,
        respondent_groups.group_value,
        count(distinct scores.respondent) as respondents
    from scores
    {{ join_respondent_groups("scores") }}
    group by
        scores.store_id,
        scores.wave,
        respondent_groups.group_kind,
        respondent_groups.group_value
),

-- An item without a mean on both scales has neither weight nor quadrant.
compared as (
    select
        item_figures.*,
        avg(item_figures.mean_performance) over (of_group) as performance_line,
        avg(item_figures.mean_expectation) over (of_group) as expectation_line,
        item_figures.mean_expectation
        / sum(item_figures.mean_expectation)
            filter (where item_figures.mean_performance is not null)
            over (of_group)
            as weight,
        item_figures.mean_expectation
        / sum(item_figures.mean_expectation)
            filter (where item_figures.mean_performance is not null)
            over (of_dimension)
            as dimension_weight
    from item_figures
    window
        of_group as (
            partition by
                item_figures.store_id,
                item_figures.wave,
                item_figures.group_kind,
                item_figures.group_value
        ),
        of_dimension as (
            partition by
                item_figures.store_id,
                item_figures.wave,
                item_figures.group_kind,
                item_figures.group_value,
                item_figures.dimension
        )
),

-- The means are exact to 40 decimals; an item on a line counts as high.
placed as (
    select
        compared.*,
        round(compared.mean_performance - compared.performance_line, 30) >= 0
            as is_performance_high,
        round(compared.mean_expectation - compared.expectation_line, 30) >= 0
            as is_expectation_high,
        compared.mean_performance is not null
        and compared.mean_expectation is not null as is_comparable
    from compared
),

with_critical_r as (
    select
        placed.*,
        {%- for scale in ["performance", "expectation"] %}
        {%- set df = "(placed." ~ scale ~ "_complete - 2)" %}
        case
            when {{ df }} <= 1000 then {{ scale }}_critical.critical_r
            else {{ critical_r_of_large_samples(df) }}
        end as critical_r_{{ scale }}{{ "," if not loop.last }}
        {%- endfor %}
    from placed
    {%- for scale in ["performance", "expectation"] %}
    left join critical_values as {{ scale }}_critical
        on
            placed.{{ scale }}_complete - 2
            = {{ scale }}_critical.degrees_of_freedom
    {%- endfor %}
),

final as (
    select
        with_critical_r.store_id,
        with_critical_r.wave,
        with_critical_r.group_kind,
        with_critical_r.group_value,
        with_critical_r.item,
        with_critical_r.dimension,
        with_critical_r.respondents,
        with_critical_r.mean_performance::double precision as mean_performance,
        with_critical_r.mean_expectation::double precision as mean_expectation,
        (with_critical_r.mean_performance - with_critical_r.mean_expectation)
        ::double precision as gap,
        with_critical_r.r_performance,
        with_critical_r.r_expectation,
        -- null if one scale has no r and the other does not fail
        with_critical_r.r_performance > with_critical_r.critical_r_performance
        and with_critical_r.r_expectation
        > with_critical_r.critical_r_expectation as is_valid,
        case
            when not with_critical_r.is_comparable then null
            when with_critical_r.is_performance_high
                then
                    case
                        when with_critical_r.is_expectation_high then 'II'
                        else 'IV'
                    end
            when with_critical_r.is_expectation_high then 'I'
            else 'III'
        end as quadrant,
        items.position,
        items.text_id,
        items.text_en,
        with_critical_r.performance_answers,
        with_critical_r.expectation_answers,
        with_critical_r.performance_complete,
        with_critical_r.expectation_complete,
        with_critical_r.critical_r_performance,
        with_critical_r.critical_r_expectation,
        with_critical_r.performance_line::double precision as performance_line,
        with_critical_r.expectation_line::double precision as expectation_line,
        {%- for name, weight in [
            ("", "with_critical_r.weight"),
            ("dimension_", "with_critical_r.dimension_weight"),
        ] %}
        case when with_critical_r.is_comparable then {{ weight }} end
        ::double precision as {{ name }}wf,
        ({{ weight }} * with_critical_r.mean_performance)
        ::double precision as {{ name }}ws,
        {%- endfor %}
        group_sizes.respondents < 30 as is_small
    from with_critical_r
    inner join group_sizes
        on
            with_critical_r.store_id = group_sizes.store_id
            and with_critical_r.wave = group_sizes.wave
            and with_critical_r.group_kind = group_sizes.group_kind
            and with_critical_r.group_value = group_sizes.group_value
    left join items
        on
            with_critical_r.store_id = items.store_id
            and with_critical_r.wave = items.wave
            and with_critical_r.item = items.item
)

select * from final
