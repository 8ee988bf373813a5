{#
    Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn
    2008): how much likelier a term is in negative reviews than in positive ones,
    both drawn towards how frequent it is in all. `z_score` is that distance in
    its standard deviations. A review counts a term once. Words and pairs of
    words are two vocabularies.
#}
{{ config(
    materialized="table",
    meta={"freshness": none},
    indexes=[{"columns": ["store_id"]}],
) }}

{%- set prior_terms = 1000 %}
{%- set fewest_reviews = 3 %}

with reviews as (
    select * from {{ ref('int_reviews') }}
),

terms as (
    select
        reviews.store_id,
        words.term,
        strpos(words.term, ' ') > 0 as is_pair,
        count(*) filter (
            where reviews.sentiment = 'negative'
        ) as negative_reviews,
        count(*) filter (
            where reviews.sentiment = 'positive'
        ) as positive_reviews
    from reviews
    cross join lateral unnest(reviews.terms) as words (term)
    group by reviews.store_id, words.term
),

totals as (
    select
        terms.*,
        sum(terms.negative_reviews) over vocabulary as all_negative,
        sum(terms.positive_reviews) over vocabulary as all_positive,
        {{ prior_terms }}::numeric
        * (terms.negative_reviews + terms.positive_reviews)
        / sum(terms.negative_reviews + terms.positive_reviews) over vocabulary
            as prior
    from terms
    window vocabulary as (partition by terms.store_id, terms.is_pair)
),

log_odds as (
    select
        totals.*,
        ln(
            (totals.negative_reviews + totals.prior)
            / (
                totals.all_negative + {{ prior_terms }}
                - totals.negative_reviews - totals.prior
            )
        )
        - ln(
            (totals.positive_reviews + totals.prior)
            / (
                totals.all_positive + {{ prior_terms }}
                - totals.positive_reviews - totals.prior
            )
        ) as log_odds
    from totals
    where
        totals.negative_reviews + totals.positive_reviews
        >= {{ fewest_reviews }}
        -- the only term there is has no odds
        and totals.prior < {{ prior_terms }}
),

final as (
    select
        log_odds.store_id,
        log_odds.term,
        log_odds.is_pair,
        log_odds.negative_reviews::integer as negative_reviews,
        log_odds.positive_reviews::integer as positive_reviews,
        log_odds.log_odds::double precision as log_odds,
        (
            log_odds.log_odds
            / sqrt(
                1 / (log_odds.negative_reviews + log_odds.prior)
                + 1 / (log_odds.positive_reviews + log_odds.prior)
            )
        )::double precision as z_score
    from log_odds
)

select * from final
