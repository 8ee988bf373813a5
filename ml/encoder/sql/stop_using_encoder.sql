update ml.encoders
set in_use = false
where encoders.in_use
