{%- set characters_read = 2000 %}

with message_texts as (
    select * from {{ ref('stg_message_texts') }}
),

messages as (
    select * from {{ ref('fct_messages') }}
),

-- Two CTEs, since Postgres has no statistics of one that is read twice, and
-- would then join every message with every form.
forms as (
    select * from {{ ref('int_dimension_word_forms') }}
    where place = 1
),

second_forms as (
    select * from {{ ref('int_dimension_word_forms') }}
    where place = 2
),

messages_in_words as (
    select
        messages.store_id,
        messages.source,
        messages.message_id,
        regexp_split_to_array(
            lower(left(message_texts.text, {{ characters_read }})),
            '[^[:alpha:]]+'
        ) as words
    from messages
    inner join message_texts
        on
            messages.source = message_texts.source
            and messages.message_id = message_texts.message_id
    where
        messages.author = 'customer'
        and messages.episode_id is not null
),

words_of_messages as (
    select
        messages_in_words.store_id,
        messages_in_words.source,
        messages_in_words.message_id,
        said.word,
        said.next_word
    from messages_in_words
    cross join lateral
        unnest(messages_in_words.words, messages_in_words.words[2:])
            as said (word, next_word)
),

final as (
    select distinct
        words_of_messages.source,
        words_of_messages.message_id,
        forms.dimension
    from words_of_messages
    inner join forms
        on
            words_of_messages.store_id = forms.store_id
            and words_of_messages.word = forms.form
    left join second_forms
        on
            forms.is_pair
            and forms.store_id = second_forms.store_id
            and forms.stem = second_forms.stem
            and words_of_messages.next_word = second_forms.form
    where not forms.is_pair or second_forms.form is not null
)

select * from final
