import math

import pytest

from engine import i18n
from engine.amounts import in_spans
from engine.config import OPTIONS, parse_assignments
from engine.errors import UserError
from engine.i18n import number
from engine.numbers import NotTaken, limits, read_number, typeable

SMALL, LARGE = (1e-7, 0.5), (0, 10_000)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(
    ("text", "value"),
    [("0,0002", 2e-4), ("0.0002", 2e-4), ("2e-4", 2e-4), ("2,5E-4", 2.5e-4), (" .3 ", 0.3), (",3", 0.3), ("+0,1", 0.1)],
)
def test_comma_point_and_power_are_read_in_either_language(language, text, value):
    i18n.set_language(language)
    assert read_number(text, *SMALL, whole=False) == value


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(
    "text", ["4,096", "4.096", "4 096", "4\N{NO-BREAK SPACE}096", "4'096", "4096", "4096.0", "4,096e3"]
)
def test_a_whole_number_may_have_any_sign_between_its_thousands(language, text):
    i18n.set_language(language)
    found = read_number(text, 0, 10**4, whole=True)
    assert found == 4096 and isinstance(found, int)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_thousands_and_a_decimal_sign_together_are_clear(language):
    i18n.set_language(language)
    for text in ("1.234,5", "1,234.5", "1 234,5", "1 234.5", "1234.5"):
        assert read_number(text, *LARGE, whole=False) == 1234.5
    assert read_number("1.234.567", 0, 1e9, whole=False) == read_number("1,234,567", 0, 1e9, whole=False) == 1234567


def test_what_may_mean_two_numbers_is_asked_about_and_what_the_limits_tell_is_not():
    with pytest.raises(NotTaken, match=r"1\.234 or 1234"):
        read_number("1,234", *LARGE, whole=False)
    assert read_number("1.234", *LARGE, whole=False) == 1.234
    assert read_number("1,234", 0, 10, whole=False) == 1.234
    i18n.set_language("es")
    assert read_number("1,234", *LARGE, whole=False) == 1.234
    with pytest.raises(NotTaken, match="1,234 o 1234"):
        read_number("1.234", *LARGE, whole=False)


@pytest.mark.parametrize(
    "text", ["", "abc", "64.5", "99999", "-1", "1_0", "٣", "nan", "inf", "1e999", "1,23,4", "0x10", "12 34", "9" * 5000]
)
def test_anything_else_is_refused_with_the_limits(text):
    with pytest.raises(NotTaken, match=r"^Give a whole number from 2 to 4,096\.$"):
        read_number(text, 2, 4096, whole=True)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("option", [option for option in OPTIONS.values() if option.minimum is not None], ids=str)
def test_every_limit_is_printed_so_that_it_can_be_typed(language, option):
    i18n.set_language(language)
    whole = option.kind is int
    for limit in (option.minimum, option.maximum, option.default):
        text = typeable(limit, whole=whole)
        assert "e" not in text and text in limits(limit, limit, whole=whole)
        assert read_number(text, option.minimum, option.maximum, whole=whole) == limit


@pytest.mark.parametrize(
    ("value", "form", "in_english", "in_spanish"),
    [
        (1169, ",.12g", "1,169", "1169"),
        (60_000, ",.12g", "60,000", "60\N{NO-BREAK SPACE}000"),
        (-12345.678, ",.2f", "−12,345.68", "−12\N{NO-BREAK SPACE}345,68"),
        (9999.9, ",.0f", "10,000", "10\N{NO-BREAK SPACE}000"),
        (8.8, ".1f", "8.8", "8,8"),
        (2e-5, ",.12g", "0.00002", "0,00002"),
        (
            1e12,
            ",.12g",
            "1,000,000,000,000",
            "1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000",
        ),
        (0.9931, ".2%", "99.31%", "99,31\N{NO-BREAK SPACE}%"),
        (1.0, ".0%", "100%", "100\N{NO-BREAK SPACE}%"),
        (math.nan, ".3f", "nan", "nan"),
        (-math.inf, ".3f", "−inf", "−inf"),
        (-0.001, ".2f", "0.00", "0,00"),
        (-0.01, ".2f", "−0.01", "−0,01"),
        (-20.0, ",.12g", "−20", "−20"),
    ],
)
def test_numbers_are_written_by_one_rule_of_the_language(value, form, in_english, in_spanish):
    assert number(value, form) == in_english
    i18n.set_language("es")
    assert number(value, form) == in_spanish


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_set_reads_what_people_type(language):
    i18n.set_language(language)
    values = parse_assignments(["g_lr=0,001", "total_images=60,000", "classes=8,3", "loss=hinge", "spectral_norm=true"])
    assert values == {
        "g_lr": 0.001,
        "total_images": 60_000,
        "classes": (3, 8),
        "loss": "hinge",
        "spectral_norm": "true",
    }


def test_a_refusal_on_the_command_line_names_option_value_and_limits():
    with pytest.raises(UserError, match=r"\(g_lr\) cannot be “7”\. Give a number from 0\.0000001 to 0\.5\."):
        parse_assignments(["g_lr=7"])
    i18n.set_language("es")
    with pytest.raises(UserError, match=r"0,0000001 a 0,5"):
        parse_assignments(["g_lr=7"])


def test_numbers_that_follow_each_other_are_told_by_the_first_and_the_last():
    assert in_spans([1, 3, 5, 6, *range(8, 301)]) == "1, 3, 5, 6, 8 to 300" and in_spans([]) == ""
