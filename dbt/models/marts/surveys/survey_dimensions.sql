with item_figures as (
    select * from {{ ref('int_survey_item_figures') }}
),

scores as (
    select * from {{ ref('int_survey_scores') }}
),

-- An item counts in its dimension and in the whole wave. An item without a mean
-- on both scales is left out of gap and index.
dimension_scores as (
    select
        item_figures.store_id,
        item_figures.wave,
        item_figures.group_kind,
        item_figures.group_value,
        parts.dimension,
        count(*) as items,
        avg(item_figures.mean_performance) as mean_performance,
        avg(item_figures.mean_expectation) as mean_expectation,
        avg(item_figures.mean_performance - item_figures.mean_expectation)
            as gap,
        sum(item_figures.mean_expectation * item_figures.mean_performance)
        / sum(item_figures.mean_expectation)
            filter (where item_figures.mean_performance is not null)
        / 5 * 100 as csi,
        count(parts.performance_variance) as performance_items,
        count(parts.expectation_variance) as expectation_items,
        sum(parts.performance_variance) as performance_variances,
        sum(parts.expectation_variance) as expectation_variances
    from item_figures
    cross join lateral (
        values
        (
            item_figures.dimension,
            item_figures.performance_dimension_variance,
            item_figures.expectation_dimension_variance
        ),
        (
            'all',
            item_figures.performance_variance,
            item_figures.expectation_variance
        )
    ) as parts (dimension, performance_variance, expectation_variance)
    group by
        item_figures.store_id,
        item_figures.wave,
        item_figures.group_kind,
        item_figures.group_value,
        parts.dimension
),

-- one row per group, respondent and dimension
totals as (
    select
        scores.store_id,
        scores.wave,
        respondent_groups.group_kind,
        respondent_groups.group_value,
        parts.dimension,
        scores.respondent,
        max(parts.performance_total) as performance_total,
        max(parts.expectation_total) as expectation_total
    from scores
    {{ join_respondent_groups("scores") }}
    cross join lateral (
        values
        (
            scores.dimension,
            scores.dimension_performance_total,
            scores.dimension_expectation_total
        ),
        ('all', scores.performance_total, scores.expectation_total)
    ) as parts (dimension, performance_total, expectation_total)
    group by
        scores.store_id,
        scores.wave,
        respondent_groups.group_kind,
        respondent_groups.group_value,
        parts.dimension,
        scores.respondent
),

dimension_totals as (
    select
        totals.store_id,
        totals.wave,
        totals.group_kind,
        totals.group_value,
        totals.dimension,
        count(*) as respondents,
        count(totals.performance_total) as performance_complete,
        count(totals.expectation_total) as expectation_complete,
        var_samp(totals.performance_total) as performance_variance,
        var_samp(totals.expectation_total) as expectation_variance
    from totals
    group by
        totals.store_id,
        totals.wave,
        totals.group_kind,
        totals.group_value,
        totals.dimension
),

joined as (
    select
        dimension_totals.*,
        dimension_scores.items,
        dimension_scores.mean_performance,
        dimension_scores.mean_expectation,
        dimension_scores.gap,
        dimension_scores.csi,
        dimension_scores.performance_items,
        dimension_scores.expectation_items,
        dimension_scores.performance_variances,
        dimension_scores.expectation_variances,
        -- of the group, whatever the dimension
        max(dimension_totals.respondents) over (
            partition by
                dimension_totals.store_id,
                dimension_totals.wave,
                dimension_totals.group_kind,
                dimension_totals.group_value
        ) < 30 as is_small,
        -- 80.5 is 81, although its last of 40 decimals may be missing
        round(round(dimension_scores.csi, 20)) as rounded_csi
    from dimension_totals
    inner join dimension_scores
        on
            dimension_totals.store_id = dimension_scores.store_id
            and dimension_totals.wave = dimension_scores.wave
            and dimension_totals.group_kind = dimension_scores.group_kind
            and dimension_totals.group_value = dimension_scores.group_value
            and dimension_totals.dimension = dimension_scores.dimension
),

final as (
    select
        joined.store_id,
        joined.wave,
        joined.group_kind,
        joined.group_value,
        joined.dimension,
        joined.respondents,
        {%- for scale in ["performance", "expectation"] %}
        {{ cronbachs_alpha(
            "joined." ~ scale ~ "_items",
            "joined." ~ scale ~ "_variances",
            "joined." ~ scale ~ "_variance",
        ) }} as alpha_{{ scale }},
        {%- endfor %}
        joined.gap::double precision as gap,
        joined.csi::double precision as csi,
        case
            when joined.rounded_csi >= 81 then 'very satisfied'
            when joined.rounded_csi >= 66 then 'satisfied'
            when joined.rounded_csi >= 51 then 'fairly satisfied'
            when joined.rounded_csi >= 35 then 'less satisfied'
            when joined.rounded_csi < 35 then 'not satisfied'
        end as grade,
        joined.items,
        joined.mean_performance::double precision as mean_performance,
        joined.mean_expectation::double precision as mean_expectation,
        joined.performance_complete,
        joined.expectation_complete,
        joined.is_small
    from joined
)

select * from final
