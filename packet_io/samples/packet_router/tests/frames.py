# SPDX-License-Identifier: Apache-2.0
"""Frames made by hand, and capture files to keep them in."""

import struct

ETHERNET, NULL, RAW, LOOP, COOKED, COOKED_V2 = 1, 0, 101, 108, 113, 276
TCP, UDP, ICMP = 6, 17, 1
IPV4, IPV6, VLAN, QINQ, QINQ_OLD = 0x0800, 0x86dd, 0x8100, 0x88a8, 0x9100
HOP_BY_HOP, ROUTING, FRAGMENT, AH, DESTINATION = 0, 43, 44, 51, 60


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def transport(protocol, payload=b""):
    """A header of that protocol and what it carries. Ports that no dissector claims."""
    if protocol == TCP:
        return struct.pack("!HHIIBBHHH", 40001, 40002, 1, 0, 0x50, 0x10, 1000, 0, 0) + payload
    if protocol == UDP:
        return struct.pack("!HHHH", 40001, 40002, 8 + len(payload), 0) + payload
    return struct.pack("!BBHHH", 8, 0, 0, 1, 1) + payload


def ipv4(protocol, payload, fragment=0, options=b"", number=1):
    length = 20 + len(options) + len(payload)
    header = struct.pack("!BBHHHBBH4s4s", 0x40 | (5 + len(options) // 4), 0, length, number, fragment, 64, protocol,
                         0, b"\x0a\0\0\1", b"\x0a\0\0\2") + options
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ipv6(protocol, payload):
    return struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + b"\xfd" + b"\0" * 14 + b"\1" + b"\xfd" \
        + b"\0" * 14 + b"\2" + payload


def extension(kind, following, payload, fragment=0, size=0):
    """An extension header before payload, whose protocol is following."""
    if kind == FRAGMENT:
        return struct.pack("!BBHI", following, 0, fragment, 77) + payload
    if kind == AH:
        return struct.pack("!BBHII", following, 1 + 3, 0, 1, 1) + b"\0" * 12 + payload
    if kind == ROUTING:
        return struct.pack("!BBBBI", following, 2, 0, 0, 0) + b"\0" * 16 + payload
    return struct.pack("!BBBB", following, size, 1, 4 + 8 * size if size < 31 else 252) \
        + b"\0" * (4 + 8 * size) + payload


def ethernet(kind, payload, tags=()):
    """An Ethernet frame, with tags of these kinds from the outermost on."""
    frame = b"\x02\0\0\0\0\1\x02\0\0\0\0\2"
    for number, tag in enumerate(tags):
        frame += struct.pack("!HH", tag, 100 + number)
    return frame + struct.pack("!H", kind) + payload


def write_pcap(path, link_type, frames, order="<", nanoseconds=False, snaplen=262144):
    """A capture file; frame number n has the time n seconds and n parts of one."""
    with open(path, "wb") as file:
        magic = 0xa1b23c4d if nanoseconds else 0xa1b2c3d4
        file.write(struct.pack(order + "IHHIIII", magic, 2, 4, 0, 0, snaplen, link_type))
        for number, frame in enumerate(frames):
            file.write(struct.pack(order + "IIII", 1000 + number, number, len(frame), len(frame)) + frame)


def read_pcap(path):
    """(link type, [(seconds, nanoseconds, length on the wire, bytes)]); an error if it is not whole."""
    with open(path, "rb") as file:
        data = file.read()
    return parse_pcap(data)


def parse_pcap(data):
    magic, = struct.unpack_from("=I", data)
    unit = {0xa1b2c3d4: 1000, 0xa1b23c4d: 1}[magic]
    link_type, = struct.unpack_from("=I", data, 20)
    records = []
    at = 24
    while at < len(data):
        seconds, fraction, captured, wire = struct.unpack_from("=IIII", data, at)
        at += 16
        if at + captured > len(data):
            raise ValueError("the file is cut short")
        records.append((seconds, fraction * unit, wire, data[at:at + captured]))
        at += captured
    return link_type, records


def whole_frames(path):
    """How many frames of a file that is being written are in it whole."""
    with open(path, "rb") as file:
        data = file.read()
    count, at = 0, 24
    while at + 16 <= len(data):
        at += 16 + struct.unpack_from("=I", data, at + 8)[0]
        count += at <= len(data)
    return count


def bytes_of(path):
    """The frames of a file, without anything else."""
    return [record[3] for record in read_pcap(path)[1]]
