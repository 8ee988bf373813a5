"""Texts for values, such as issues, states and reasons. Keys have the form `<kind>_<value>`."""

from __future__ import annotations

from warehouse.i18n import N_, Language, translate
from webhook.inbox.decision_labels import DECISIONS

LABELS = {
    "issue_delivery": N_("Delivery"),
    "issue_order": N_("Order"),
    "issue_payment": N_("Payment"),
    "issue_refund": N_("Refund"),
    "issue_other": N_("Other"),
    "urgency_high": N_("Urgent"),
    "urgency_normal": N_("Normal"),
    "urgency_low": N_("Not urgent"),
    "author_customer": N_("Customer"),
    "author_bot": N_("Bot"),
    "author_agent": N_("Agent"),
    "state_all": N_("All"),
    "state_waiting": N_("Waiting"),
    "state_agent": N_("With agents"),
    "state_bot": N_("With the bot"),
    "state_closed": N_("Closed"),
    "state_line_bot": N_("Answered by the bot."),
    "state_line_closed": N_("Closed. The bot answers if the customer writes again."),
    "event_handover": N_("Handed over to an agent: {reason}"),
    "event_taken_over": N_("{name} took over"),
    "event_given_back": N_("{name} gave it back to the bot"),
    "event_rating_requested": N_("Rating requested"),
    "event_rating": N_("The customer rated {rating} out of 5"),
    "event_closed": N_("{name} closed the conversation"),
    "event_opted_out": N_("{name} noted that the customer opted out (STOP)"),
    "event_opted_in": N_("{name} noted that the customer wants messages again"),
    "event_assigned": N_("{name} assigned it to {reason}"),
    "snooze_hour": N_("in 1 hour"),
    "snooze_hours": N_("in 3 hours"),
    "snooze_tomorrow": N_("tomorrow morning"),
    "snooze_monday": N_("Monday morning"),
    "delivery_written": N_("queued"),
    "delivery_sending": N_("sending"),
    "delivery_queued": N_("queued"),
    "delivery_sent": N_("sent"),
    "delivery_delivered": N_("delivered"),
    "delivery_read": N_("read"),
    "delivery_failed": N_("not delivered"),
    "delivery_dead": N_("could not be sent"),
    "delivery_dropped": N_("not sent"),
    "failure_window_closed": N_("The customer's last message is more than 24 hours old."),
    "failure_63016": N_("The customer's last message is more than 24 hours old."),
    "failure_63018": N_("WhatsApp refused this message because too many were sent at once."),
    "failure_63024": N_("This number cannot receive WhatsApp messages."),
    "failure_63003": N_("The recipient was not found on this channel."),
    "failure_21610": N_("The customer has unsubscribed."),
    "failure_21211": N_("The phone number is not valid."),
    "failure_opted_out": N_("The customer opted out (STOP)."),
    "failure_taken_over": N_("An agent took over before it was sent."),
    "failure_cancelled": N_("An agent cancelled it."),
    "failure_not_delivered": N_("Sending failed after several attempts."),
    "failure_no_address": N_("No address to send it to."),
    "failure_bad_address": N_("The address of this channel in the settings is not valid."),
    "failure_private_address": N_("The address of this channel in the settings is in a private network."),
    "media_waiting": N_("loading"),
    "media_refused": N_("not stored: type or size not allowed"),
    "media_gone": N_("no longer available"),
    "order_status_pending": N_("awaiting payment"),
    "order_status_processing": N_("processing"),
    "order_status_on-hold": N_("on hold"),
    "order_status_completed": N_("completed"),
    "order_status_cancelled": N_("cancelled"),
    "order_status_refunded": N_("refunded"),
    "order_status_failed": N_("failed"),
    "prediction_passed": N_("Predicted: satisfied"),
    "prediction_handed_over": N_("Predicted: not satisfied or unclear"),
    "knowledge_by_words": N_("found by words"),
    "knowledge_by_meaning": N_("found by meaning"),
    "knowledge_state_waiting": N_("queued"),
    "knowledge_state_reading": N_("processing"),
    "knowledge_state_read": N_("in use"),
    "knowledge_state_failed": N_("failed"),
    "knowledge_language_id": N_("Indonesian"),
    "knowledge_language_en": N_("English"),
    "knowledge_language_unknown": N_("language not recognised"),
    "knowledge_uploaded": N_("Uploaded. Processing takes a moment; you can keep working."),
    "knowledge_deleted": N_("Deleted. The bot no longer uses it."),
    "voice_shop_name": N_("Shop name"),
    "voice_tone": N_("Tone"),
    "voice_instructions": N_("Instructions"),
    "rules_action_none": N_("None"),
    "rules_action_handover": N_("Hand over to an agent"),
    "rules_action_facts": N_("Look up the customer's orders"),
    "rules_action_stop": N_("Opt out (STOP)"),
    "rules_action_start": N_("Opt in again"),
    "settings_connections": N_("Connections"),
    "settings_connections_lead": N_("What Kabar is connected to, and what to do next."),
    "connection_whatsapp": N_("WhatsApp number"),
    "connection_shop": N_("Online shop"),
    "connection_chat": N_("Other chat channels"),
    "connection_model": N_("Language model"),
    "connection_mail": N_("E-mail"),
    "connection_worker": N_("Bot worker"),
    "connection_airflow": N_("Scheduler (Airflow)"),
    "connection_state_connected": N_("Connected"),
    "connection_state_attention": N_("Needs attention"),
    "connection_state_missing": N_("Not set up"),
    "connection_state_optional": N_("Optional, not set up"),
    "settings_hours": N_("Opening hours"),
    "settings_hours_lead": N_("Response times in business hours use these hours, and the bot tells them to customers."),
    "settings_holidays": N_("Holidays"),
    "settings_holidays_lead": N_("Days on which the shop is closed. They don't count as waiting time."),
    "settings_reviews": N_("Reviews"),
    "settings_reviews_lead": N_(
        "Reviews that customers wrote elsewhere, for your dashboards. New ones appear there within a day."
    ),
    "review_state_waiting": N_("columns to confirm"),
    "review_state_importing": N_("importing"),
    "review_state_done": N_("imported"),
    "review_state_failed": N_("failed"),
    "review_column_id": N_("Review ID"),
    "review_column_rating": N_("Stars"),
    "review_column_text": N_("Text"),
    "review_column_created_at": N_("Date"),
    "review_column_author": N_("Author"),
    "review_column_product": N_("Product or app"),
    "review_column_language": N_("Language"),
    "review_count_new": N_("new"),
    "review_count_changed": N_("changed"),
    "review_count_unchanged": N_("already known"),
    "review_count_older": N_("older than what is known"),
    "settings_targets": N_("Targets"),
    "settings_targets_lead": N_("Targets shown on your dashboards."),
    "settings_costs": N_("Costs"),
    "settings_costs_lead": N_(
        "What answering customers cost before the bot and costs now. The bot's dashboard shows the saving and how soon "
        "it pays back the investment."
    ),
    "settings_bot": N_("Bot"),
    "settings_bot_lead": N_("What the bot does on its own."),
    "settings_voice": N_("Name and tone"),
    "settings_voice_lead": N_("How the bot writes. Every change is saved as a new version, and you can go back."),
    "settings_rules": N_("Rules"),
    "settings_rules_lead": N_(
        "Answers the bot gives at once, word for word. The first matching rule applies. If none "
        "matches, the bot answers from the customer's orders, your products and your knowledge."
    ),
    "settings_anger": N_("Escalation words"),
    "settings_anger_lead": N_("An urgent message that contains one of these words is handed over to an agent at once."),
    "settings_topics": N_("Topics"),
    "settings_topics_lead": N_(
        "What customers write about, found in their messages. Rename, merge or mute topics here."
    ),
    "settings_dimensions": N_("Service dimensions"),
    "settings_dimensions_lead": N_(
        "Words that show which part of your service a review is about. Dashboards then show how satisfied "
        "customers are with each part."
    ),
    "settings_canned": N_("Canned replies"),
    "settings_canned_lead": N_("Texts your team sends often. In a conversation, type / and the shortcut."),
    "settings_templates": N_("Templates"),
    "settings_templates_lead": N_(
        "More than 24 hours after a customer's last message, WhatsApp only accepts approved templates. "
        "Add the ones that Twilio shows as approved."
    ),
    "settings_channels": N_("Other chat channels"),
    "settings_channels_lead": N_(
        "Where Kabar sends replies on channels other than Twilio, such as the chat on your website. The "
        "bot only answers on channels with an address."
    ),
    "settings_surveys": N_("Surveys"),
    "settings_surveys_lead": N_(
        "How customers rate your service and what they expect of it. Share the link, or invite customers on WhatsApp."
    ),
    "survey_state_draft": N_("Draft"),
    "survey_state_open": N_("Open"),
    "survey_state_closed": N_("Closed"),
    "survey_channel_whatsapp": N_("Invitation on WhatsApp"),
    "survey_channel_link": N_("Link for everybody"),
    "survey_channel_file": N_("Imported file"),
    "settings_set_aside": N_("Data set aside"),
    "settings_set_aside_lead": N_(
        "Messages, orders and other data that failed a check and are left out of all figures until you decide."
    ),
    "set_aside_chatbot_events": N_("Chatbot event"),
    "set_aside_twilio": N_("WhatsApp message"),
    "set_aside_twilio_messages": N_("WhatsApp message"),
    "set_aside_twilio_statuses": N_("Delivery status"),
    "set_aside_survey_answers": N_("Survey answer"),
    "set_aside_woocommerce_orders": N_("Order"),
    "set_aside_woocommerce_refunds": N_("Refund"),
    "set_aside_woocommerce_products": N_("Product"),
    "set_aside_woocommerce_customers": N_("Customer"),
    "set_aside_woocommerce_coupons": N_("Coupon"),
    "set_aside_woocommerce_variations": N_("Product variation"),
    "set_aside_woocommerce_reviews": N_("Review"),
    "settings_people": N_("Team"),
    "settings_people_lead": N_(
        "Who may sign in. Viewers can read, agents can also reply, admins can also change settings."
    ),
    **DECISIONS,
}


def label(language: Language, key: str, /, **values: object) -> str:
    """The label of a key in the language. Raises KeyError for an unknown key."""
    return translate(language, LABELS[key], **values)


def label_or(language: Language, key: str, otherwise: str) -> str:
    """The label of a key that comes from data, or `otherwise` if it is unknown."""
    return label(language, key) if key in LABELS else otherwise
