insert into quality.validations (
    run_id, suite, verdict, reasons, validated_at
) values (
    %(run_id)s, %(suite)s, %(verdict)s, %(reasons)s, %(validated_at)s
)
