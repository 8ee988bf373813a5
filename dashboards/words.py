"""What a page says around the figures, in both languages. What belongs to one dashboard is in its definition."""

from __future__ import annotations

from dashboards.definition import Language

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "data_as_of": "Data as of {moment}",
        "open_from": "Not final from {day}",
        "open_meaning": "Dashed or pale figures can still change: conversations are open, or a 7-day window has not "
        "passed.",
        "quality_pass": "Data checks passed",
        "quality_warn": "Data checks: warning",
        "quality_fail": "Data checks failed",
        "quality_pass_meaning": "What the figures rest on was checked before they were computed.",
        "quality_warn_meaning": "A check warns, or none has run yet: read the figures with care.",
        "quality_fail_meaning": "The figures are those from before the failure, and newer data are not in them.",
        "apply": "Apply",
        "all_channels": "All channels",
        "last_days": "{days} days",
        "quick": "Last",
        "filters": "Filters",
        "languages": "Language",
        "dashboards": "Dashboards",
        "compared": "vs {range}",
        "unchanged": "unchanged",
        "up": "up",
        "down": "down",
        "nothing_before": "no earlier period to compare",
        "meaning": "what it means",
        "no_data": "No data in this period.",
        "as_table": "Show as table",
        "day": "Day",
        "figure": "Figure",
        "share": "Share",
        "not_final": "not final yet",
        "log_axis": "The scale is logarithmic.",
        "of_total": "{value} ({share})",
        "invalid_title": "This address cannot be shown",
        "not_built_title": "No figures yet",
        "not_built": "They appear here once messages have come in and the KPIs have been built (make kpis).",
        "away_title": "The figures cannot be read right now",
        "away": "The database does not answer. Try again in a minute.",
        "not_loopback_title": "Sign in first",
        "not_loopback": "Sign in to the inbox (/inbox), then the dashboard opens here. Without signing in it opens "
        "only on the machine that Kabar runs on, directly and without a proxy in between.",
        "not_found_title": "No such dashboard",
        "not_found": "There is no dashboard of this name.",
        "back": "Show the dashboard",
        "footer": "Kabar. A day begins and ends in the shop's time zone, {timezone}.",
    },
    "id": {
        "data_as_of": "Data per {moment}",
        "open_from": "Belum final sejak {day}",
        "open_meaning": "Angka putus-putus atau pucat masih bisa berubah: ada percakapan yang belum selesai, atau "
        "jendela 7 hari belum lewat.",
        "quality_pass": "Pemeriksaan data lolos",
        "quality_warn": "Pemeriksaan data: peringatan",
        "quality_fail": "Pemeriksaan data gagal",
        "quality_pass_meaning": "Data yang mendasari angka diperiksa sebelum dihitung.",
        "quality_warn_meaning": "Ada pemeriksaan yang memberi peringatan, atau belum pernah dijalankan: baca angkanya "
        "dengan hati-hati.",
        "quality_fail_meaning": "Angka di sini berasal dari sebelum kegagalan; data yang lebih baru belum termasuk.",
        "apply": "Terapkan",
        "all_channels": "Semua kanal",
        "last_days": "{days} hari",
        "quick": "Terakhir",
        "filters": "Penyaring",
        "languages": "Bahasa",
        "dashboards": "Dasbor",
        "compared": "dibanding {range}",
        "unchanged": "tetap",
        "up": "naik",
        "down": "turun",
        "nothing_before": "belum ada periode pembanding",
        "meaning": "artinya",
        "no_data": "Tidak ada data pada periode ini.",
        "as_table": "Tampilkan sebagai tabel",
        "day": "Hari",
        "figure": "Angka",
        "share": "Porsi",
        "not_final": "belum final",
        "log_axis": "Skalanya logaritmik.",
        "of_total": "{value} ({share})",
        "invalid_title": "Alamat ini tidak dapat ditampilkan",
        "not_built_title": "Belum ada angka",
        "not_built": "Angka muncul di sini setelah pesan masuk dan KPI dihitung (make kpis).",
        "away_title": "Angka sedang tidak dapat dibaca",
        "away": "Basis data tidak menjawab. Coba lagi sebentar lagi.",
        "not_loopback_title": "Masuk dahulu",
        "not_loopback": "Masuk ke kotak masuk (/inbox) dahulu, lalu dasbor terbuka di sini. Tanpa masuk, dasbor hanya "
        "terbuka di komputer tempat Kabar berjalan, langsung dan tanpa proksi di antaranya.",
        "not_found_title": "Dasbor tidak ditemukan",
        "not_found": "Tidak ada dasbor dengan nama ini.",
        "back": "Tampilkan dasbor",
        "footer": "Kabar. Hari dimulai dan berakhir menurut zona waktu toko, {timezone}.",
    },
}

REASONS: dict[Language, dict[str, str]] = {
    "en": {
        "unknown": "“{filter}” has a value that does not occur.",
        "not_a_day": "“{filter}” is not a day such as 2026-01-31.",
        "after_to": "The period ends before it begins.",
        "too_long": "The period is longer than a year.",
    },
    "id": {
        "unknown": "“{filter}” berisi nilai yang tidak ada.",
        "not_a_day": "“{filter}” bukan hari seperti 2026-01-31.",
        "after_to": "Periode berakhir sebelum dimulai.",
        "too_long": "Periode lebih dari satu tahun.",
    },
}

CHANNELS = {
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "sms": "SMS",
    "web": "Web",
}


def say(language: Language, key: str, **values: object) -> str:
    """The sentence `key`, with its `{placeholders}` filled."""
    return WORDS[language][key].format(**values)


def channel_name(channel: str) -> str:
    return CHANNELS.get(channel, channel)
