"""Downloading from a server that the test runs itself: progress, canceling, retrying, checksums."""

import gzip
import hashlib
import http.server
import io
import tarfile
import threading
import zipfile

import numpy as np
import pytest

from engine.config import Config
from engine.datasets import catalog, download, torchvision_repair, unpack
from engine.errors import DiskError, UserError
from engine.job import Progress
from tests.engine.test_data import write_idx

CONTENT = bytes(range(256)) * 4096  # 1 MiB


class Handler(http.server.BaseHTTPRequestHandler):
    """Gives ``server.files``; what lies below /dropping/ breaks off in the middle."""

    def do_GET(self):
        self.server.asked.append(self.path)
        content = self.server.files.get(self.path.rpartition("/")[2])
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if self.path.startswith("/dropping/") else content)

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.files, made.asked = {"file.gz": CONTENT}, []
    made.address = f"http://127.0.0.1:{made.server_port}"
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def remote(path, *urls, content=CONTENT):
    return download.Remote(urls, hashlib.md5(content).hexdigest(), path)


def test_progress_counts_bytes_up_to_the_total(server, tmp_path):
    path = tmp_path / "new" / "file.gz"
    records = list(download.fetch(remote(path, f"{server.address}/file.gz"), "A file"))
    assert path.read_bytes() == CONTENT
    assert records[0] == Progress(0, 0, "A file", "B")
    assert records[-1] == Progress(len(CONTENT), len(CONTENT), "A file", "B")
    done = [record.done for record in records]
    assert done == sorted(done) and len(done) > 3


@pytest.mark.parametrize("is_right", [True, False])
def test_the_beginning_of_a_sha256_is_enough_where_no_md5_is_known(server, tmp_path, is_right):
    begin = hashlib.sha256(CONTENT).hexdigest()[:8] if is_right else "00000000"
    wanted = download.Remote((f"{server.address}/file.gz",), "", tmp_path / "file.gz", sha256=begin)
    if is_right:
        assert list(download.fetch(wanted, "A file"))[-1].done == len(CONTENT) and wanted.is_here()
        return
    with pytest.raises(download.NotFetchedError, match="SHA-256"):
        list(download.fetch(wanted, "A file"))
    assert not wanted.path.exists()


def test_canceling_midway_leaves_nothing(server, tmp_path):
    fetching = download.fetch(remote(tmp_path / "file.gz", f"{server.address}/file.gz"), "A file")
    while next(fetching).done == 0:
        pass
    assert len(list(tmp_path.iterdir())) == 1
    fetching.close()
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_drops_is_followed_by_the_next_mirror(server, tmp_path):
    path = tmp_path / "file.gz"
    urls = [f"{server.address}/{mirror}/file.gz" for mirror in ("dropping", "whole")]
    list(download.fetch(remote(path, *urls), "A file"))
    assert path.read_bytes() == CONTENT
    assert server.asked == ["/dropping/file.gz", "/whole/file.gz"]
    assert list(tmp_path.iterdir()) == [path]


def test_every_mirror_is_tried_twice_before_giving_up(server, tmp_path):
    urls = [f"{server.address}/{mirror}/none.gz" for mirror in ("a", "b")]
    with pytest.raises(download.NotFetchedError, match="404"):
        list(download.fetch(remote(tmp_path / "none.gz", *urls), "A file"))
    assert server.asked == ["/a/none.gz", "/b/none.gz"] * 2
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_checksum_is_refused(server, tmp_path):
    wanted = remote(tmp_path / "file.gz", f"{server.address}/file.gz", content=b"something else")
    with pytest.raises(download.NotFetchedError, match="MD5"):
        list(download.fetch(wanted, "A file"))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_no_network_trouble(server, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DiskError):
        list(download.fetch(remote(tmp_path / "file" / "file.gz", f"{server.address}/file.gz"), "A file"))
    assert len(server.asked) == 1


def test_chosen_members_are_unpacked_and_canceling_leaves_nothing(tmp_path):
    bundle, tar = tmp_path / "gzip.zip", tmp_path / "set.tar.gz"
    with zipfile.ZipFile(bundle, "w") as made:
        made.writestr("gzip/wanted.gz", gzip.compress(CONTENT))
        made.writestr("gzip/other.gz", b"")
    with tarfile.open(tar, "w:gz") as made:
        for name in ("set/other", "set/wanted"):
            info = tarfile.TarInfo(name)
            info.size = len(CONTENT)
            made.addfile(info, io.BytesIO(CONTENT))
    for archive, member in ((bundle, "gzip/wanted.gz"), (tar, "set/wanted")):
        target = tmp_path / "out" / archive.stem
        unpacking = unpack.unpack(archive, {member: target}, "")
        next(unpacking)
        unpacking.close()
        assert not any(target.parent.iterdir())
        assert list(unpack.unpack(archive, {member: target}, ""))[-1].done == len(CONTENT)
        assert target.read_bytes() == CONTENT
        target.unlink()


@pytest.mark.parametrize("name", ["a.gz", "a.zip", "a.tar.gz"])
def test_a_damaged_archive_is_told(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x1f\x8brubbish")
    with pytest.raises(unpack.DamagedArchiveError):
        list(unpack.unpack(tmp_path / name, {"a": tmp_path / "out"}, ""))
    assert not (tmp_path / "out").exists()


@pytest.fixture
def kmnist_server(server, tmp_path, monkeypatch):
    """Serve a KMNIST of 20 pictures."""
    kind = torchvision_repair.import_torchvision().datasets.KMNIST
    resources = []
    for name, _ in kind.resources:
        file = tmp_path / "served" / name.removesuffix(".gz")
        write_idx(file, np.zeros((20, 28, 28)) if "images" in name else np.arange(20) % 10)
        server.files[name] = gzip.compress(file.read_bytes())
        resources.append((name, hashlib.md5(server.files[name]).hexdigest()))
    monkeypatch.setattr(kind, "resources", resources)
    monkeypatch.setattr(kind, "mirrors", [f"{server.address}/"])
    return server


def test_a_set_is_downloaded_once(kmnist_server, tmp_path):
    config = Config(dataset="kmnist", data_root=str(tmp_path / "data"))
    assert not catalog.is_at_hand(config)
    said = {record.what for record in catalog.read(config)}
    assert {"Reading KMNIST", "Unpacking KMNIST", "Downloading KMNIST, file 1 of 4"} <= said
    assert catalog.is_at_hand(config)
    assert len(kmnist_server.asked) == 4
    assert catalog.load(config).labels.tolist() == list(range(10)) * 2
    assert len(kmnist_server.asked) == 4
    raw = tmp_path / "data" / "KMNIST" / "raw"
    assert not [file.name for file in raw.iterdir() if file.suffix == ".gz" or file.name.startswith(".")]


def test_only_missing_files_are_fetched_and_archives_that_lie_there_are_used(kmnist_server, tmp_path):
    raw = tmp_path / "data" / "KMNIST" / "raw"
    raw.mkdir(parents=True)
    names = list(kmnist_server.files)[1:]
    (raw / names[0].removesuffix(".gz")).write_bytes(gzip.decompress(kmnist_server.files[names[0]]))
    (raw / names[2]).write_bytes(kmnist_server.files[names[2]])
    (raw / names[3]).write_bytes(b"half of it")
    catalog.load(Config(dataset="kmnist", data_root=str(tmp_path / "data")))
    assert kmnist_server.asked == [f"/{name}" for name in (names[1], names[3])]
    assert (raw / names[2]).exists()


def test_canceling_a_set_keeps_what_is_whole(kmnist_server, tmp_path):
    config = Config(dataset="kmnist", data_root=str(tmp_path / "data"))
    reading = catalog.read(config)
    while "file 2" not in next(reading).what:
        pass
    reading.close()
    assert not catalog.is_at_hand(config)
    assert len(list((tmp_path / "data" / "KMNIST" / "raw").iterdir())) == 1
    assert catalog.load(config).facts.image_count == 20


def test_offline_says_where_which_files_belong(kmnist_server, tmp_path):
    kmnist_server.files.clear()
    with pytest.raises(UserError, match="data") as caught:
        catalog.load(Config(dataset="kmnist", data_root=str(tmp_path / "data")))
    assert "KMNIST" in caught.value.message
    assert "train-labels-idx1-ubyte" in caught.value.hint
