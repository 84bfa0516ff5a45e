"""The page in a real browser: it opens under its own policy, runs nothing foreign, asks the network for nothing, works without scripts."""

import json
import os
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

import pymupdf
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from claimcheck.report import render

from .report_sample import dossier
from .test_report import HOSTILE, infected

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=4000",
    "--timeout=60000",
)
ACTED = 'data-acted="1"'

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


@pytest.fixture
def browse(tmp_path):
    """Open a page with further flags; what the browser prints."""

    def opened(html, *flags):
        page = tmp_path / "page.html"
        page.write_text(html)
        environment = os.environ | {"HOME": str(tmp_path)}
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *flags, page.as_uri()]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True, timeout=120).stdout.decode()

    return opened


@pytest.fixture
def server():
    """A web server on this machine that notes what it is asked for: its address and the list."""
    asked = []

    class Notes(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Notes) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()


def attacks(address):
    """Elements that fetch and scripts that act, in one text."""
    fetching = f"<img src={address}/a.png><link rel=stylesheet href={address}/b.css><script src={address}/c.js></script>"
    return fetching + "".join(HOSTILE[:6])


def test_our_script_runs_and_says_how_many_claims_show(browse):
    assert "11 of 11 claims shown" in browse(render(dossier()), "--dump-dom")


def test_the_policy_lets_the_style_through(browse, tmp_path):
    browse(render(dossier()), "--window-size=900,600", "--screenshot=shot.png")
    assert Image.open(tmp_path / "shot.png").convert("RGB").getpixel((3, 3)) == (0xFC, 0xFC, 0xFA)


def test_the_page_is_dark_where_the_reader_wants_it_dark(browse, tmp_path):
    browse(render(dossier()), "--blink-settings=preferredColorScheme=0", "--window-size=900,600", "--screenshot=shot.png")
    assert Image.open(tmp_path / "shot.png").convert("RGB").getpixel((3, 3)) == (0x15, 0x18, 0x1B)


def test_no_foreign_text_acts_or_reaches_the_network(browse, server):
    address, asked = server
    dom = browse(render(infected(attacks(address))), "--dump-dom")
    assert "11 of 11 claims shown" in dom
    assert ACTED not in dom
    assert asked == []


def test_the_same_text_does_act_where_nothing_escapes_it(browse, server):
    address, asked = server
    assert ACTED in browse(f"<!doctype html><title>x</title>{attacks(address)}", "--dump-dom")
    assert {"/a.png", "/b.css", "/c.js"} <= set(asked)


def test_the_policy_stops_a_script_that_an_escape_would_miss(browse):
    slipped = render(dossier()).replace("</main>", f"{HOSTILE[0]}<b>slipped</b></main>")
    dom = browse(slipped, "--dump-dom")
    assert "<b>slipped</b>" in dom
    assert ACTED not in dom


def driven(html, script):
    """The page with a reader's hand: a script of the test's own, which the policy is made to allow."""
    allowed = re.sub(r"script-src 'sha256-[^']+'", "script-src 'unsafe-inline'", html)
    return allowed.replace("</body>", f"<script>{script}</script></body>")


def test_a_reader_can_show_only_the_refuted(browse):
    choose = "const s = document.querySelector('#filter-verdict'); s.value = 'refuted'; s.dispatchEvent(new Event('change'))"
    page = LexborHTMLParser(browse(driven(render(dossier()), choose), "--dump-dom"))
    assert [row.attributes["data-claim"] for row in page.css("#verdict-table tbody tr:not([hidden])")] == ["7"]
    assert [card.id for card in page.css("article.claim:not([hidden])")] == ["claim-7"]
    assert page.css_first("#shown").text() == "1 of 11 claims shown"


def test_a_reader_can_sort_and_is_told_how(browse):
    click = "document.querySelector('#verdict-table th button').click()"
    page = LexborHTMLParser(browse(driven(render(dossier()), click), "--dump-dom"))
    assert [row.attributes["data-claim"] for row in page.css("#verdict-table tbody tr")] == [str(n) for n in range(11, 0, -1)]
    assert [th.attributes["aria-sort"] for th in page.css("#verdict-table th[aria-sort]")] == ["descending"]


def scriptless(html):
    """The page as a browser shows it that runs no script."""
    return re.sub(r"script-src 'sha256-[^']+'", "script-src 'none'", html)


def test_everything_reads_without_scripts(browse):
    dom = browse(scriptless(render(dossier())), "--dump-dom")
    assert "11 of 11 claims shown" not in dom
    assert 'data-needs-script="" hidden=""' in dom
    assert dom.count('<article class="claim"') == 11
    assert "FWM 26.74 − Baseline 24.86 = +1.88" in dom


@pytest.mark.parametrize("page", [render(dossier()), scriptless(render(dossier()))], ids=["with scripts", "without"])
def test_print_opens_all_evidence_and_starts_each_claim_on_a_page(browse, tmp_path, page):
    browse(page, "--no-pdf-header-footer", "--print-to-pdf=page.pdf")
    with pymupdf.open(tmp_path / "page.pdf") as document:
        pages = [sheet.get_text() for sheet in document]
    assert "record 11 of the released scores" in " ".join("".join(pages).split())
    tops = [text.strip().splitlines()[0] for text in pages if text.strip()]
    headings = [top for top in tops if re.fullmatch(r"Claim \d+", top)]  # a line of the summary may open a page as well
    assert headings == [f"Claim {n}" for n in range(1, 12)]


AXE_STATES = {
    "light": "document.getElementById('theme-light').click();",
    "dark": "document.getElementById('theme-dark').click();",
    "all_open": "document.querySelectorAll('details').forEach(one => one.open = true);",
}


def violations(browse, page, *flags, before=""):
    """What axe-core's rules find in a page: names with how many elements."""
    rules = (resources.files("axe_core_python") / "axe.min.js").read_text()
    found = "document.body.dataset.axe = JSON.stringify(found.violations.map(v => [v.id, v.nodes.length]))"
    free = re.sub(r"<meta http-equiv=.Content-Security-Policy.[^>]*>", "", page)
    call = f"addEventListener('load', () => {{ {before} axe.run().then(found => {found}) }})"
    seen = browse(free.replace("</body>", f"<script>{rules}</script><script>{call}</script></body>"), "--dump-dom", *flags)
    return json.loads(LexborHTMLParser(seen).css_first("body").attributes["data-axe"])


@pytest.mark.parametrize("zoom", [1, 2])
@pytest.mark.parametrize("state", AXE_STATES)
def test_axe_finds_nothing_wrong(browse, state, zoom):
    """In each theme, with everything open, and at 200% zoom, where the page has half the width."""
    flags = (f"--force-device-scale-factor={zoom}", f"--window-size={1200 // zoom},900")
    assert violations(browse, render(dossier()), *flags, before=AXE_STATES[state]) == []


def test_axe_finds_what_is_wrong(browse):
    page = render(dossier()).replace('<main id="main">', '<main id="main"><img src="data:,"><p style="color:#eee;background:#fff">pale</p>')
    assert {name for name, _ in violations(browse, page)} == {"image-alt", "color-contrast"}
