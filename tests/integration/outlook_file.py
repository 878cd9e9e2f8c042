"""Writes Outlook messages for tests, byte by byte: no library with a free licence does.

A compound file (MS-CFB) with the streams that MS-OXMSG asks for: enough for what reads such files.
"""

import struct
from dataclasses import dataclass, field
from datetime import datetime

SECTOR, SMALL, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STRING, BINARY, TIME, INTEGER = 0x001F, 0x0102, 0x0040, 0x0003


@dataclass
class Folder:
    """A storage: streams and further storages by name."""

    streams: dict[str, bytes] = field(default_factory=dict)
    folders: dict[str, "Folder"] = field(default_factory=dict)


def folder_of(properties: dict[int, object], head: bytes) -> Folder:
    """A storage with these properties: text, bytes, a moment or a number by id."""
    made, table = Folder(), head
    for key, value in properties.items():
        match value:
            case str():
                kind, data = STRING, value.encode("utf-16-le")
            case bytes():
                kind, data = BINARY, value
            case datetime():
                ticks = int((value.timestamp() + 11_644_473_600) * 10_000_000)
                table += struct.pack("<HHIQ", TIME, key, 6, ticks)
                continue
            case _:
                table += struct.pack("<HHIIi", INTEGER, key, 6, int(str(value)), 0)
                continue
        made.streams[f"__substg1.0_{key:04X}{kind:04X}"] = data
        table += struct.pack("<HHIII", kind, key, 6, len(data) + (2 if kind == STRING else 0), 0)
    made.streams["__properties_version1.0"] = table
    return made


def message(
    properties: dict[int, object],
    *,
    recipients: tuple[dict[int, object], ...] = (),
    attached: tuple["dict[int, object] | Folder", ...] = (),
    inside: bool = False,
) -> Folder:
    """A message; what is `attached` are properties of a file, or the folder of a message inside this one."""
    counts = struct.pack("<8x4I", len(recipients), len(attached), len(recipients), len(attached))
    made = folder_of(properties, counts + (b"" if inside else bytes(8)))
    for number, one in enumerate(recipients):
        made.folders[f"__recip_version1.0_#{number:08X}"] = folder_of(one, bytes(8))
    for number, piece in enumerate(attached):
        name = f"__attach_version1.0_#{number:08X}"
        if isinstance(piece, Folder):
            made.folders[name] = folder_of({0x3705: 5, 0x3001: "forwarded"}, bytes(8))
            made.folders[name].folders["__substg1.0_3701000D"] = piece
        else:
            made.folders[name] = folder_of({0x3705: 1, **piece}, bytes(8))
    return made


def file_of(root: Folder) -> bytes:
    """The bytes of the compound file."""
    entries, small = [["Root Entry", 5, FREE, FREE, END, 0]], list[tuple[int, bytes]]()
    _list(root, 0, entries, small)
    little = b"".join(_padded(data, SMALL) for _, data in small)
    sectors, fat = list[bytes](), list[int]()
    for place, entry in enumerate(entries):
        if entry[1] == 2 and isinstance(entry[4], bytes):
            data = entry[4]
            entries[place][4], entries[place][5] = _stored(data, sectors, fat), len(data)
    minifat, at = list[int](), 0
    for place, data in small:
        count = -(-len(data) // SMALL)
        entries[place][4], entries[place][5] = at, len(data)
        minifat += [*range(at + 1, at + count), END]
        at += count
    entries[0][4], entries[0][5] = (_stored(little, sectors, fat) if little else END), len(little)
    minifat_at = _stored(_padded(struct.pack(f"<{len(minifat)}I", *minifat), SECTOR, b"\xff"), sectors, fat)
    minifat_count = -(-len(minifat) * 4 // SECTOR)
    directory = b"".join(_entry(*entry) for entry in entries)
    directory_at = _stored(directory, sectors, fat)
    needed = -(-(len(fat) + 1) * 4 // (SECTOR - 4))
    fat_at = len(fat)
    fat += [FAT] * needed
    table = _padded(struct.pack(f"<{len(fat)}I", *fat), SECTOR * needed, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, needed, directory_at, 0, CUTOFF, minifat_at, minifat_count, END, 0)
    where = [*range(fat_at, fat_at + needed), *[FREE] * (109 - needed)]
    return head + struct.pack("<109I", *where) + b"".join(sectors) + table


def _list(folder: Folder, parent: int, entries: list[list], small: list[tuple[int, bytes]]) -> None:
    """Directory entries of what lies in a folder, chained as right-hand siblings in the order that the format asks for."""
    places = {}
    for name in sorted([*folder.streams, *folder.folders], key=lambda name: (len(name), name.upper())):
        place = len(entries)
        if places:
            entries[place - 1][2] = place
        else:
            entries[parent][3] = place
        places[name] = place
        data = folder.streams.get(name)
        entries.append([name, 1 if data is None else 2, FREE, FREE, data if data and len(data) >= CUTOFF else 0, 0])
        if data and len(data) < CUTOFF:
            small.append((place, data))
    for name, inner in folder.folders.items():
        _list(inner, places[name], entries, small)


def _stored(data: bytes, sectors: list[bytes], fat: list[int]) -> int:
    at, padded = len(fat), _padded(data, SECTOR)
    count = len(padded) // SECTOR
    sectors.extend(padded[place : place + SECTOR] for place in range(0, len(padded), SECTOR))
    fat += [*range(at + 1, at + count), END]
    return at


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    spelled = name.encode("utf-16-le") + b"\0\0"
    said = _padded(spelled, 64) + struct.pack("<HBB", len(spelled), kind, 1) + struct.pack("<III", FREE, right, child)
    return said + bytes(36) + struct.pack("<IQ", start, size)


def _padded(data: bytes, size: int, filler: bytes = b"\0") -> bytes:
    return data + filler * (-len(data) % size)
