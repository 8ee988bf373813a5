update ml.encoders
set in_use = true
where encoders.encoder_version = %(version)s
