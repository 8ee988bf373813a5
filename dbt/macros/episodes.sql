{# Joins the episode that an event of `int_event_positions` belongs to. Events
   that do not meet `condition`, and episodes without a customer's message, have
   none. #}
{% macro join_episode_of_event(condition) -%}
    left join episode_spans
        on
            event_positions.store_id = episode_spans.store_id
            and event_positions.customer_key = episode_spans.customer_key
            and event_positions.channel = episode_spans.channel
            and event_positions.episode_position
            = episode_spans.episode_position
            and {{ condition }}
            and episode_spans.customer_messages > 0
{%- endmacro %}
