"""Limits of the process that reads a file: memory, time, size, files, and no network.

Layers, each of which holds by itself: resource limits; a seccomp filter (Linux on x86-64 and
AArch64) without sockets, new programs or processes; Landlock (Linux 5.13) with no file to read
but libraries and the copy, and none to write but the result; an audit hook that keeps Python
from sockets and programs on every system. They are set before anything of the file is read, by
the process itself, and can't be taken back.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from data.untrusted.limits import Limits

_OPEN_FILES = 256
_WRITTEN = 4  # times what may be unpacked: numbers are longer as text
_NEW_PRIVILEGES = 38  # prctl: PR_SET_NO_NEW_PRIVS
_SECCOMP = 22  # prctl: PR_SET_SECCOMP
_FILTER = 2  # SECCOMP_MODE_FILTER

# Of linux/bpf_common.h and linux/seccomp.h; offsets in struct seccomp_data.
_LOAD, _EQUAL, _AT_LEAST, _SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _MACHINE, _FLAGS = 0, 4, 16
_EPERM, _ENOSYS = 1, 38
_THREAD = 0x00010000  # CLONE_THREAD
_X32 = 0x40000000  # the other numbering on x86-64

# Architecture as seccomp names it; `clone`; `clone3`; calls that reading a file never needs:
# socket, connect, accept, sendto, sendmsg, bind, listen, socketpair, accept4, sendmmsg,
# io_uring_setup, ptrace, process_vm_readv/writev, execve, execveat, fork, vfork, unshare,
# setns, mount, bpf, keyctl, userfaultfd, kill, tkill, pidfd_getfd.
_MACHINES: Final = {
    "x86_64": (
        0xC000003E,
        56,
        435,
        *(41, 42, 43, 44, 46, 49, 50, 53, 288, 307, 425, 101, 310, 311, 59, 322, 57, 58, 272),
        *(308, 165, 321, 250, 323, 62, 200, 438),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        435,
        *(198, 203, 202, 206, 211, 200, 201, 199, 242, 269, 425, 117, 270, 271, 221, 281, 97),
        *(268, 40, 280, 219, 282, 129, 130, 438),
    ),
}

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ = 0b1100  # LANDLOCK_ACCESS_FS_READ_FILE and READ_DIR
_FILE_SYSTEM = 2**13 - 1  # all rights of the first version
_REFER, _TRUNCATE = 2**13, 2**14  # of the second and third
_TCP = 0b11  # bind and connect, of the fourth
_TCP_SINCE = 4
_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def confine(limits: Limits, folder: Path) -> None:
    """Set every limit that the system has, for the rest of this process.

    Parameters
    ----------
    limits
        Memory and time.
    folder
        The one that may be written to.
    """
    _resources(limits)
    sys.addaudithook(_audit)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        if libc.prctl(_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
            _landlock(libc, folder)
            _seccomp(libc)


def _resources(limits: Limits) -> None:
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return
    seconds = int(limits.seconds) + 1
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _WRITTEN * limits.unpacked_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _audit(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN_EVENTS):
        msg = f"{event} while a file is read"
        raise PermissionError(msg)


def _seccomp(libc: ctypes.CDLL) -> None:
    """Let calls for sockets, programs and processes fail; on machines not known, do nothing."""
    if platform.machine() not in _MACHINES or sys.maxsize < 2**32:
        return
    machine, clone, clone3, *forbidden = _MACHINES[platform.machine()]
    program = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
        (_EQUAL, 0, 1, clone3),  # its flags can't be looked at; libraries fall back to clone
        (_RETURN, 0, 0, _ERROR | _ENOSYS),
    ]
    for call in forbidden:
        program += [(_EQUAL, 0, 1, call), (_RETURN, 0, 0, _ERROR | _EPERM)]
    program += [
        (_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, _FLAGS),
        (_SET, 1, 0, _THREAD),
        (_RETURN, 0, 0, _ERROR | _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    packed = b"".join(struct.pack("=HBBI", *step) for step in program)
    steps = ctypes.create_string_buffer(packed, len(packed))
    head = struct.pack("@HP", len(program), ctypes.addressof(steps))
    libc.prctl(_SECCOMP, _FILTER, ctypes.create_string_buffer(head, len(head)), 0, 0)


def _landlock(libc: ctypes.CDLL, folder: Path) -> None:
    """Leave libraries to be read and `folder` to be written, where the kernel has Landlock."""
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return
    rights = _FILE_SYSTEM | (_REFER if version > 1 else 0) | (_TRUNCATE if version > 2 else 0)  # noqa: PLR2004
    rule = struct.pack("=QQ", rights, _TCP if version >= _TCP_SINCE else 0)
    rules = libc.syscall(_LANDLOCK_CREATE, rule, len(rule) if version >= _TCP_SINCE else 8, 0)
    if rules < 0:
        return
    for path, allowed in (*((path, _READ) for path in _libraries()), (str(folder), rights)):
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        of_file = 0b100 if not Path(path).is_dir() else allowed
        beneath = struct.pack("=Qi", of_file, place)
        libc.syscall(_LANDLOCK_ADD, rules, 1, beneath, 0)
        os.close(place)
    libc.syscall(_LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)


def _libraries() -> set[str]:
    """Where Python, its packages, shared libraries and their data lie; no folder of a user."""
    ours = Path(__file__).parent
    root = str(ours.parent.parent)
    python = {sys.prefix, sys.base_prefix, *sys.path, str(ours)} - {"", "/", "/usr", root}
    system = {"/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share", "/lib", "/lib64"}
    system |= {"/nix/store", "/gnu/store"}
    settings = {"/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom"}
    data = {os.environ[name] for name in ("PROJ_DATA", "GDAL_DATA") if name in os.environ}
    return python | system | settings | data
