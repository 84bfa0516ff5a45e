"""A report says what the dossier says, the same way every time, and lets nothing foreign act."""

import hashlib
import os
import re
import subprocess
import sys
from base64 import b64encode
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markdown_it import MarkdownIt
from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser

from claimcheck import report
from claimcheck.dossier import Dossier, Reason, Verdict
from claimcheck.report import FORMATS, render, write

from .report_sample import dossier

ROOT = Path(__file__).parents[2]
HTML = render(dossier(), "html")
MARKDOWN = render(dossier(), "md")

HOSTILE = (
    "<script>document.documentElement.dataset.acted=1</script>",
    "</script><script>document.documentElement.dataset.acted=1</script>",
    "<img src=x onerror=document.documentElement.dataset.acted=1>",
    '"><svg onload=document.documentElement.dataset.acted=1>',
    "' onmouseover='document.documentElement.dataset.acted=1",
    "--></style><iframe src=javascript:alert(1)></iframe><!--",
    "{{ 7*7 }}{% raw %}",
    "[a](javascript:alert(1)) ![b](data:image/svg+xml,x) [c]: javascript:x",
    "a | b \\| c ` d `` | --- |",
    "line one\n\n# line two\n- item\n> quote\n```\n<b>x</b>",
    "&lt;script&gt; &#60;b&#62;",
    "*bold* _it_ ~~gone~~ $x$ <!-- note --> <br>",
    "\x1b[31mred\x1b[0m\x1b]8;;evil\x07",
    "\u202egnp.exe \u2066x",
)
HARMLESS = "plain words"


def infected(payload):
    """The sample with every text that a reader, a paper or a run could have put there replaced."""
    data = dossier().model_dump(mode="json", by_alias=True)
    for place in free_texts():
        put(data, place, payload)
    return Dossier.model_validate(data)


@cache
def free_texts():
    """Where text stands that may be anything: not a code, a date or a number."""
    found = []
    for place in sorted(set(places(dossier().model_dump(mode="json", by_alias=True)))):
        data = dossier().model_dump(mode="json", by_alias=True)
        put(data, place, HARMLESS)
        try:
            Dossier.model_validate(data)
        except (ValidationError, ValueError):
            continue
        found.append(place)
    return found


@cache
def harmless(format):
    return render(infected(HARMLESS), format)


def places(value, path=()):
    """Where text stands in plain data, list positions left out."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from places(item, path)
    elif isinstance(value, str):
        yield path


def put(value, path, payload):
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            put(item, path, payload)
        elif isinstance(item, dict) and path[0] in item:
            if isinstance(item[path[0]], str):
                item[path[0]] = payload
            elif isinstance(item[path[0]], list) and len(path) == 1:
                item[path[0]] = [payload if isinstance(piece, str) else piece for piece in item[path[0]]]
            elif len(path) > 1:
                put(item[path[0]], path[1:], payload)


def tags(html):
    """Every element in order, with the names of its attributes."""
    return [(node.tag, tuple(sorted(node.attributes))) for node in LexborHTMLParser(html).root.traverse()]


def tokens(markdown):
    """Every block in order, and every inline thing that is not plain text."""
    parsed = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown)
    return [t.type for t in parsed], [
        c for t in parsed for c in t.children or () if c.type not in ("text", "code_inline", "softbreak", "text_special")
    ]


# The same every time


@pytest.mark.parametrize("format", FORMATS)
def test_same_bytes_whatever_the_hash_seed_locale_or_time_zone(format, tmp_path):
    path = tmp_path / "dossier.json"
    path.write_text(dossier().model_dump_json(by_alias=True))
    program = (
        "import sys; from claimcheck.dossier import Dossier; from claimcheck.report import render;"
        "sys.stdout.buffer.write(render(Dossier.model_validate_json(open(sys.argv[1], 'rb').read()), sys.argv[2]).encode())"
    )
    settings = (
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8"},
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program, path, format], env=os.environ | env, cwd=tmp_path, capture_output=True, check=True
        ).stdout
        for env in settings
    )
    assert len(first) > 10_000
    assert first == second


@pytest.mark.parametrize("format", FORMATS)
def test_the_order_in_which_settings_were_written_does_not_show(format):
    turned = [r.model_copy(update={"settings": dict(reversed(r.settings.items()))}) for r in dossier().results]
    assert render(dossier(results=tuple(turned)), format) == render(dossier(), format)


def test_rendering_loads_neither_torch_nor_spacy():
    program = (
        "import sys; from claimcheck.dossier import Dossier; from claimcheck.report import render;"
        "render(Dossier(paper='x')); sys.exit(bool({'torch', 'spacy', 'pymupdf', 'matplotlib', 'scipy'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


# What it says


def test_the_first_screen_counts_verdicts_numbers_and_conclusions():
    lead = "Of 11 claims, {}4 verified{}, {}1 refuted{}, {}6 inconclusive{}. Of the 10 claims that state numbers, 9 have them borne out by the evidence."
    assert lead.format(*["<b>", "</b>"] * 3) in HTML
    assert lead.format(*["**"] * 6) in MARKDOWN


@pytest.mark.parametrize(
    "line",
    [
        "Claim 11: no check has looked at it.",
        "Assertion 6.2: no check had anything to say of it.",
        "Number 101 (claim 1): printed in the sentence, but part of no assertion.",
        "Claims 1 and 3: the source cuts the sentence off, and the missing end was not guessed.",
        "The paper&#39;s own tables: none is at hand, so no number could be checked for consistency with them.",
        "Experiments: 3 of the 12 that stand for the paper&#39;s methods were run here; Runs lists the others.",
        "Paper scale: no run of ours was made at it, so none speaks about the paper&#39;s absolute numbers.",
    ],
)
def test_what_was_not_checked_is_said_first(line):
    assert line in HTML
    assert HTML.index(line) < HTML.index('id="verdicts"')
    assert line.replace("&#39;", "'") in MARKDOWN


@pytest.mark.parametrize("text", [HTML, MARKDOWN])
def test_parts_stand_in_one_order(text):
    names = (
        "Not checked",
        "Made by",
        "Synthesis",
        "Verdicts",
        "Claim 1",
        "Claim 11",
        "Runs",
        "Not run",
        "Reviewer panel",
        "Deviations",
        "Search",
        "What the document says",
        "References",
        "Reasons",
        "Provenance",
    )
    marks = [re.search(rf"(?m)(^#* ?|>){name}", text[text.index("Not checked") - 1 :]).start() for name in names[:2]]
    marks += [re.search(rf"(?m)(^#+ |<h[23][^>]*>(<a[^>]*>)?){name}\b", text).start() for name in names[2:]]
    assert marks == sorted(marks)


@pytest.mark.parametrize("text", [HTML, MARKDOWN])
def test_the_first_screen_tells_coverage_compute_and_panel(text):
    first = text[: text.index("Synthesis</h2>" if text is HTML else "## Synthesis")]
    assert "15 of 17 assertions checked, the numbers of 15 decided" in first
    assert "6 runs of our own, 4 min on cpu" in first
    assert "mean 7.4 of 10" in first


def test_every_rule_of_the_panel_is_shown_with_what_it_took_and_saw():
    for text in ("evidence strength", "abstains: one of its rules broke (ValueError: x)", "−4.20", "+1.88, stated as +1.98"):
        assert text in HTML.replace("It abstains", "abstains")
        assert text in MARKDOWN.replace("It abstains", "abstains")
    assert re.search(r"\| levels \| – \| Nothing to see", MARKDOWN)


def test_the_flow_of_the_search_is_drawn_and_stands_in_a_table():
    page = LexborHTMLParser(HTML)
    assert page.css_first("#flow svg > title").text() == "Flow of the search"
    texts = [node.text() for node in page.css("#flow svg text")]
    assert texts[:3] == ["Records identified: 31", "arxiv: 31", "crossref: 0"]
    assert "no open copy: 2" in texts
    cells = [[cell.text() for cell in row.css("th, td")] for row in page.css("#flow tbody tr")]
    assert ["Reports sought", "10", "–", "no open copy 2"] in cells
    assert "| Works included | 5 | – | – |" in MARKDOWN
    assert "It answered 503 three times." in HTML


def test_what_is_known_of_a_reference_stands_beside_it():
    line = next(line for line in MARKDOWN.splitlines() if "2011.09634" in line and line.startswith("- "))
    assert line.endswith("On another subject, 2020-11; not retrieved: the server was not asked (retracted) (newest version: v3)")
    assert "On another subject, 2020-11" in HTML


@pytest.mark.parametrize("command", ["claimcheck extract", "claimcheck reproduce --claim 5 --scale smoke --seeds 2"])
def test_the_commands_are_named(command):
    assert command in HTML
    assert f"- `{command}`" in MARKDOWN


def test_a_cut_sentence_is_shown_as_cut():
    card = HTML[HTML.index('id="claim-3"') : HTML.index('id="claim-4"')]
    assert 'staying close to <span class="cut">[the source cuts it off here]</span>' in card
    assert (
        "> FWM-HW-LD gains 5.92 points on ImageNet-100 and 3.21 on SSv2 while staying close to \\[the source cuts it off here\\]"
        in MARKDOWN
    )
    assert "cut" not in HTML[HTML.index('<article class="claim" id="claim-4"') : HTML.index('<article class="claim" id="claim-5"')]


def test_what_the_source_says_of_its_claim_is_quoted_and_disowned():
    assert "The source marks it verified, confidence 0.29; quoted here, not taken as evidence." in HTML
    assert "The source marks it not verified, confidence 0.29; quoted here, not taken as evidence." in MARKDOWN


def test_supplied_fields_are_told_from_said_ones():
    assert "Supplied, not in the sentence: baseline and metric." in HTML
    assert "(supplied, not in the sentence: baseline and metric)" in MARKDOWN


def test_what_blocks_a_conclusion_comes_before_what_only_informs():
    card = MARKDOWN[MARKDOWN.index("### Claim 1\n") : MARKDOWN.index("### Claim 2\n")]
    assert card.index("**caveat**, not significant") < card.index("**verified**, exceeds noise") < card.index("**note**, single seed")
    assert "blocks the conclusion" in card[card.index("**caveat**") : card.index("**verified**, exceeds noise")]


def test_a_reviewer_sees_the_arithmetic_and_where_it_comes_from():
    assert "FWM 26.74 − Baseline 24.86 = +1.88, and no rounding makes that +1.98." in HTML
    assert "Evidence: released.csv, line 5." in MARKDOWN


def test_every_run_is_listed_and_a_failed_one_has_its_reason_not_a_score():
    row = next(line for line in MARKDOWN.splitlines() if line.startswith("| `fac` | FAC (mixed) | 0 |"))
    assert row == "| `fac` | FAC (mixed) | 0 | smoke | nan loss: loss was not a number at step 118 | – | – |"
    assert "| `ld` | LD (mixed) | 0 | smoke | finished | 33.40 (n 512) | 32.42 (n 512) |" in MARKDOWN


def test_what_was_not_run_says_why():
    not_run = MARKDOWN[MARKDOWN.index("### Not run") :]
    assert "| `kinematic_as_released` | Kinematic-1.0 | ucf101 | as released | no checkpoint |" in not_run
    assert "| `fac` | FAC | mixed | as described | ran, but ended as nan loss |" in not_run
    assert "| `ac` | AC | mixed | as described | not asked for |" in not_run
    assert "| `ld` |" not in not_run


def test_an_environment_is_named_once_for_all_runs_made_in_it():
    assert "6 runs in this environment: device cpu, torch 2.13.0" in MARKDOWN
    assert HTML.count("2.13.0</b>") == 1


def test_provenance_names_files_by_hash():
    assert f"| released.csv | released results | 7,480 | `{'a7' * 32}` |" in MARKDOWN
    assert "a7" * 32 in HTML


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_dossier_says_that_nothing_was_found(format):
    text = render(Dossier(paper="empty.txt"), format)
    assert "No claim was found in the source, so nothing was checked." in text
    assert "None" not in re.sub(r"(?s)<s(cript|tyle).*?</s\1>|None is recorded|none", "", text)


@pytest.mark.parametrize("format", FORMATS)
def test_a_dossier_before_any_check_calls_nothing_verified(format):
    bare = [
        c.model_copy(
            update=dict.fromkeys(("numbers", "conclusion", "level"), None)
            | {"findings": (), "verdict": Verdict.INCONCLUSIVE, "reasons": (Reason.NOT_CHECKED,)}
        )
        for c in dossier().claims
    ]
    text = render(dossier(claims=tuple(bare)), format)
    assert re.search(r"(<b>|\*\*)0 verified", text)
    assert "Claims 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 11: no check has looked at them." in text


def test_a_misspelt_name_in_a_template_is_an_error():
    with pytest.raises(UndefinedError):
        report.environment("html").from_string("{{ dossier.pepar }}").render(dossier=dossier())


# Nothing foreign acts


def test_the_attacks_reach_every_part_of_a_dossier():
    assert {place[0] for place in free_texts()} >= {
        "claims",
        "results",
        "deviations",
        "arms",
        "runs",
        "log",
        "sayings",
        "references",
        "sources",
        "disclosures",
        "search",
        "papers",
        "reviews",
    }
    assert len(free_texts()) > 60


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_text_changes_the_structure_of_the_page(payload):
    assert tags(render(infected(payload), "html")) == tags(harmless("html"))


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_text_changes_the_structure_of_the_markdown(payload):
    blocks, inline = tokens(render(infected(payload), "md"))
    assert blocks == tokens(harmless("md"))[0]
    assert {c.type for c in inline} <= {"link_open", "link_close", "strong_open", "strong_close"}
    assert all(c.attrGet("href").startswith("#claim-") for c in inline if c.type == "link_open")


@pytest.mark.parametrize("payload", HOSTILE[:6])
def test_the_reader_sees_hostile_text_as_it_was_written(payload):
    page = render(dossier(title=payload), "html")
    assert LexborHTMLParser(page).css_first("h1").text() == payload
    heading = MarkdownIt("commonmark").parse(render(dossier(title=payload), "md"))[1]
    assert "".join(child.content for child in heading.children) == payload


@pytest.mark.parametrize("format", FORMATS)
def test_no_control_or_direction_character_survives(format):
    text = render(infected("\x1b[31m\x07\x9b\u202e\u2066\x00x"), format)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize("format", FORMATS)
def test_half_a_character_does_not_stop_a_report(format):
    assert "title x" in render(dossier(title="title \ud800x", runs=()), format).encode().decode()


def test_addresses_with_other_schemes_are_not_links():
    page = LexborHTMLParser(
        render(dossier(references=("javascript:alert(1)", "https://example.org/a", "https://arxiv.org@evil.example/"), search=None), "html")
    )
    links = {a.attributes["href"] for a in page.css("a") if not a.attributes["href"].startswith("#")}
    assert links == {"https://arxiv.org/abs/2605.17165", "https://example.org/a"}


# One file, one policy


def sources(name):
    policy = LexborHTMLParser(HTML).css_first("meta[http-equiv='Content-Security-Policy']").attributes["content"]
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))[name]


def test_the_policy_is_the_strict_one():
    assert {name: sources(name) for name in ("default-src", "img-src", "base-uri", "form-action")} == {
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@pytest.mark.parametrize(("element", "name"), [("style", "style-src"), ("script:not([type])", "script-src")])
def test_the_policy_allows_exactly_the_inline_style_and_script(element, name):
    found = LexborHTMLParser(HTML).css(element)
    assert len(found) == 1
    expected = b64encode(hashlib.sha256(found[0].text().encode()).digest()).decode()
    assert sources(name) == f"'sha256-{expected}'"


def test_nothing_is_fetched_and_nothing_inline_needs_more_than_the_policy():
    page = LexborHTMLParser(HTML)
    assert not page.css("[src], [srcset], [style], iframe, object, embed, form, base, meta[http-equiv=refresh]")
    assert [link.attributes["href"] for link in page.css("link")] == ["data:,"]
    assert not re.search(r"url\(|@import", page.css_first("style").text())
    assert not [key for node in page.root.traverse() for key in node.attributes if key.startswith("on")]


def test_the_dossier_in_the_page_reads_back():
    for sample in (dossier(), infected("</script><!--\x1b\u2028&")):
        page = LexborHTMLParser(render(sample, "html"))
        assert Dossier.model_validate_json(page.css_first("script#dossier").text()) == sample


# For every reader


def test_headings_ids_tables_and_links_are_in_order():
    page = LexborHTMLParser(HTML)
    assert page.css_first("html").attributes["lang"] == "en"
    levels = [int(node.tag[1]) for node in page.css("h1, h2, h3, h4")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {f"claim-{n}" for n in range(1, 12)} <= set(ids)
    targets = {a.attributes["href"][1:] for a in page.css("a[href^='#']")} | {u.attributes["href"][1:] for u in page.css("use")}
    assert targets <= set(ids)
    assert all(table.css_first("caption") for table in page.css("table"))
    assert all(cell.attributes.get("scope") in ("row", "col") for cell in page.css("th"))
    assert page.css_first("#verdict-table th[aria-sort]")
    assert page.css_first("[role=status][aria-live=polite]")
    assert all(svg.css_first("title") and svg.css_first("desc") for svg in page.css("svg[role=img]"))


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_contrasts_with_what_it_stands_on(scheme):
    style = (report.templates_dir() / "style.css").read_text()
    palette = {name: (light, dark)[scheme] for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", style)}
    pairs = [(word, f"{word}-tint") for word in ("verified", "refuted", "inconclusive")]
    pairs += [
        (text, ground) for text in ("ink", "quiet", "link", "verified", "refuted", "inconclusive", "own") for ground in ("page", "raised")
    ]
    for text, ground in pairs:
        lighter, darker = sorted((luminance(palette[text]), luminance(palette[ground])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (text, ground)


def test_a_thousand_claims_fit_in_five_megabytes():
    claims = [claim.model_copy(update={"number": i}) for i, claim in enumerate(dossier().claims * 91, start=1)]
    big = dossier(claims=tuple(claims[:1000]))
    assert len(render(big, "html").encode()) <= 5_000_000
    assert "1,000 claims" in render(big, "md")


# On disk


def test_both_files_are_written(tmp_path):
    assert write(dossier(), tmp_path / "new" / "folder", ["html", "md"]) == [
        tmp_path / "new/folder/report.html",
        tmp_path / "new/folder/report.md",
    ]
    assert (tmp_path / "new/folder/report.html").read_bytes() == HTML.encode()
    assert sorted(p.name for p in (tmp_path / "new/folder").iterdir()) == ["report.html", "report.md"]


def test_an_older_report_stays_when_the_disk_fails(tmp_path, monkeypatch):
    (tmp_path / "report.md").write_text("older")
    monkeypatch.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        write(dossier(), tmp_path, ["md"])
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("report.md", "older")]


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match=r"'pdf'; known: html, md"):
        write(dossier(), tmp_path, ["md", "pdf"])
    assert list(tmp_path.iterdir()) == []


def test_templates_are_found_in_a_wheel_and_missed_with_a_word(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "__file__", str(tmp_path / "claimcheck" / "report.py"))
    with pytest.raises(FileNotFoundError, match="no report templates"):
        report.templates_dir()
    (tmp_path / "claimcheck" / "templates").mkdir(parents=True)
    (tmp_path / "claimcheck" / "templates" / "report.html.j2").touch()
    assert report.templates_dir() == tmp_path / "claimcheck" / "templates"
