{{
    config(
        indexes=[{"columns": ["store_id", "form"]}],
        post_hook="analyze {{ this }}",
    )
}}

{#
    The words of reviews are stored as stems, messages are not. To match the same
    words in messages, each stem is combined here with the prefixes and suffixes
    of Indonesian: `kirim` becomes `dikirim`, `pengiriman`, `mengirimkan`. Forms
    that do not exist are harmless.
#}
with service_dimensions as (
    select * from {{ ref('stg_service_dimensions') }}
),

stem_words as (
    select
        service_dimensions.store_id,
        service_dimensions.dimension,
        service_dimensions.stem,
        strpos(service_dimensions.stem, ' ') > 0 as is_pair,
        words.word,
        words.place
    from service_dimensions
    cross join lateral
        unnest(string_to_array(service_dimensions.stem, ' '))
        with ordinality as words (word, place)
    where service_dimensions.kind = 'word'
),

-- the first letters before which a prefix is used, and whether it replaces them
prefixes as (
    select
        prefixes.prefix,
        prefixes.first_letters,
        prefixes.is_replacing
    from (
        values
        ('', '.', false),
        ('di', '.', false),
        ('ke', '.', false),
        ('se', '.', false),
        ('ber', '.', false),
        ('ter', '.', false),
        ('diper', '.', false),
        ('memper', '.', false),
        {%- for prefix in ("me", "pe", "dipe") %}
        ('{{ prefix }}', '[lmnrwy]', false),
        ('{{ prefix }}m', '[bfp]', false),
        ('{{ prefix }}m', 'p', true),
        ('{{ prefix }}n', '[cdjstz]', false),
        ('{{ prefix }}n', 't', true),
        ('{{ prefix }}ny', 's', true),
        ('{{ prefix }}ng', '[aeioughk]', false),
        ('{{ prefix }}ng', 'k', true){{ "," if not loop.last }}
        {%- endfor %}
    ) as prefixes (prefix, first_letters, is_replacing)
),

suffixes as (
    select unnest(array[
        '', 'i', 'an', 'kan', 'nya', 'inya', 'annya', 'kannya', 'ku', 'mu',
        'lah'
    ]) as suffix
),

spelled_out as (
    select
        stem_words.store_id,
        stem_words.dimension,
        stem_words.stem,
        stem_words.is_pair,
        stem_words.place,
        prefixes.prefix
        || substr(stem_words.word, 1 + prefixes.is_replacing::integer)
        || suffixes.suffix as form
    from stem_words
    inner join prefixes
        on stem_words.word ~ ('^' || prefixes.first_letters)
    cross join suffixes
),

-- a word also as it was entered: everyday spelling has another stem
as_entered as (
    select
        service_dimensions.store_id,
        service_dimensions.dimension,
        service_dimensions.stem,
        false as is_pair,
        1 as place,
        lower(service_dimensions.term) as form
    from service_dimensions
    where
        service_dimensions.kind = 'word'
        and service_dimensions.term not like '% %'
),

final as (
    select * from spelled_out

    union

    select * from as_entered
)

select * from final
