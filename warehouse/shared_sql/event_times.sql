{#
    When a chatbot's event happened. Nothing happens after it has arrived, so a
    sender's clock that is more than a minute ahead is not believed.
#}
{% macro time_of_event(occurred_at, landed_at) -%}
    least({{ occurred_at }}, {{ landed_at }} + interval '1 minute')
{%- endmacro %}

{# How much Kabar's time of sending may differ from Twilio's and still count. #}
{% macro sending_tolerance() -%}
    interval '5 seconds'
{%- endmacro %}

{#
    When a message that Twilio carried was sent. Twilio's record has whole
    seconds, which would shuffle the parts of a long reply; of a reply that
    Kabar sent itself, its own time says which part came first. If the two are
    further apart, Twilio has kept the message waiting, and its record counts.
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
