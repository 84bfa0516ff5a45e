"""Which addresses may be asked: https, the public internet, nothing else, whatever a paper, a database or a redirect says.

A name is resolved once and the very address that was checked is connected to, so that a name server which answers differently the second
time (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager

from claimcheck.sources.faults import Fault, SourceFault

Resolve = Callable[[str, int], Sequence[str]]
"""A host name and a port to the addresses it has, as text. OSError if there are none."""

PORT = 443
LONGEST = 4_000
"""Characters of an address: a long question in a script that takes nine characters a letter fits, a paper's reference is far shorter."""


def checked_url(url: str) -> str:
    """The address if it may be asked for, else SourceFault `refused`. Names are checked again when they are resolved."""
    if len(url) > LONGEST or not url.isascii() or any(ord(c) <= 32 or ord(c) == 127 or c in '\\"<>^`{|}' for c in url):
        raise refused(url, "holds characters that no address has")
    try:
        split = urlsplit(url)
        host, port = split.hostname or "", split.port
    except ValueError:
        raise refused(url, "is not an address") from None
    if split.scheme != "https":
        raise refused(url, "is not https")
    if not host or "@" in split.netloc or "%" in split.netloc:
        raise refused(url, "names no host, or hides one behind a user name")
    if port not in (None, PORT):
        raise refused(url, f"asks for port {port}")
    if (number := as_address(host)) is not None and not is_public(number):
        raise refused(url, "is not on the public internet")
    return url


def refused(url: str, why: str) -> SourceFault:
    shown = url if len(url) <= 100 else url[:97] + "..."
    return SourceFault(Fault.REFUSED, f"{shown} {why}; nothing was asked of it")


def as_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The number that a host is, in any of the spellings the C library takes (`127.1`, `0x7f.1`, `2130706433`); None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether anybody's packets reach it: an IPv4 address carried inside an IPv6 one counts as itself."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in ipaddress.ip_network("64:ff9b::/96") or int(address) >> 32 == 0:  # NAT64, and the old IPv4-compatible form
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(known is not None and not is_public(known) for known in inner):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, from the system."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def public_addresses(host: str, port: int, look_up: Resolve = resolve) -> list[str]:
    """The addresses of a name; SourceFault `refused` if one of them is not public: nobody needs a name that is half inside."""
    found = [address.partition("%")[0] for address in look_up(host, port)]
    if not found or not all(is_public(ipaddress.ip_address(address)) for address in found):
        raise SourceFault(Fault.REFUSED, f"{host} is not on the public internet; nothing was asked of it")
    return found


class _Connection(HTTPSConnection):
    """Connects to an address that was checked; the certificate is still that of the name."""

    look_up: Resolve = staticmethod(resolve)

    def _new_conn(self) -> socket.socket:
        port = self.port or PORT
        try:
            addresses = public_addresses(self.host, port, self.look_up)
        except (OSError, UnicodeError) as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from None
        last: OSError | None = None
        for address in addresses:
            try:
                return socket.create_connection((address, port), self.timeout)  # a number: nothing is looked up again
            except TimeoutError:
                raise ConnectTimeoutError(self, "timed out") from None
            except OSError as error:
                last = error
        raise NewConnectionError(self, f"cannot connect: {last}") from None


class PublicAdapter(HTTPAdapter):
    """Sends requests over TLS to public addresses only."""

    def __init__(self, look_up: Resolve = resolve) -> None:
        self.look_up = look_up
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # as the library has it
        connection = type("Connection", (_Connection,), {"look_up": staticmethod(self.look_up)})
        pool = type("Pool", (HTTPSConnectionPool,), {"ConnectionCls": connection})
        self.poolmanager = PoolManager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": pool}
