"""Runs a program as on a kernel without IPv6: socket(AF_INET6) fails with EAFNOSUPPORT. x86-64 only (a seccomp filter).

Arguments: the program and its arguments.
"""

import ctypes
import errno
import os
import socket
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, FAIL_WITH = 0x7FFF0000, 0x00050000
SYSCALL, FIRST_ARGUMENT = 0, 16
SOCKET_CALL = 41


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def instruction(code, value, if_true=0, if_false=0):
    return struct.pack("HBBI", code, if_true, if_false, value)


def main():
    code = b"".join([
        instruction(LOAD, SYSCALL),
        instruction(JUMP_IF_EQUAL, SOCKET_CALL, 0, 3),
        instruction(LOAD, FIRST_ARGUMENT),
        instruction(JUMP_IF_EQUAL, socket.AF_INET6, 0, 1),
        instruction(RETURN, FAIL_WITH | errno.EAFNOSUPPORT),
        instruction(RETURN, ALLOW)])
    kept = ctypes.create_string_buffer(code)
    program = Program(len(code) // 8, ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0):
        sys.exit("prctl: " + os.strerror(ctypes.get_errno()))
    os.execv(sys.argv[1], sys.argv[1:])


main()
