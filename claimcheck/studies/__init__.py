"""Papers we can rerun. A new one is a folder here and a line below."""

from claimcheck.document import Document
from claimcheck.studies import latent_dynamics
from claimcheck.studies.study import Study

STUDIES: dict[str, Study] = {"latent_dynamics": latent_dynamics.STUDY}

BUNDLED = STUDIES["latent_dynamics"]
"""The study that commands read when no SOURCE is given."""


def recognise(document: Document) -> Study | None:
    """The study whose paper this document is, or is a synthesis of."""
    return next((study for study in STUDIES.values() if study.recognises(document)), None)
