select raw.dismiss(%(source)s, %(id)s, %(reason)s) as is_done
