"""Foreign text stays text."""

import pytest

from claimcheck.escape import allowed, cleaned, code, linked, linked_markdown, made, markdown


@pytest.mark.parametrize(
    "character", ["\x1b", "\x00", "\x07", "\r", "\x85", "\x9b", "\x7f", "\u202e", "\u2066", "\u2028", "\ufeff", "\ud800"]
)
def test_characters_that_steer_a_terminal_or_turn_text_around_are_dropped(character):
    assert cleaned(f"a{character}b") == "ab"


def test_letters_signs_and_line_ends_stay():
    text = "LD 13.41 − 8.39 = +5.02 µ ä 字 👍\n\tnext"
    assert cleaned(text) == text


def test_nothing_known_is_a_dash():
    assert cleaned(None) == "–"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "https://",
        "https://arxiv.org@evil.example/",
        "https://[broken",
        "//evil.example/x",
    ],
)
def test_only_web_and_mail_addresses_become_links(url):
    assert not allowed(url)
    assert "<a" not in linked(url)


def test_an_address_in_a_reference_becomes_a_link_without_its_full_stop():
    assert linked("Seeds, 2021. https://example.org/a?b=1&c=2.") == (
        'Seeds, 2021. <a class="url" href="https://example.org/a?b=1&amp;c=2" rel="noreferrer noopener">https://example.org/a?b=1&amp;c=2</a>.'
    )


def test_an_arxiv_id_becomes_a_link_only_as_a_whole():
    assert 'href="https://arxiv.org/abs/2605.17165v1"' in linked("arxiv:2605.17165v1")
    assert "<a" not in linked("arxiv:../../evil")
    assert linked_markdown("arxiv:2605.17165") == "[arxiv:2605.17165](https://arxiv.org/abs/2605.17165)"


def test_what_stands_around_an_address_is_escaped():
    assert linked('<b onclick="x">https://example.org').startswith("&lt;b onclick=&#34;x&#34;&gt;<a ")
    assert linked_markdown("*a* <b> https://example.org *c*") == "\\*a\\* &lt;b&gt; <https://example.org> \\*c\\*"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a | b", "a \\| b"),
        ("two\nlines", "two lines"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("&lt;", "&amp;lt;"),
        ("`code`", "\\`code\\`"),
        ("[x](y)", "\\[x\\](y)"),
        ("# title", "\\# title"),
        ("- item", "\\- item"),
        ("---", "\\---"),
        ("12. item", "12\\. item"),
        ("__init__", "\\_\\_init\\_\\_"),
        ("$x$", "\\$x\\$"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_what_markdown_would_read_is_escaped(text, escaped):
    assert markdown(text) == escaped


@pytest.mark.parametrize("text", ["fwm_hw_ld", "-10.14", "+5.02 pp", "2.5 to 2.9", "top-1 (mixed)"])
def test_names_and_numbers_stay_readable_in_markdown(text):
    assert markdown(text) == text


def test_a_code_span_is_kept_for_what_cannot_end_it():
    assert code("claimcheck verify --json") == "`claimcheck verify --json`"
    assert code("a`b|c") == "a\\`b\\|c"


def test_markup_made_here_is_cleaned_but_not_escaped_again():
    assert cleaned(made("<b>a\x1b</b>")) == "<b>a</b>"
    assert markdown(made("**a**\x1b")) == "**a**"
