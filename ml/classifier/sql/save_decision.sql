insert into ml.model_decisions (
    challenger,
    champion,
    promoted,
    reason,
    challenger_metrics,
    champion_metrics
)
values (
    %(challenger)s,
    %(champion)s,
    %(promoted)s,
    %(reason)s,
    %(challenger_metrics)s,
    %(champion_metrics)s
)
