"""Becomes another program, one that ends with its parent and, under root, owns no root's rights.

Run as a script between a parent and the program it wants: PARENT SIGNAL USER PROGRAM [ARGUMENT...].
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def end_with(parent: int, how: int) -> None:
    """Ask the kernel to signal us when the parent ends, however it ends (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("The process that asked for this one has ended already.")


def become(user: str) -> None:
    """Give up root for an ordinary user, but keep the right to pass through root's own folders.

    PostgreSQL refuses to run as root, yet a clone under /root is closed to everybody else.
    Keeping the one right spares us from opening those folders to the whole machine.
    """
    account = pwd.getpwnam(user)
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    if libc:
        kept = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(kept, kept, kept, 0, 0, 0)
        libc.capset(header, sets)
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def main() -> None:
    parent, how, user, *command = sys.argv[1:]
    if user:
        become(user)
    end_with(int(parent), signal.Signals[how])
    os.execvpe(command[0], command, os.environ)


if __name__ == "__main__":
    main()
