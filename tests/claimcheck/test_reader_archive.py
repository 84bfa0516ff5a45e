import gzip
import io
import tarfile
import zipfile

import pytest

from claimcheck import readers
from claimcheck.document import Unreadable
from claimcheck.readers import archive

MAIN = b"\\documentclass{article}\\begin{document}Main text.\\input{sec/one}\\end{document}"


def tar(members: dict[str, bytes], *, special=()) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
        for info in special:
            packed.addfile(info)
    return buffer.getvalue()


def special(name: str, kind: bytes, target: str = "/etc/passwd") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def reason(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        readers.read(data, "paper.tar.gz")
    return caught.value.reason


def test_source_archive_is_read_from_its_main_file():
    document = readers.read(tar({"sec/one.tex": b"From one.", "main.tex": MAIN, "fig.png": b"\x89PNG"}), "1706.03762v5.tar.gz")
    assert [sentence.text for sentence in document.sentences()] == ["Main text.", "From one."] or "From one." in document.sections[
        0
    ].sentences[-1].text
    assert document.version == "v5"


def test_gzipped_single_file_and_zip_are_read():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("a/main.tex", MAIN)
    for data in (gzip.compress(MAIN), packed.getvalue()):
        assert readers.read(data, "0704.0001").format == "latex"


@pytest.mark.parametrize("name", ["../evil.tex", "/etc/evil.tex", "a/../../evil.tex", "C:\\evil.tex"])
def test_names_that_leave_the_archive_are_passed_over(name):
    files, flags = archive.unpack(tar({name: b"x", "main.tex": MAIN}), "p")
    assert list(files) == ["main.tex"]
    assert flags == {"unsafe_member"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_passed_over(kind):
    files, flags = archive.unpack(tar({"main.tex": MAIN}, special=[special("s.tex", kind)]), "p")
    assert list(files) == ["main.tex"]
    assert flags == {"unsafe_member"}


def test_hidden_files_are_passed_over():
    assert list(archive.unpack(tar({".git/x.tex": b"x", "main.tex": MAIN}), "p")[0]) == ["main.tex"]


def test_zeros_without_end_are_too_big():
    assert reason(tar({"main.tex": MAIN, "zeros.bin": bytes(60_000_000)})) == "too_big"
    assert reason(gzip.compress(bytes(60_000_000))) == "too_big"


def test_too_many_files_are_too_big():
    assert reason(tar({f"{number}.txt": b"" for number in range(archive.MAX_FILES + 1)})) == "too_big"


def test_zip_that_inflates_too_far_is_too_big():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("main.tex", bytes(60_000_000))
    assert reason(packed.getvalue()) == "too_big"


def test_cut_archive_is_damaged_or_flagged():
    whole = tar({"main.tex": MAIN * 50})
    with pytest.raises(Unreadable):
        readers.read(whole[:40], "p.tar.gz")


def test_archive_without_a_paper_says_so():
    assert reason(tar({"a.csv": b"1,2", "b.png": b"\x89PNG"})) in ("no_source", "empty")
