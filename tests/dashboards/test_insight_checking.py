"""A text with a figure that was not given, or with one turned around, is not shown."""

from __future__ import annotations

import pytest

from dashboards.definition import Language
from dashboards.insights.checking import check
from dashboards.insights.wording import Statement, template

EN = [
    Statement("15–21 Nov 2026 compared with 8–14 Nov 2026:", None, ("15–21 Nov 2026", "8–14 Nov 2026")),
    Statement(
        "Messages rose by 12% to 1,234 (from 1,102), most of it from Channel WhatsApp (780 → 900).",
        "1,234",
        ("1,234", "1,102", "12%", "780", "900"),
        ("Messages", "Channel", "WhatsApp"),
        "up",
    ),
    Statement(
        "First response fell by 34% to 2 min 10 s (from 3 min 17 s).",
        "2 min 10 s",
        ("2 min 10 s", "3 min 17 s", "34%"),
        ("First response",),
        "down",
        True,
    ),
    Statement("Look at: First response.", names=("First response",)),
]
ID = [
    Statement("15–21 Nov 2026 dibanding 8–14 Nov 2026:", None, ("15–21 Nov 2026", "8–14 Nov 2026")),
    Statement(
        "Tidak terjawab naik 3,2 poin menjadi 12,3% (dari 9,1%), terutama dari Kanal Web (8,0% → 15,5%).",
        "12,3%",
        ("12,3%", "9,1%", "3,2 poin", "8,0%", "15,5%"),
        ("Tidak terjawab", "Kanal", "Web"),
        "up",
        False,
    ),
]
SAID: dict[Language, list[Statement]] = {"en": EN, "id": ID}

TRUE_EN = (
    "In 15–21 Nov 2026 the shop was busier: Messages rose by 12% to 1,234. "
    "People waited less, as First response fell to 2 min 10 s."
)
TRUE_ID = "Pada 15–21 Nov 2026, Tidak terjawab naik 3,2 poin menjadi 12,3%, terutama dari Kanal Web."

LIES: list[tuple[Language, str, str]] = [
    ("en", "1,234", "1,235"),
    ("en", "1,234", "1234"),
    ("en", "1,234", "11,234"),
    ("en", "1,234", "1,234,000"),
    ("en", "1,234", "1,234k"),
    ("en", "1,234", "1,234 k"),
    ("en", "1,234", "1,234 million"),
    ("en", "1,234", "1,234 days"),
    ("en", "1,234", "$1,234"),
    ("en", "1,234", "-1,234"),
    ("en", "1,234", "1,234.5"),
    ("en", "1,234", "900 1,234"),
    ("en", "1,234", "twelve hundred, and 1,234"),
    ("en", "1,234", "1,234 (or 2)"),
    ("en", "1,234", "1,234 (²)"),
    ("en", "1,234", "1,234 (½ of all)"),
    ("en", "1,234", "1,234 (三)"),
    ("en", "1,234", "1,234 (٣ more)"),
    ("en", "1,234", "1,234 (VII)"),
    ("en", "1,234", "1,2\u200b35 and 1,234"),
    ("en", "1,234", "1,234 💯"),
    ("en", "1,234", "1,234 K"),
    ("en", "1,234", "minus 1,234"),
    ("en", "1,234", "≈1,234"),
    ("en", "1,234", "1,234 вдвое"),
    ("en", "1,234", "1,234 (twеlve)"),  # with a letter that only looks like one of ours
    ("en", "1,234", "1,234 mn"),
    ("en", "1,234", "1,234 per cent"),
    ("en", "1,234", "1,234, and none was answered"),
    ("en", "1,234", "1,234, the eleventh rise"),
    ("en", "1,234", "1,234, halfway there"),
    ("en", "1,234", "1,234, trebled or quintupled"),
    ("en", "1,234", "1,234 from tens of people"),
    ("en", "1,234", "1,234 weekly"),
    ("en", "1,234", "1,234 at the weekend"),
    ("en", "Messages rose", "First response rose"),
    ("en", "to 1,234", "from 1,234 to 1,102"),
    ("en", "12%", "21%"),
    ("en", "12%", "12"),
    ("en", "12%", "12 percent"),
    ("en", "12%", "twelve percent"),
    ("en", "12%", "112%"),
    ("en", "12%", "12%-points"),
    ("en", "12%", "double"),
    ("en", "12%", "half"),
    ("en", "12%", "34%"),
    ("en", "2 min 10 s", "2 min 1 s"),
    ("en", "2 min 10 s", "2 min 10 sec"),
    ("en", "2 min 10 s", "2 minutes"),
    ("en", "2 min 10 s", "12 min 10 s"),
    ("en", "2 min 10 s", "2 min 10 s a day"),
    ("en", "15–21 Nov 2026", "15 – 22 Nov 2026"),
    ("en", "15–21 Nov 2026", "15 – 21 Dec 2026"),
    ("en", "15–21 Nov 2026", "November, 15–21 Nov 2026,"),
    ("en", "15–21 Nov 2026", "15–21 Nov 2026, on Monday,"),
    ("en", "rose", "fell"),
    ("en", "fell", "climbed"),
    ("en", "People waited less", "It became worse"),
    ("en", "busier", "ten times busier"),
    ("en", "busier", "busier by one customer"),
    ("id", "12,3%", "12.3%"),
    ("id", "12,3%", "13,2%"),
    ("id", "12,3%", "dua belas persen"),
    ("id", "12,3%", "12,3% atau separuhnya"),
    ("id", "3,2 poin", "3,2 kali"),
    ("id", "3,2 poin", "3,2"),
    ("id", "3,2 poin", "3,2 poin dan dua kali lipat"),
    ("id", "naik", "turun"),
    ("id", "terutama", "duapuluh lima di antaranya"),
    ("id", "terutama", "dilipatgandakan"),
    ("id", "terutama", "belasan pesan"),
    ("id", "terutama", "keduanya"),
    ("id", "terutama", "tigaperempat"),
    ("id", "terutama", "separo"),
    ("id", "terutama", "nihil"),
    ("id", "terutama", "dua koma lima"),
    ("id", "terutama", "sekitar semilyar"),
    ("id", "terutama", "dalam sehari"),
    ("id", "terutama", "setiap malam"),
    ("id", "terutama", "pukul tujuh"),
    ("id", "dari Kanal", "dari 12,3% Kanal"),
    ("id", "terutama", "setiap Senin"),
    ("id", "terutama", "kemarin"),
    ("id", "terutama", "seratus orang"),
    ("id", "terutama", "lima ribu rupiah"),
]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", TRUE_EN),
        ("en", TRUE_EN.replace("busier", "mildly busier, as in a mix of seasons")),
        ("id", TRUE_ID),
        ("id", TRUE_ID.replace("dari Kanal Web", "di Kanal Web, seperti biasa")),
    ],
)
def test_a_text_that_copies_its_figures_is_shown(language: Language, text: str) -> None:
    assert check(text, SAID[language], language) is None


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_template_holds_by_the_same_rules(language: Language) -> None:
    text = template(SAID[language])
    assert check(text, SAID[language], language) is None


@pytest.mark.parametrize(("language", "given", "said"), LIES)
def test_a_figure_that_was_not_given_is_found(language: Language, given: str, said: str) -> None:
    true = TRUE_EN if language == "en" else TRUE_ID
    assert given in true
    assert check(true.replace(given, said), SAID[language], language) is not None


CLAIMS: list[tuple[Language, str, str]] = [
    ("en", "to 1,234", "to 1,234 because of the new courier"),
    ("en", "to 1,234", "to 1,234 thanks to First response"),
    ("en", "to 1,234", "to 1,234, driven by a sale"),
    ("en", "to 1,234", "to 1,234, after the launch"),
    ("en", "to 1,234", "to 1,234, which the campaign caused"),
    ("en", "to 1,234", "to 1,234, more than at competing shops"),
    ("en", "to 1,234", "to 1,234, compared with other shops"),
    ("en", "to 1,234", "to 1,234, the highest figure ever"),
    ("en", "to 1,234", "to 1,234 and will rise further"),
    ("en", "to 1,234", "to 1,234, and growth is guaranteed"),
    ("en", "to 1,234", "to 1,234, with free shipping"),
    ("en", "to 1,234", "to 1,234 on Tokopedia"),
    ("en", "to 1,234", "to 1,234, so hire more agents"),
    ("en", "1,234.", "1,234. Complaints rose because of the new courier."),
    ("en", "1,234.", "1,234. Customers like the new courier."),
    ("id", "menjadi 12,3%", "menjadi 12,3% karena kurir baru"),
    ("id", "menjadi 12,3%", "menjadi 12,3% akibat promo"),
    ("id", "menjadi 12,3%", "menjadi 12,3%, didorong libur sekolah"),
    ("id", "menjadi 12,3%", "menjadi 12,3%, lebih besar daripada toko sebelah"),
    ("id", "menjadi 12,3%", "menjadi 12,3%, tertinggi sejauh ini"),
    ("id", "menjadi 12,3%", "menjadi 12,3% dan akan terus begitu"),
    ("id", "menjadi 12,3%", "menjadi 12,3% dan sebaiknya ditangani"),
    ("id", "menjadi 12,3%", "menjadi 12,3% di Shopee"),
    ("id", "Kanal Web.", "Kanal Web. Pelanggan suka kurir baru."),
]


@pytest.mark.parametrize(("language", "given", "said"), CLAIMS)
def test_what_no_statement_claims_is_not_shown(language: Language, given: str, said: str) -> None:
    true = TRUE_EN if language == "en" else TRUE_ID
    assert given in true
    assert check(true.replace(given, said, 1), SAID[language], language) == "claim"


def test_a_claim_of_a_statement_may_be_repeated() -> None:
    title = "Sent after closing because of a target"
    said = [
        Statement(f"{title} rose by 12% to 1,234 (from 1,102).", "1,234", ("1,234", "1,102", "12%"), (title,), "up")
    ]
    assert check(f"{title} rose to 1,234, higher than 1,102.", said, "en") is None


def test_figures_of_several_statements_are_not_mixed_in_one_sentence() -> None:
    mixed = TRUE_EN.replace("1,234.", "1,234, and 2 min 10 s was the wait.")
    assert check(mixed, EN, "en") == "statement"


def test_what_leaves_a_statement_out_is_not_shown() -> None:
    assert check("In 15–21 Nov 2026 Messages rose by 12% to 1,234.", EN, "en") == "incomplete"


def test_a_text_in_the_other_language_is_not_shown() -> None:
    assert check(TRUE_EN, EN, "id") == "language"


@pytest.mark.parametrize("text", ["", "- " + TRUE_EN[:-1], TRUE_EN + " https://shop.example.", TRUE_EN * 9])
def test_what_is_no_plain_paragraph_is_not_shown(text: str) -> None:
    assert check(text, EN, "en") == "shape"
