"""Frozen records to and from plain dictionaries, with every name and type checked. Standard library only."""

import json
import types
import typing
from collections.abc import Iterable
from dataclasses import asdict, fields, is_dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of an error message about an unknown name: what it may have meant, else all that is known."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(names) or 'none'}"


def to_dict(record: "DataclassInstance") -> dict[str, Any]:
    """A record as plain data; tuples become lists, as in JSON."""
    return cast(dict[str, Any], json.loads(json.dumps(asdict(record))))


def from_dict(cls: type[R], data: dict[str, Any]) -> R:
    """A record from plain data, checked against the types of its fields. Raises a ValueError that names what is wrong."""
    return cast(R, _read(cls, data, cls.__name__))


def _read(kind: object, value: object, where: str) -> object:
    """`value` as a `kind`, or a ValueError that says where it is not one."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_record(kind, value, where)
    if origin in (typing.Union, types.UnionType):
        return _read_union(inner, value, where)
    if origin is typing.Literal and value in inner:
        return value
    if origin in (tuple, list, dict):
        return _read_container(kind, value, where)
    if kind is float and type(value) is int:
        return float(value)
    if isinstance(kind, type) and isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    raise ValueError(f"{where} must be {kind.__name__ if isinstance(kind, type) else kind}, got {value!r}")


def _read_container(kind: object, value: object, where: str) -> object:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is dict and isinstance(value, dict):
        return {_read(inner[0], k, where): _read(inner[1], v, f"{where}[{k!r}]") for k, v in value.items()}
    if origin is not dict and isinstance(value, list | tuple):
        kinds = list(inner) if origin is tuple and inner[-1] is not Ellipsis else [inner[0]] * len(value)
        if len(kinds) == len(value):
            items = [_read(k, v, f"{where}[{i}]") for i, (k, v) in enumerate(zip(kinds, value, strict=True))]
            return tuple(items) if origin is tuple else items
    raise ValueError(f"{where} must be {kind}, got {value!r}")


def _read_union(kinds: tuple[object, ...], value: object, where: str) -> object:
    if type(value) in kinds:
        return value
    return _read(next(kind for kind in kinds if kind is not type(None)), value, where)


def _read_record(cls: "type[DataclassInstance]", value: object, where: str) -> object:
    if isinstance(value, cls):
        return value
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be a dictionary, got {value!r}")
    kinds = typing.get_type_hints(cls)
    known = [entry.name for entry in fields(cls)]
    for key in value:
        if key not in known:
            raise ValueError(f"{where} has no field {key!r}; {nearest(str(key), known)}")
    arguments = {key: _read(kinds[key], item, f"{where}.{key}") for key, item in value.items()}
    try:
        return cls(**arguments)
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from None
