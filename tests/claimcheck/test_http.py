"""The one door to the network: what it asks, how often, how long it waits, and what it never takes in or lets out."""

import gzip
import ipaddress
import logging
import multiprocessing
import random
import shutil
import socket
import ssl
import subprocess
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from claimcheck.sources import addresses
from claimcheck.sources.cache import Answer, Damaged
from claimcheck.sources.clock import Clock
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.http import PATIENCE, TRIES, Secrets, retry_after
from claimcheck.sources.pace import INTERVALS, Pace
from tests.claimcheck.servers import FakeClock, Reply, door, serving

PAPERS = "papers.example"
URL = f"https://{PAPERS}/one"


def fault_of(way, url=URL, **options):
    with pytest.raises(SourceFault) as caught:
        way.fetch(url, **options)
    return caught.value.fault


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_kept_and_asked_for_once(tmp_path):
    with serving(papers=lambda asked: Reply(b"a paper", type="text/plain")) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        first, second = way.fetch(URL), way.fetch(URL)
        assert (first, first.content(), len(servers["papers"].asked)) == (second, b"a paper", 1)
        assert first.fetched_at == "2026-11-28T12:00:00Z"
        asked = servers["papers"].asked[0]
        assert asked.headers["User-Agent"].startswith("claimcheck/")


def test_an_old_answer_is_asked_for_again(tmp_path):
    bodies = iter((b"old", b"new"))
    with serving(papers=lambda asked: Reply(next(bodies))) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        way.fetch(URL)
        way.clock.gone += 90_000
        assert way.fetch(URL).content() == b"new"


def test_offline_replays_answers_and_faults_and_asks_nobody(tmp_path):
    with serving(papers=lambda asked: Reply(b"a paper") if asked.path == "/one" else Reply(status=404)) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        way.fetch(URL)
        assert fault_of(way, URL + "/none") is Fault.NOT_FOUND
        asked = len(servers["papers"].asked)
        offline = door(tmp_path, {PAPERS: servers["papers"]}, offline=True)
        assert offline.fetch(URL).content() == b"a paper"
        assert fault_of(offline, URL + "/none") is Fault.NOT_FOUND
        assert fault_of(offline, URL + "/never") is Fault.OFFLINE
        assert len(servers["papers"].asked) == asked


@pytest.mark.parametrize("damage", ["cut", "flip", "gone", "swap", "kind", "text", "hash"])
def test_a_damaged_cache_is_fetched_again_and_refused_offline(tmp_path, damage):
    with serving(papers=lambda asked: Reply(asked.path.encode() * 50)) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        answer, other = way.fetch(URL), way.fetch(URL + "/other")
        entry = way.cache.entry(URL)
        if damage == "cut":
            answer.path.write_bytes(answer.path.read_bytes()[:-1])
        elif damage == "flip":
            answer.path.write_bytes(b"\x01" + answer.path.read_bytes()[1:])
        elif damage == "gone":
            answer.path.unlink()
        elif damage == "swap":
            entry.write_bytes(way.cache.entry(other.url).read_bytes())
        elif damage == "kind":
            entry.write_text("[1]")
        elif damage == "text":
            entry.write_bytes(b"\xff\x00{")
        else:
            entry.write_text(entry.read_text().replace(answer.sha256, "../../etc/passwd"))
        with pytest.raises(Damaged):
            door(tmp_path, {}, offline=True).fetch(URL)
        assert way.fetch(URL).content() == b"/one" * 50
        assert door(tmp_path, {}, offline=True).fetch(URL).content() == b"/one" * 50


def test_a_hundred_damages_and_no_wrong_byte(tmp_path):
    """Bytes of entries and of blobs are flipped, cut off or written over; offline the answer is the right one or none."""
    chance = random.Random(7)
    with serving(papers=lambda asked: Reply(asked.path.encode() * 20)) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        answers = [way.fetch(f"{URL}/{number}") for number in range(20)]
    offline, refused = door(tmp_path, {}, offline=True), 0
    for number in range(100):
        answer = answers[number % 20]
        path = answer.path if number % 2 else way.cache.entry(answer.url)
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        path.write_bytes(
            chance.choice([whole[:at], whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :], whole[at:]])
        )
        try:
            assert offline.fetch(answer.url).content() == f"/one/{number % 20}".encode() * 20
        except Damaged:
            refused += 1
        path.write_bytes(whole)
    assert refused > 80


# ── what did not come whole ──────────────────────────────────────────────────────────────────────────────────────────

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\ntrailer\n%%EOF\n"


def cut_answer(kind, share):
    """The bytes of an answer that ends early, by how its length was announced."""
    if kind == "length":
        head, body = f"HTTP/1.1 200 OK\r\nContent-Length: {len(PDF)}\r\n\r\n".encode(), PDF
    elif kind == "chunks":
        chunks = [PDF[start : start + 500] for start in range(0, len(PDF), 500)]
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        body = b"".join(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in chunks) + b"0\r\n"
    elif kind == "gzip":
        head, body = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n", gzip.compress(PDF)
    elif kind == "gzip length":
        body = gzip.compress(PDF)
        body = body[: int(len(body) * share)]
        return f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    else:
        head, body = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", PDF[:-6]
    return head + body[: int(len(body) * share)]


@pytest.mark.parametrize("kind", ["length", "chunks", "gzip", "gzip length", "close"])
def test_no_answer_that_ended_early_is_accepted(tmp_path, kind):
    shares = iter([number / 10 for number in range(10) for _ in range(TRIES)])
    with serving(papers=lambda asked: Reply(raw=cut_answer(kind, next(shares)))) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        for point in range(10):
            assert fault_of(way, f"{URL}/{point}") in (Fault.TRUNCATED, Fault.EMPTY), point
        assert not [path for path in files(tmp_path / "cache") if path.parts[0] != "answers"]


def test_a_whole_answer_follows_a_cut_one(tmp_path):
    answers = iter([Reply(raw=cut_answer("length", 0.5)), Reply(raw=b""), Reply(PDF)])
    with serving(papers=lambda asked: next(answers)) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        assert way.fetch(URL).content() == PDF
        assert files(tmp_path / "cache" / "parts") == []


@pytest.mark.parametrize(
    "packing", [gzip.compress(PDF), gzip.compress(PDF[:100]) + gzip.compress(PDF[100:]), gzip.compress(PDF) + bytes(9)]
)
def test_packed_answers_are_unpacked(tmp_path, packing):
    with serving(papers=lambda asked: Reply(packing, headers={"Content-Encoding": "gzip"})) as servers:
        assert door(tmp_path, {PAPERS: servers["papers"]}).fetch(URL).content() == PDF


@pytest.mark.parametrize("reply", [Reply(bytes(2_000)), Reply(gzip.compress(bytes(2_000)), headers={"Content-Encoding": "gzip"})])
def test_more_than_the_limit_is_not_taken(tmp_path, reply):
    with serving(papers=lambda asked: reply) as servers:
        assert fault_of(door(tmp_path, {PAPERS: servers["papers"]}), limit=1_000) is Fault.TOO_BIG


def test_a_full_disk_is_no_fault_of_the_network(tmp_path, monkeypatch):
    from claimcheck.sources import cache

    class Full(cache.Part):
        def __init__(self, path):
            super().__init__(path)
            self._file.close()
            self._file = open("/dev/full", "r+b")  # noqa: SIM115

    monkeypatch.setattr(cache, "Part", Full)
    for size in (100, 100_000):
        with serving(papers=lambda asked, size=size: Reply(b"x" * size)) as servers, pytest.raises(OSError, match="No space") as caught:
            door(tmp_path, {PAPERS: servers["papers"]}).fetch(URL)
        assert caught.value.filename.endswith(".part")
        assert not list((tmp_path / "cache" / "parts").iterdir())
        assert not (tmp_path / "cache" / "answers").exists()


# ── how long we wait ─────────────────────────────────────────────────────────────────────────────────────────────────

NOW = FakeClock().now()
WAITS = {
    "1": 1, "30": 30, "0": 0, " 5 ": 5, "2.5": 2.5, "110": 110,
    format_datetime(NOW + timedelta(seconds=20), usegmt=True): 20,
    format_datetime(NOW - timedelta(days=1), usegmt=True): 0,
    "Sat, 28 Nov 2026 12:01:00 -0000": 60,
    "Saturday, 28-Nov-26 12:00:10 GMT": 10,
}  # fmt: skip
TOO_LONG = ["54000", "121", "86400", "9" * 40, format_datetime(NOW + timedelta(days=1), usegmt=True), "Fri, 31 Dec 9999 23:59:59 GMT"]
NO_WAITS = [
    "-1",
    "soon",
    "",
    "1e3",
    "0x10",
    "١٢",
    "NaN",
    "inf",
    "Infinity",
    "1;2",
    "2026-11-28T12:00:00Z",
    "Thu, 99 Foo 2026",
    "None",
    "+5",
]


@pytest.mark.parametrize("value", WAITS)
@pytest.mark.parametrize("status", [429, 503])
def test_we_wait_as_long_as_we_are_told(tmp_path, value, status):
    answers = iter([Reply(status=status, headers={"Retry-After": value}), Reply(b"a paper")])
    with serving(papers=lambda asked: next(answers)) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        assert way.fetch(URL).content() == b"a paper"
        assert WAITS[value] <= sum(way.clock.slept) <= WAITS[value] + 1


@pytest.mark.parametrize("value", TOO_LONG)
def test_we_do_not_wait_for_ever(tmp_path, value):
    with serving(papers=lambda asked: Reply(status=429, headers={"Retry-After": value})) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        assert fault_of(way) is Fault.BUDGET_EXHAUSTED
        assert (way.clock.slept, len(servers["papers"].asked)) == ([], 1)


@pytest.mark.parametrize("value", NO_WAITS)
def test_what_is_no_wait_is_ours_to_choose(tmp_path, value):
    assert retry_after(value, NOW) is None
    if not value.isascii():
        return  # no header can hold it
    with serving(papers=lambda asked: Reply(status=503, headers={"Retry-After": value})) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        assert fault_of(way) is Fault.UNAVAILABLE
        assert len(servers["papers"].asked) == TRIES
        assert sum(way.clock.slept) <= PATIENCE


def test_many_short_waits_are_one_long_one(tmp_path):
    with serving(papers=lambda asked: Reply(status=429, headers={"Retry-After": "50"})) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        assert fault_of(way) is Fault.BUDGET_EXHAUSTED
        assert sum(way.clock.slept) <= PATIENCE
        assert len(servers["papers"].asked) == 3


def test_waits_are_spread(tmp_path):
    with serving(papers=lambda asked: Reply(status=503)) as servers:
        waits = []
        for seed in range(10):
            way = door(tmp_path / str(seed), {PAPERS: servers["papers"]}, seed=seed)
            fault_of(way)
            waits.append(round(way.clock.slept[0], 6))
    assert len(set(waits)) == 10
    assert all(0 <= wait <= 2 for wait in waits)


def test_who_blocks_us_is_not_asked_again(tmp_path):
    host = "export.arxiv.org"
    with serving(arxiv=lambda asked: Reply(status=403)) as servers:
        way = door(tmp_path, {host: servers["arxiv"], "arxiv.org": servers["arxiv"]})
        assert fault_of(way, f"https://{host}/src/2605.00001v1") is Fault.BLOCKED
        assert fault_of(way, f"https://{host}/pdf/2605.00001v1") is Fault.BLOCKED
        assert fault_of(way, "https://arxiv.org/html/2605.00001v1") is Fault.BLOCKED
        assert len(servers["arxiv"].asked) == 1


# ── how often we ask ─────────────────────────────────────────────────────────────────────────────────────────────────


def ask_often(folder, origin, interval, count, number):
    from claimcheck.sources.cache import Cache
    from claimcheck.sources.http import Door

    way = Door(
        Cache(folder / f"cache{number}"), Pace(folder / "pace", Clock(), {"arxiv": interval}), stand_ins={"export.arxiv.org": origin}
    )
    for step in range(count):
        way.fetch(f"https://export.arxiv.org/{number}/{step}")


@pytest.mark.timeout(120)
def test_four_processes_keep_the_interval(tmp_path):
    interval, count = 0.02, 50
    with serving(arxiv=lambda asked: Reply(b"x")) as servers:
        origin = servers["arxiv"].origin
        context = multiprocessing.get_context("fork")
        workers = [context.Process(target=ask_often, args=(tmp_path, origin, interval, count, number)) for number in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        times = [asked.at for asked in servers["arxiv"].asked]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert (len(times), servers["arxiv"].most_at_once) == (4 * count, 1)
    assert min(gaps) >= interval


def test_arxiv_is_asked_once_in_three_seconds(tmp_path):
    assert INTERVALS["arxiv"] == 3.0
    with serving(arxiv=lambda asked: Reply(b"x")) as servers:
        way = door(tmp_path, {"export.arxiv.org": servers["arxiv"], "arxiv.org": servers["arxiv"]})
        for url in ("https://export.arxiv.org/1", "https://arxiv.org/2", "https://export.arxiv.org/3"):
            way.fetch(url)
        assert way.clock.slept == [3.0, 3.0]


@pytest.mark.parametrize(("stamp", "waits"), [("1e9", 3.0), ("junk", 3.0), ("", 3.0), ("nan", 3.0), ("-5e9", 0.0), ("999.0", 2.0)])
def test_a_stamp_of_another_time_costs_one_interval_at_most(tmp_path, stamp, waits):
    clock = FakeClock()
    (tmp_path / "arxiv.last").write_text(stamp)
    with Pace(tmp_path, clock).turn("arxiv.org"):
        assert sum(clock.slept) == pytest.approx(waits)


# ── where we do not go ───────────────────────────────────────────────────────────────────────────────────────────────

INSIDE = [
    "127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "0.0.0.0", "0", "localhost", "169.254.169.254", "10.0.0.1",
    "172.16.0.1", "192.168.1.1", "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[fe80::1]", "[fc00::1]", "[ff02::1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]",
    "[::127.0.0.1]", "[2001:db8::1]",
]  # fmt: skip
HOSTILE = [
    *(f"https://{host}/paper.pdf" for host in INSIDE),
    "http://papers.example/paper.pdf",
    "file:///etc/passwd",
    "ftp://papers.example/paper.pdf",
    "gopher://papers.example/",
    "data:text/html,x",
    "javascript:alert(1)",
    "//papers.example/x",
    "https://user:word@papers.example/",
    "https://papers.example@127.0.0.1/",
    "https://papers.example:8080/",
    "https://papers.example:22/",
    "https://papers.example:99999/",
    "https://pap%65rs.example/",
    "https://papers.example/\r\nX-Injected: 1",
    "https://papers.example/a b",
    "https://papers.example\\@127.0.0.1/",
    "https:///paper.pdf",
    "https://",
    "",
    "https://[::1/",
    "https://раpers.example/",
    "https://papers.example/" + "a" * 5_000,
]


@pytest.fixture
def opened(monkeypatch):
    """Addresses that a socket was connected to, this machine's stand-ins among them."""
    seen = []
    connect = socket.socket.connect

    def watched(self, address):
        seen.append(address)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    return seen


def numbers_only(host, port):
    """Resolves numbers in every spelling the system takes, and localhost; no name is looked up."""
    if host == "localhost":
        return ["127.0.0.1"]
    number = addresses.as_address(host.strip("[]"))
    if number is None:
        raise OSError(f"{host} is not known in this test")
    return [str(number)]


@pytest.mark.parametrize("url", HOSTILE)
def test_no_socket_is_opened_to_a_hostile_address(tmp_path, opened, url):
    assert fault_of(door(tmp_path, {}, look_up=numbers_only), url) is Fault.REFUSED
    assert opened == []


def test_forty_hostile_addresses_are_tried():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("url", HOSTILE)
def test_no_redirect_leads_to_a_hostile_address(tmp_path, opened, url):
    location = "".join(c for c in url if c not in "\r\n").encode().decode("latin-1")
    with serving(papers=lambda asked: Reply(status=302, headers={"Location": location})) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]}, look_up=numbers_only)
        assert fault_of(way) in (Fault.REFUSED, Fault.REDIRECTS)
        own = ("127.0.0.1", int(servers["papers"].origin.rpartition(":")[2]))
        assert set(opened) == {own}


def test_a_name_that_resolves_inside_is_refused(tmp_path, opened):
    for answers in (["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::1"], ["fe80::1%eth0"], []):
        assert fault_of(door(tmp_path, {}, look_up=lambda host, port, found=answers: found), "https://inside.example/") is Fault.REFUSED
    assert opened == []


def test_the_address_that_was_checked_is_the_one_connected_to(tmp_path, monkeypatch):
    """A name server that answers with another address the second time is never asked a second time for one connection."""
    answers, connected = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"]), []

    def create_connection(address, timeout):
        connected.append(address[0])
        raise ConnectionRefusedError("as if it were down")

    monkeypatch.setattr(addresses.socket, "create_connection", create_connection)
    way = door(tmp_path, {}, look_up=lambda host, port: [next(answers)])
    assert fault_of(way, "https://rebinding.example/") is Fault.REFUSED
    assert connected == ["93.184.215.14"]


@pytest.mark.parametrize("number", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::"])
def test_the_public_internet_is_public(number):
    assert addresses.is_public(ipaddress.ip_address(number))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for papers.example and its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("makes a certificate with openssl, which is not here")
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "certificate.pem"
    named = ["-subj", f"/CN={PAPERS}", "-addext", f"subjectAltName=DNS:{PAPERS}"]
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", *named]
    subprocess.run([*make, "-keyout", key, "-out", made], check=True, capture_output=True)
    made.write_bytes(made.read_bytes() + key.read_bytes())
    return made


@pytest.fixture
def over_tls(tmp_path, certificate, monkeypatch):
    """A door whose every public address is one TLS server on this machine, whose certificate is trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(papers=lambda asked: Reply(b"over TLS: " + asked.headers["Host"].encode())) as servers:
        http = servers["papers"].http
        http.socket = context.wrap_socket(http.socket, server_side=True)
        connect = socket.create_connection
        monkeypatch.setattr(
            addresses.socket, "create_connection", lambda address, timeout: connect(("127.0.0.1", http.server_address[1]), timeout)
        )
        way = door(tmp_path, {}, look_up=lambda host, port: ["93.184.215.14"])
        way.session.verify = str(certificate)
        yield way


def test_the_real_way_is_tls_to_the_checked_address(over_tls):
    assert over_tls.fetch(URL).content() == b"over TLS: papers.example"
    assert over_tls.fetch(URL + "?again").content() == b"over TLS: papers.example"


def test_a_certificate_of_another_name_is_no_way(over_tls):
    assert fault_of(over_tls, "https://other.example/") is Fault.UNREACHABLE


def test_a_certificate_nobody_vouches_for_is_no_way(over_tls):
    over_tls.session.verify = True
    assert fault_of(over_tls) is Fault.UNREACHABLE


def test_a_stand_in_is_on_this_machine_and_no_url_reaches_it(tmp_path, opened):
    with pytest.raises(ValueError, match="stand-in"):
        door(tmp_path, {}).__class__(None, None, stand_ins={"x.example": "http://192.168.1.1:80"})
    with serving(papers=lambda asked: Reply(b"secret")) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        assert fault_of(way, servers["papers"].origin + "/one") is Fault.REFUSED


def test_redirects_end(tmp_path):
    def answer(asked):
        number = int(asked.path.rpartition("/")[2])
        return Reply(status=301, headers={"Location": f"/r/{(number + 1) % 3 if asked.path.startswith('/r') else number + 1}"})

    with serving(papers=answer, far=lambda asked: Reply(status=302, headers={"Location": f"{asked.path}x"})) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"], "far.example": servers["far"]})
        assert fault_of(way, f"https://{PAPERS}/r/0") is Fault.REDIRECTS
        assert fault_of(way, "https://far.example/a") is Fault.REDIRECTS
        assert len(servers["far"].asked) == 6


# ── what we do not let out ───────────────────────────────────────────────────────────────────────────────────────────

CANARY = "canary-9f2/ü+key"


def test_keys_go_out_with_the_request_and_nowhere_else(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)

    def echo(asked):
        if asked.path == "/moved":
            return Reply(status=302, headers={"Location": f"/kept?api_key={asked.query['api_key']}".encode().decode("latin-1")})
        return Reply(f"{asked.query} {asked.headers} {asked.url}", headers={"Content-Disposition": f'attachment; filename="{asked.url}"'})

    secrets = Secrets(headers={"x-api-key": "canary-header"}, parameters={"api_key": CANARY})
    with serving(papers=echo) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        answer = way.fetch(URL + "?q=1", secrets=secrets)
        way.fetch(f"https://{PAPERS}/moved", secrets=secrets)
        assert servers["papers"].asked[0].query["api_key"] == CANARY
        assert servers["papers"].asked[0].headers["x-api-key"] == "canary-header"
    assert isinstance(answer, Answer)
    everything = repr(answer) + repr(secrets) + caplog.text + "".join(capfd.readouterr())
    everything += "".join(path.read_text(errors="replace") + str(path) for path in tmp_path.rglob("*") if path.is_file())
    assert "canary" not in everything


def test_keys_do_not_follow_a_redirect_to_another_host(tmp_path):
    secrets = Secrets(headers={"x-api-key": "canary"}, parameters={"api_key": "canary"})
    elsewhere = {"Location": "https://other.example/there?api_key=canary&q=1"}
    with serving(papers=lambda asked: Reply(status=302, headers=elsewhere), other=lambda asked: Reply(b"there")) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"], "other.example": servers["other"]})
        assert way.fetch(URL, secrets=secrets).content() == b"there"
        assert "canary" not in str(servers["other"].asked)


def test_faults_do_not_name_the_key(tmp_path):
    secrets = Secrets(parameters={"api_key": "canary"})
    with serving(papers=lambda asked: Reply(status=401)) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"]})
        for url in (URL, "https://nowhere.example/x"):
            with pytest.raises(SourceFault) as caught:
                way.fetch(url, secrets=secrets)
            assert "canary" not in str(caught.value)
            assert caught.value.__cause__ is None


def test_only_providers_learn_whom_to_write_to(tmp_path):
    with serving(papers=lambda asked: Reply(b"x"), crossref=lambda asked: Reply(b"x")) as servers:
        way = door(tmp_path, {PAPERS: servers["papers"], "api.crossref.org": servers["crossref"]}, mailto="me@lab.example")
        way.fetch(URL)
        way.fetch("https://api.crossref.org/works")
        assert "me@lab.example" not in str(servers["papers"].asked)
        assert "mailto:me@lab.example" in servers["crossref"].asked[0].headers["User-Agent"]
