insert into quality.documents (name, path, content_type, body, version)
values (
    %(name)s,
    %(path)s,
    %(content_type)s,
    %(body)s,
    %(version)s
)
