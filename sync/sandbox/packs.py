"""What the portals publish for every counter: files, and a signed list of them. The key is the sandbox's own and
public: nobody else may trust it."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask, Response, jsonify, request, send_file

from sync.packs import canonical

KEY_ID = "sandbox"
_SIGNER = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"udc sandbox publisher, not a secret").digest())
PUBLIC_KEY = _SIGNER.public_key().public_bytes_raw().hex()


class Publisher:
    """What is published now, at every portal alike."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}  # by the hash that the list gives
        self._list: dict[str, object] = {}
        self.publish({}, "")

    def publish(self, files: Mapping[str, bytes], published: str, spoil: str = "") -> None:
        """From now on these; `spoil` says what is wrong with them: `signature` or `hash`."""
        hashes = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
        items = [
            {"name": name, "version": published, "size": len(body), "sha256": hashes[name],
             "url": f"/packs/{hashes[name]}"} for name, body in files.items()
        ]
        said = {"items": items, "published": published}
        signed = b"nobody's" if spoil == "signature" else _SIGNER.sign(canonical(said))
        self._files = {
            hashes[name]: b"?" * len(body) if spoil == "hash" else body for name, body in files.items()
        }
        self._list = {**said, "key": KEY_ID, "signed": base64.b64encode(signed).decode()}

    def routes(self, app: Flask, bases: list[str]) -> None:
        """GET <base>/packs and GET <base>/packs/<sha256>, from any byte on."""
        for base in bases:
            app.add_url_rule(f"{base}/packs", f"{base} packs", self._listed)
            app.add_url_rule(f"{base}/packs/<sha256>", f"{base} pack", self._file)

    def _listed(self) -> Response:
        told = jsonify(self._list)
        told.add_etag()
        told.make_conditional(request)
        return told

    def _file(self, sha256: str) -> Response:
        body = self._files.get(sha256)
        if body is None:
            return Response('{"error": "no_such_pack"}', 404, mimetype="application/json")
        return send_file(io.BytesIO(body), "application/octet-stream", etag=sha256, conditional=True)
