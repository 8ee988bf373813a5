{#
    The time of a chatbot's event, at most a minute after it landed, in case the
    sender's clock is ahead.
#}
{% macro time_of_event(occurred_at, landed_at) -%}
    least({{ occurred_at }}, {{ landed_at }} + interval '1 minute')
{%- endmacro %}

{# How far Kabar's and Twilio's time of sending may differ. #}
{% macro sending_tolerance() -%}
    interval '5 seconds'
{%- endmacro %}

{#
    The time a message was sent through Twilio. Twilio's record has whole
    seconds, which would shuffle the parts of a long reply. For replies that
    Kabar sent, its own time keeps their order. If both times differ more than
    the tolerance, Twilio delayed the message, and its record is used.
#}
{% macro time_of_message(occurred_at, sent_at) -%}
    case
        when
            {{ sent_at }} between {{ occurred_at }} - {{ sending_tolerance() }}
            and {{ occurred_at }} + {{ sending_tolerance() }}
            then {{ sent_at }}
        else {{ occurred_at }}
    end
{%- endmacro %}
