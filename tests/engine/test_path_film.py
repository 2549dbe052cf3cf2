"""A walk through latent space as a film or as arrays: whole, in order, canceled without a trace."""

from __future__ import annotations

import av
import numpy as np
import pytest
import torch

from engine.architectures import networks
from engine.errors import UserError
from engine.export import path_film, samples
from engine.job import result_of
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import random_z
from tests import tiny


@pytest.fixture(scope="module")
def session():
    config, facts = tiny.config(), tiny.data().facts
    torch.manual_seed(0)
    made = GeneratorSession(config, facts)
    made.load({name: part.numpy() for name, part in networks.build_generator(config, facts).state_dict().items()})
    return made


def frames(path):
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


@pytest.mark.parametrize("kind", path_film.KINDS)
def test_each_point_is_a_picture_of_the_film_in_its_order(session, tmp_path, kind):
    z, asked = random_z(7, session.z_dim, 3), np.zeros(7, np.int64)
    path = tmp_path / f"path{kind}"
    assert result_of(path_film.save(session, z, asked, path)) == path
    seen, wanted = frames(path), session.render(z, asked)
    assert len(seen) == 7
    for frame, picture in zip(seen, wanted, strict=True):
        scale = frame.shape[0] // picture.shape[0]
        middles = frame[scale // 2 :: scale, scale // 2 :: scale, 0]
        assert np.abs(middles.astype(int) - picture).max() <= 12


def test_a_way_is_kept_as_arrays_with_its_classes_or_with_their_shares(session, tmp_path):
    z, config = random_z(7, session.z_dim, 3), tiny.config(classes=(3, 8))
    shares = np.full((7, 10), 0.1, np.float32)
    for asked, kept in ((np.arange(7) % 2, [3, 8, 3, 8, 3, 8, 3]), (shares, shares.tolist())):
        path = result_of(samples.save_way(session, config, z, asked, tmp_path / "way.npz"))
        with np.load(path) as file:
            assert np.array_equal(file["z"], z) and file["labels"].tolist() == kept
            assert np.array_equal(file["images"], session.render(z, asked))


def test_a_film_that_is_canceled_leaves_nothing(session, tmp_path):
    job = path_film.save(session, random_z(7, session.z_dim, 3), np.zeros(7, np.int64), tmp_path / "path.gif")
    told = [next(job) for _ in range(4)]
    assert told[-1].done > told[0].done
    job.close()
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_refused(session, tmp_path):
    with pytest.raises(UserError, match="no file that Duelo can save a film to"):
        result_of(path_film.save(session, random_z(2, session.z_dim, 3), np.zeros(2, np.int64), tmp_path / "a.avi"))
