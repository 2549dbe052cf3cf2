"""Saves the pictures that a person wants to keep, and tells how it went. Knows no panel."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from engine.i18n import tr
from studio.model.messages import Subject
from studio.services import disk
from studio.widgets.fields.save_picture import PictureToSave
from studio.widgets.messages.message_bar import MessageBar
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners


class Pictures:
    """``messages`` tells of what was saved, unless whoever wanted it has a place of their own for that."""

    def __init__(self, jobs: JobRunner, messages: MessageBar) -> None:
        self._jobs, self._messages = jobs, messages

    def save(self, wanted: PictureToSave) -> None:
        """Write the picture beside the window."""
        messages = wanted.told_in or self._messages

        def tell(path: Path) -> None:
            messages.tell(lambda: tr("Picture saved as “{path}”.", path=path))

        def warn(failed: Failure) -> None:
            messages.warn(failed.message, failed.hint, failed.details, about=Subject.ASKED)

        save = partial(disk.write_picture, wanted.path, wanted.picture)
        self._jobs.keep("saving a picture", save, Listeners(result=tell, failed=warn))
