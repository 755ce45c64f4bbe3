#!/usr/bin/env python3
"""image.py OUT.tar --tag REF [--entrypoint JSON] [--cmd JSON] [--dir PATH] [--link PATH=TARGET] FILE:PATH ...
Writes an image of one layer in docker-archive form, which `ctr images import` takes."""
import argparse
import hashlib
import io
import json
import os
import tarfile

ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}


class Layer:
    def __init__(self):
        self.data = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.data, mode="w", format=tarfile.PAX_FORMAT)
        self.folders = set()

    def entry(self, path, kind):
        entry = tarfile.TarInfo(path.strip("/"))
        entry.type = kind
        entry.mode = 0o755
        return entry

    def folder(self, path):
        path = path.strip("/")
        if path and path not in self.folders:
            self.folder(os.path.dirname(path))
            self.folders.add(path)
            self.tar.addfile(self.entry(path, tarfile.DIRTYPE))

    def file(self, source, path):
        self.folder(os.path.dirname(path))
        entry = self.entry(path, tarfile.REGTYPE)
        entry.size = os.path.getsize(source)
        with open(source, "rb") as data:
            self.tar.addfile(entry, data)

    def link(self, path, target):
        self.folder(os.path.dirname(path))
        entry = self.entry(path, tarfile.SYMTYPE)
        entry.linkname = target
        self.tar.addfile(entry)

    def bytes(self):
        self.tar.close()
        return self.data.getvalue()


def layer_of(arguments):
    layer = Layer()
    for path in arguments.dir:
        layer.folder(path)
    for file in arguments.files:
        layer.file(*file.split(":"))
    for link in arguments.link:
        layer.link(*link.split("="))
    return layer.bytes()


def config_of(arguments, layer):
    config = {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
              "Entrypoint": arguments.entrypoint, "Cmd": arguments.cmd}
    return json.dumps({
        "architecture": ARCHITECTURE[os.uname().machine], "os": "linux", "created": "2024-01-01T00:00:00Z",
        "config": {key: value for key, value in config.items() if value},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
        "history": [{"created_by": "image.py"}]}).encode()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--tag", action="append", required=True)
    parser.add_argument("--entrypoint", type=json.loads)
    parser.add_argument("--cmd", type=json.loads)
    parser.add_argument("--link", action="append", default=[])
    parser.add_argument("--dir", action="append", default=[])
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_intermixed_args()
    layer = layer_of(arguments)
    config = config_of(arguments, layer)
    names = [hashlib.sha256(config).hexdigest() + ".json", hashlib.sha256(layer).hexdigest() + "/layer.tar"]
    manifest = json.dumps([{"Config": names[0], "RepoTags": arguments.tag, "Layers": [names[1]]}]).encode()
    with tarfile.open(arguments.out + ".new", "w") as image:
        for name, data in ((names[0], config), (names[1], layer), ("manifest.json", manifest)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            entry.mode = 0o644
            image.addfile(entry, io.BytesIO(data))
    os.replace(arguments.out + ".new", arguments.out)


if __name__ == "__main__":
    main()
