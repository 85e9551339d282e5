"""What portal and module share, made a second time: vouching (record/vouch.h) with hashlib, tokens (record/token.h) with libsodium."""

import base64
import ctypes
import ctypes.util
import hashlib
import hmac
import os
import struct
import time

ASKS = ["notice", "coach", "claim", "person"]


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert encode(data) == text, text
    return data


def mac(key, text, method, path):
    return hashlib.blake2b(f"{text}\0{method}\0{path}".encode(), key=key, person=b"portreeve-vouch\0", digest_size=32).digest()


def vouch(key, user, method, path, now=None):
    """The value of X-Portreeve-User, as the module makes it."""
    text = f"v1.{int(time.time() if now is None else now) + 60}.{encode(os.urandom(16))}.{encode(user.encode())}"
    return f"{text}.{encode(mac(key, text, method, path))}"


def vouched(key, value, method, path):
    """(user, expiry) of a header that is good for this request, or None."""
    text, _, told = value.rpartition(".")
    version, expiry, _, user, *told_groups = text.split(".")
    if version != ("v2" if told_groups else "v1") or not hmac.compare_digest(mac(key, text, method, path), decode(told)):
        return None
    return decode(user).decode(), int(expiry)


def groups(value):
    """The groups that a header tells; None where it tells none."""
    parts = value.split(".")
    return decode(parts[4]).decode().split(",") if parts[0] == "v2" else None


def token(key, text):
    """What was sealed, as a dictionary; None where the key opens nothing."""
    sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
    assert sodium.sodium_init() >= 0
    box = decode(text)
    own = hashlib.blake2b(b"", key=key, person=b"portreeve-token\0", digest_size=32).digest()
    clear, size = ctypes.create_string_buffer(len(box)), ctypes.c_ulonglong()
    nonce, sealed = box[:24], box[24:]
    if sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(clear, ctypes.byref(size), None, sealed, ctypes.c_ulonglong(len(sealed)),
                                                         None, ctypes.c_ulonglong(0), nonce, own):
        return None
    data = clear.raw[:size.value]
    form, ask, expiry = struct.unpack_from("<BBQ", data)
    assert form == 1
    found, at = {"ask": None if ask == 0xff else ASKS[ask], "expiry": expiry, "nonce": nonce[:16]}, 10
    for name in ("user", "platform", "rule", "version", "back"):
        n, = struct.unpack_from("<H", data, at)
        found[name] = data[at + 2:at + 2 + n].decode()
        at += 2 + n
    assert at == len(data)
    return found
