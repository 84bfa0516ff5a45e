"""The page of a PDF that a claim stands on, as a picture with its sentence or cell boxed."""

import hashlib
from pathlib import Path

from claimcheck.document import Unreadable
from claimcheck.dossier import Claim, Dossier, Source
from claimcheck.files import write_atomically
from claimcheck.readers import pdf


def picture(dossier: Dossier, claim: Claim) -> bytes:
    """A PNG of the claim's page. Raises Unreadable if its source is no PDF, is gone or is no longer what was read."""
    where = claim.where
    source = next((source for source in dossier.sources if source.name == where.document), None)
    if source is None or where.page is None:
        raise Unreadable("not_a_pdf", f"claim {claim.number} stands in {where}, which is not a PDF and has no pages to show")
    content = unchanged(source)
    return pdf.page_image(content, source.name, where.page, [] if where.box is None else [where.box])


def unchanged(source: Source) -> bytes:
    """The bytes a dossier was made from, read again."""
    if not source.path:
        raise Unreadable("not_found", f"{source.name}: the dossier does not say where it was read; extract it again from a file")
    try:
        content = Path(source.path).read_bytes()
    except OSError as error:
        raise Unreadable(
            "not_found", f"{source.path}: cannot be read any more ({error.strerror}); put it back, or extract it again"
        ) from None
    if hashlib.sha256(content).hexdigest() != source.sha256:
        raise Unreadable("changed", f"{source.path}: has changed since it was read; extract it again")
    return content


def write(dossier: Dossier, claim: Claim, folder: Path) -> Path:
    """The picture as a file in `folder`."""
    path = folder / f"claim-{claim.number}.png"
    write_atomically(path, picture(dossier, claim))
    return path
