"""Draw the styles, scale the photographs and write pictures/*.webp. Usage: see ORIGIN.md."""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SIDE, FINE = 384, 2  # pixels of a picture, and how many times larger it is drawn
LARGE = SIDE * FINE
FOLDER = Path(__file__).parent / "pictures"
PHOTOS = {"astronaut": "astronaut.png", "cat": "chelsea.png", "coffee": "coffee.png", "photographer": "camera.png"}
PHOTOS |= {"rocket": "rocket.jpg", "galaxies": "hubble_deep_field.jpg"}

Floats = NDArray[np.float64]
Random = np.random.Generator


def colors(*names: str) -> Floats:
    """Return "rrggbb" each as a row of three numbers."""
    return np.array([[int(name[place : place + 2], 16) for place in (0, 2, 4)] for name in names], float)


def grid() -> tuple[Floats, Floats]:
    """Return the y and x of every pixel, 0 to 1."""
    y, x = np.mgrid[:LARGE, :LARGE] / LARGE
    return y, x


def cells(points: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return the nearest of ``points`` [N, 2] for every pixel, and how far its border is, in pixels."""
    from scipy.spatial import cKDTree

    y, x = grid()
    far, near = cKDTree(points * LARGE).query(np.stack([y, x], -1) * LARGE, k=2)
    gap = np.linalg.norm(points[near[..., 0]] - points[near[..., 1]], axis=-1) * LARGE
    return near[..., 0], (far[..., 1] ** 2 - far[..., 0] ** 2) / (2 * gap + 1e-9)


def smooth(random: Random, cell: int) -> Floats:
    """Return a smooth field [LARGE, LARGE], 0 to 1, that changes over ``cell`` pixels."""
    small = random.random((LARGE // cell + 4, LARGE // cell + 4))
    image = Image.fromarray((255 * small).astype(np.uint8)).resize((LARGE + 4 * cell,) * 2, Image.Resampling.BICUBIC)
    field = np.asarray(image, float)[cell : cell + LARGE, cell : cell + LARGE]
    return (field - field.min()) / np.ptp(field)


def mosaic(random: Random) -> Image.Image:
    """Stones of gold, blue and red in rings, with dark joints."""
    points = []
    for ring in range(40):
        radius = 0.03 + 0.033 * ring
        count = max(int(2 * np.pi * radius / 0.034), 4)
        angles = (np.arange(count) + 0.5 * (ring % 2) + random.normal(0, 0.06, count)) * 2 * np.pi / count
        wide = radius + random.normal(0, 0.003, count)
        points.append(np.stack([0.55 + wide * np.sin(angles), 0.45 + wide * np.cos(angles)], -1))
    places = np.concatenate(points)
    cell, border = cells(places)
    palette = colors("c9922e", "e8c468", "1f4e79", "2f86a6", "a63a2b", "efe3c4", "16324f", "6f8f3d")
    radius = np.hypot(*(places - [0.55, 0.45]).T)
    band = (np.floor(radius / 0.1 + 0.8 * np.sin(5 * np.arctan2(*(places - [0.55, 0.45]).T))) % 8).astype(int)
    tint = palette[band] * random.uniform(0.72, 1.18, (len(places), 1)) + random.normal(0, 9, (len(places), 3))
    picture = tint[cell] * (0.9 + 0.25 * smooth(random, 6))[..., None]
    joint = np.clip((border - 1.5) / 2.5, 0, 1)[..., None]
    return finished(picture * joint + (1 - joint) * colors("3b3128")[0])


def hatching(random: Random) -> Image.Image:
    """Ink on paper: lines that cross where it is dark."""
    tone = 0.6 * smooth(random, 220) + 0.4 * smooth(random, 90)
    y, x = grid()
    paper = np.ones((LARGE, LARGE))
    for number, angle in enumerate((0.7, -0.75, 0.1, 1.5)):
        bend = 0.012 * (smooth(random, 120) - 0.5)
        along = (x * np.cos(angle) + y * np.sin(angle) + bend) * LARGE / 11
        line = np.abs(along % 1 - 0.5) * 2
        wide = np.clip(0.9 - tone * 1.25 - 0.17 * number, 0, 0.62) * (0.8 + 0.4 * smooth(random, 20))
        paper *= 1 - np.clip((wide - line) * 6 + 0.5, 0, 1) * (wide > 0.02)
    ink, ground = colors("1b1a22", "f4ecd8")
    return finished(ground * paper[..., None] + ink * (1 - paper[..., None]))


def waves(random: Random) -> Image.Image:
    """A sea of scales in blues, with white foam, as on woodcuts."""
    picture = np.zeros((LARGE, LARGE, 3))
    y, x = grid()
    picture[:] = colors("f0e2c0")[0]
    palette = colors("16324f", "f5efe0", "2b5d8a", "f5efe0", "5d97b5", "f5efe0", "173a5e")
    step, radius = 0.085, 0.1
    for row in range(int(1.3 / (step / 2))):
        base = -0.1 + row * step / 2 + 0.05 * np.sin(2 * np.pi * (x + 0.3 * (row % 3)))
        center = np.round((x - 0.5 * (row % 2) * 2 * radius) / (2 * radius)) * 2 * radius + (row % 2) * radius
        far = np.hypot(x - center, y - base - 0.06) / radius
        ring = np.clip((far * 7).astype(int), 0, 6)
        inside = (far < 1) & (y < base + 0.12)
        shade = palette[6 - ring] * (0.93 + 0.12 * smooth(random, 30))[..., None]
        picture[inside] = shade[inside]
    return finished(picture)


def stained_glass(random: Random) -> Image.Image:
    """Panes that glow, in lead."""
    places = random.uniform(-0.05, 1.05, (150, 2))
    for _ in range(2):  # more even
        cell, _border = cells(places)
        count = np.bincount(cell.ravel(), minlength=len(places))[:, None] + 1e-9
        y, x = grid()
        sums = [np.bincount(cell.ravel(), each.ravel(), len(places)) for each in (y, x)]
        places = np.where(count > 1, np.stack(sums, -1) / count, places)
    cell, border = cells(places)
    palette = colors("c1121f", "f4a300", "0353a4", "2d936c", "6a0f8e", "f2e94e", "1b9aaa", "e85d04")
    pane = palette[random.integers(0, len(palette), len(places))] * random.uniform(0.75, 1.1, (len(places), 1))
    light = 0.75 + 0.5 * smooth(random, 60) * np.clip(border / 40, 0.3, 1)
    glass = np.clip((border - 6) / 3, 0, 1)[..., None]
    return finished(pane[cell] * light[..., None] * glass + (1 - glass) * colors("14110f")[0])


def dots(random: Random) -> Image.Image:
    """Dabs of pure color beside each other, as pointillists put them."""
    image = Image.new("RGB", (LARGE, LARGE), "#efe6d2")
    draw = ImageDraw.Draw(image)
    warm = colors("e4572e", "f3a712", "f6d55c", "d1495b", "ffb88a")
    cold = colors("2e4057", "3d7ea6", "66a182", "8d6a9f", "9bd1e5")
    field = smooth(random, 200)
    for y, x in random.random((26_000, 2)) * LARGE:
        palette = warm if random.random() < 1.6 * field[int(y), int(x)] - 0.3 else cold
        color = palette[random.integers(len(palette))] * random.uniform(0.9, 1.08)
        radius = random.uniform(3.0, 5.5)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=rgb(color))
    return finished(np.asarray(image, float))


def swirls(random: Random) -> Image.Image:
    """Thick strokes that turn around lights in a night."""
    image = Image.new("RGB", (LARGE, LARGE), "#12264d")
    draw = ImageDraw.Draw(image)
    lights = random.uniform(0.1, 0.9, (7, 2)) * LARGE
    turn = np.where(random.random(7) < 0.5, -1, 1)
    night = colors("0f1f47", "1d3f7a", "2f63a8", "5b93c9", "17324f", "8fb9d6", "3b7a94")
    glow = colors("f6c945", "f2e394", "e89c31", "fff3c4")
    for start in random.random((9_000, 2)) * LARGE:
        far = np.linalg.norm(lights - start, axis=1)
        bright = np.exp(-((far.min() / 70) ** 2))
        color = (glow if random.random() < bright else night)[random.integers(4 if bright > 0.5 else 7) % 4]
        place, path = start.copy(), []
        for _ in range(14):
            path.append((place[1], place[0]))
            away = place - lights
            pull = np.exp(-np.linalg.norm(away, axis=1) / 150)[:, None] * turn[:, None]
            flow = (pull * np.stack([away[:, 1], -away[:, 0]], -1) / (np.linalg.norm(away, axis=1)[:, None] + 9)).sum(0)
            flow += [0.12 * np.sin(place[1] / 90), 0.32]
            place = place + 5 * flow / (np.linalg.norm(flow) + 1e-9)
        draw.line(path, fill=rgb(color * random.uniform(0.85, 1.15)), width=int(random.integers(5, 10)), joint="curve")
    bumps = image.convert("L").filter(ImageFilter.EMBOSS)
    relief = (np.asarray(bumps, float) - 128)[..., None] * 0.35
    return finished(np.asarray(image, float) + relief)


def shapes(random: Random) -> Image.Image:
    """Circles, bars and triangles on paper, as in posters of the 1920s."""
    image = Image.new("RGB", (LARGE, LARGE), "#f1e6cf")
    palette = [rgb(each) for each in colors("d62828", "1d1d1f", "f4b41a", "264e86", "8a8d8f", "e76f51")]
    for _ in range(60):
        layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
        draw, color = ImageDraw.Draw(layer), (*palette[random.integers(6)], int(random.integers(190, 256)))
        y, x = random.uniform(0, LARGE, 2)
        size = random.uniform(25, 130)
        kind = random.integers(4)
        if kind == 0:
            draw.ellipse((x - size, y - size, x + size, y + size), fill=color)
        elif kind == 1:
            draw.ellipse((x - size, y - size, x + size, y + size), outline=color, width=int(size / 5) + 2)
        elif kind == 2:
            draw.rectangle((x - 2 * size, y - size / 6, x + 2 * size, y + size / 6), fill=color)
        else:
            draw.polygon([(x, y - size), (x + size, y + size), (x - size, y + size)], fill=color)
        layer = layer.rotate(float(random.choice([0, 20, -35, 45, 70, -20])), center=(x, y))
        image.paste(layer, mask=layer.getchannel("A"))
    return finished(np.asarray(image, float) + (smooth(random, 3)[..., None] - 0.5) * 18)


def landscape(random: Random) -> Image.Image:
    """Hills one behind the other in the evening, a sun, and its light on water."""
    y, x = grid()
    sky, low = colors("31487a", "f7c59f")
    picture = sky + (low - sky) * np.clip(y / 0.62, 0, 1)[..., None] ** 1.3
    far = np.hypot(x - 0.66, y - 0.4)
    picture += np.exp(-((far / 0.16) ** 2))[..., None] * colors("5a4a20")[0]
    picture[far < 0.065] = colors("fff1c9")[0]
    tones = colors("7d7ba0", "5b638c", "3d5273", "2b4257")
    for place, tone in enumerate(tones):
        waves_of = sum(np.sin((x + random.random()) * k * 6.3) / k for k in (1, 2.3, 4.1, 9, 17, 31))
        top = 0.42 + 0.07 * place - (0.06 + 0.012 * place) * waves_of
        hill = y > top
        picture[hill] = (tone * (1.25 - 0.5 * np.clip((y - top) * 3, 0, 1))[..., None])[hill]
    lake = y > 0.76
    mirrored = picture[::-1][np.clip(LARGE - 1 - (2 * int(0.76 * LARGE) - np.arange(LARGE)), 0, LARGE - 1)]
    ripple = 12 * np.sin(y * 420 + 6 * smooth(random, 40)) * np.exp(-(((x - 0.66) / 0.2) ** 2))
    picture[lake] = (0.72 * mirrored + ripple[..., None] + 14)[lake]
    return finished(picture)


def rgb(color: Floats) -> tuple[int, int, int]:
    """Return a color for Pillow."""
    red, green, blue = np.clip(color, 0, 255).astype(int).tolist()
    return red, green, blue


def finished(picture: Floats) -> Image.Image:
    """Return a picture [LARGE, LARGE, 3] in its size."""
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).reduce(FINE)


DRAWN: tuple[Callable[[Random], Image.Image], ...] = (
    *(landscape, mosaic, hatching, waves, stained_glass, dots, swirls, shapes),
)


def main() -> None:
    """Write every picture; the photographs come out of an installed scikit-image 0.26."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, help="the folder skimage/data of scikit-image 0.26")
    folder = parser.parse_args().photos
    FOLDER.mkdir(exist_ok=True)
    pictures = {draw.__name__: draw(np.random.default_rng(7)) for draw in DRAWN}
    for name, file in PHOTOS.items():
        photo = Image.open(folder / file).convert("RGB")
        if name == "galaxies":  # the middle: stars would be single pixels
            photo = photo.crop((250, 200, 634, 584))
        photo.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        pictures[name] = photo
    for name, picture in pictures.items():
        picture.save(FOLDER / f"{name}.webp", quality=88, method=6)


main()
