{#
    The turns of conversations. A turn is a customer's messages in a row, from
    the first that needs a reply to the first reply. `positions`: the result of
    `event_positions`. Messages that need no reply belong to no turn.
#}
{% macro turns(positions) -%}
    select
        positions.store_id,
        positions.customer_key,
        positions.channel,
        positions.episode_position,
        positions.turn_position,
        min(positions.source || ':' || positions.event_id) filter (
            where positions.position = positions.turn_position
        ) as first_message,
        bool_or(positions.is_first_response) as is_first_response,
        count(*) filter (where positions.is_question) as customer_messages,
        min(positions.occurred_at) as started_at,
        min(positions.occurred_at) filter (
            where positions.is_reply
        ) as replied_at,
        (array_agg(positions.author order by positions.position)
            filter (where positions.is_reply)
        )[1] as author
    from {{ positions }} as positions
    where
        (positions.is_question or positions.is_reply)
        and positions.turn_position > 0
    group by
        positions.store_id,
        positions.customer_key,
        positions.channel,
        positions.episode_position,
        positions.turn_position
{%- endmacro %}
