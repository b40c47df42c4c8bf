"""RSA and NIST P-256: keys that may sign and that few do, so that few wait for their import."""

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA512


def rsa_key(exponent: int, modulus: int) -> rsa.RSAPublicKey:
    """The key of two numbers; raises ValueError where they are none."""
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def p256_key(point: bytes) -> ec.EllipticCurvePublicKey:
    """The key at a point of the curve; raises ValueError where there is none."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def verify_rsa(key: rsa.RSAPublicKey, value: bytes, signed: bytes) -> None:
    """Raises `InvalidSignature` where `value` isn't this key's signature of `signed`."""
    key.verify(value, signed, padding.PKCS1v15(), SHA512())


def verify_p256(key: ec.EllipticCurvePublicKey, r: int, s: int, signed: bytes) -> None:
    """Raises `InvalidSignature` where the two numbers aren't this key's signature of `signed`."""
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
