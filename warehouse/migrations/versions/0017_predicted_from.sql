-- The episode as it was when it was predicted: how many messages, how long, how
-- rated. Null for what was predicted before this was written down.
alter table ml.satisfaction_predictions add column predicted_from text;
