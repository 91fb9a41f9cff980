"""Files on their way into an answer: begun, piece by piece, whole; or taken at once from a plain form.

The pieces lie in the store under the upload's own id, so that after a lost line, another day or another
browser the same file goes on where it stopped. Nothing is part of the answer before all of it is kept
for good and its size and hash are what the browser said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from hiring.assessments.kinds import FileFacts, kind_of
from hiring.assessments.queries import PublishedTask, published_task
from hiring.attempts import actions, queries
from hiring.attempts.actions import Saved
from hiring.attempts.models import Answer, Attempt, Upload
from hiring.attempts.timer import Timer
from hiring.kernel.database import afterwards, locked, session
from hiring.kernel.papers import Paper, Unreadable, bare_name, recognised
from hiring.kernel.queue import nudge
from hiring.kernel.refusals import Missing, Refused
from hiring.kernel.storage import Lying, clear_away, keep, lay, lying_at

PIECE = 262_144  # bytes: on a poor line a piece takes seconds, and what is lost is one piece
MOST_BEGUN = 60  # files that were ever begun for one answer: more is a script
# Of one attempt on their way at once. A page sends one after the other, so six are two windows and four
# that stopped; with a task's largest size this bounds the bytes, too: 120 MB.
MOST_COMING = 6


@dataclass(frozen=True)
class Brought:
    """A file as a browser tells of it before it sends it; `sha256` in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Coming:
    """How far an upload is. `there`: it is whole already."""

    id: UUID
    arrived: int
    there: bool


def begin(attempt_id: UUID, *, task_id: UUID, brought: Brought, at: datetime) -> Coming:
    """Announce a file, or find it where it stopped: the same bytes once more are the same upload.

    One too many on its way, and the one that began first is given up. Raises Refused for what is too
    large or too much or sets out after the end, Missing where no files are taken.
    """
    check_size(published_task(task_id), brought.size)
    timer = actions.locked_timer(attempt_id)
    mine = (Answer.attempt_id == attempt_id) & (Answer.task_id == task_id)
    there = select(Attempt.id).where(Attempt.id == attempt_id, Attempt.erased_at.is_(None))
    answer = locked(select(Answer).where(mine, there.exists()))
    if answer is None:
        raise Missing
    if (known := _known(attempt_id, task_id, brought)) is not None:
        return Coming(known.id, known.arrived, known.state != "coming")
    _check_open(timer, answer, at=at)
    _check_number(attempt_id, task_id)
    _make_room(attempt_id)
    upload = Upload(
        attempt_id=attempt_id, task_id=task_id, name=bare_name(brought.name), size=brought.size,
        sha256=brought.sha256, begun_at=at, state="coming",
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return Coming(upload.id, 0, False)


def check_size(task: PublishedTask, size: int) -> None:
    """Raises Refused for a file that is too large for this task, Missing where it takes none."""
    kind = kind_of(task.kind)
    most = kind.most_bytes(task.settings)
    if not kind.takes_files:
        raise Missing
    if size < 1:
        raise Refused(_("It is empty."))
    if size > most:
        raise Refused(
            _("It has %(size)s MB; %(most)s MB are the most. Make it smaller and choose it again.",
              size=f"{size / 1_048_576:.1f}", most=most // 1_048_576)
        )  # fmt: skip


def _known(attempt_id: UUID, task_id: UUID, brought: Brought) -> Upload | None:
    """The same file, when it is on its way, or stands in the answer."""
    mine = (Upload.attempt_id == attempt_id) & (Upload.task_id == task_id)
    same = (Upload.sha256 == brought.sha256) & (Upload.size == brought.size)
    standing = {file["id"] for file in queries.files_standing(attempt_id, task_id)}
    found = session.scalars(select(Upload).where(mine, same).order_by(Upload.begun_at)).all()
    return next((up for up in found if up.state == "coming" or str(up.id) in standing), None)


def _check_open(timer: Timer, answer: Answer, *, at: datetime) -> None:
    if (why := timer.refuses_file(at)) == "late":
        raise Refused(_over())
    if why:
        raise Refused(_("You have handed in already. Take that back, and choose it again."))
    if answer.final_at is not None:
        raise Refused(_("You have finished this task, and what stood then counts."))


def _over() -> str:
    return _("The time is over. What stood at the end counts.")


def _check_number(attempt_id: UUID, task_id: UUID) -> None:
    mine = (Upload.attempt_id == attempt_id) & (Upload.task_id == task_id)
    if (session.scalar(select(func.count()).where(mine)) or 0) >= MOST_BEGUN:
        raise Refused(_("So many files were begun here that we take no more for this task."))


def _make_room(attempt_id: UUID) -> None:
    mine = select(Upload.id).where(Upload.attempt_id == attempt_id, Upload.state == "coming")
    parts = mine.where(Upload.arrived < Upload.size)  # one that is all here is brought in yet
    coming = session.scalars(parts.order_by(Upload.begun_at, Upload.id)).all()
    for upload_id in coming[: max(0, len(coming) - MOST_COMING + 1)]:
        give_up(upload_id)


def give_up(upload_id: UUID) -> None:
    """Forget a file that never became part of an answer, and then whatever of it lies in the store."""
    upload = locked(select(Upload).where(Upload.id == upload_id))
    if upload is not None and upload.state != "coming":
        return
    keys = [f"{upload_id}"]  # where it lay whole for a moment, when it was refused in the end
    if upload is not None:
        keys += _places(upload.id, upload.size)
        session.delete(upload)
        session.flush()
    afterwards(lambda: clear_away(keys))


def _places(upload_id: UUID, size: int) -> list[str]:
    return [f"{upload_id}.{offset}" for offset in range(0, size, PIECE)]


# ── Piece by piece ───────────────────────────────────────────────────────────


def upload_of(attempt_id: UUID, upload_id: UUID) -> Upload:
    """An upload of this attempt. Raises Missing."""
    upload = session.get(Upload, upload_id)
    if upload is None or upload.attempt_id != attempt_id:
        raise Missing
    return upload


def lay_piece(upload: Upload, *, offset: int, content: bytes, at: datetime) -> bool:
    """Put a piece into the store, outside any act; False when it is not the one that is awaited.

    Raises Refused when it arrives more than five minutes after the end, or when all is closed.
    """
    awaited = min(PIECE, upload.size - upload.arrived)
    if upload.state != "coming" or not awaited:
        return False
    if not queries.timer_of(upload.attempt_id).takes_piece(upload.begun_at, arrived_at=at):
        raise Refused(_over())
    if offset != upload.arrived or len(content) != awaited:
        return False
    lay(content, f"{upload.id}.{offset}")
    return True


def count_piece(upload_id: UUID, *, offset: int, length: int) -> None:
    """Count a piece that lies. Twice is as once; of a file given up meanwhile it is cleared away."""
    upload = locked(select(Upload).where(Upload.id == upload_id))
    if upload is None:
        afterwards(lambda: clear_away([f"{upload_id}.{offset}"]))
    elif upload.state == "coming" and upload.arrived == offset:
        upload.arrived = offset + length


def start_over(upload_id: UUID) -> None:
    """Take it from the beginning: what arrived is not what was announced."""
    upload = locked(select(Upload).where(Upload.id == upload_id))
    if upload is not None and upload.state == "coming":
        upload.arrived = 0


def assembled(upload: Upload) -> bytes | None:
    """All pieces together, outside any act; None when they are not what the browser announced."""
    try:
        content = b"".join(lying_at(key) for key in _pieces(upload))
    except FileNotFoundError:  # another request has just put them together
        return None
    whole = len(content) == upload.size and digest_of(content) == upload.sha256
    return content if whole else None


def digest_of(content: bytes) -> str:
    """The hash by which a file is known, in hexadecimal."""
    return sha256(content).hexdigest()


def is_there(upload_id: UUID) -> bool:
    """Whether the whole file belongs to its answer by now, or to nothing any more."""
    state = session.scalar(select(Upload.state).where(Upload.id == upload_id))
    return state != "coming"


def _pieces(upload: Upload) -> Iterator[str]:
    return (f"{upload.id}.{offset}" for offset in range(0, upload.arrived, PIECE))


def forget_pieces(upload: Upload) -> None:
    """Take the pieces out of the store, once they are together or not wanted."""
    clear_away(_places(upload.id, upload.size))


def checked(task: PublishedTask, content: bytes, *, name: str) -> Paper:
    """The type of a file, outside any act. Raises Refused for what this task does not take."""
    kind = kind_of(task.kind)
    try:
        paper = recognised(content, name=name)
    except Unreadable as refusal:
        raise Refused(f"{refusal.sentence} {kind.asks(task.settings)}") from None
    if not kind.takes(task.settings, paper):
        raise Refused(
            _("It is of the type %(type)s, which this task does not take. %(asks)s",
              type=paper.ending.upper(), asks=kind.asks(task.settings))
        )  # fmt: skip
    return paper


def lay_original(upload_id: UUID, content: bytes) -> Lying:
    """Put the whole file into the store, outside any act. Twice is as once."""
    return lay(content, f"{upload_id}")


# ── Into the answer, and out ─────────────────────────────────────────────────


def put_in(
    upload_id: UUID, *, attempt_id: UUID, original: Lying, paper: Paper, tab: str, at: datetime
) -> Saved | None:
    """Let a file that lies whole belong to its answer; None when it does already.

    When it set out before the end it may arrive up to five minutes after it; what comes later is
    sealed. One more than there may be stands beside the answer, for the person to choose.
    """
    upload = upload_of(attempt_id, upload_id)
    done = False

    def added(files: list[FileFacts]) -> list[FileFacts]:
        nonlocal done
        if locked(select(Upload).where(Upload.id == upload_id)) is None:
            raise Missing  # it was given up for others meanwhile
        done = upload.state != "coming"
        return files if done else [*files, _facts(upload, paper)]

    saved = actions.change_files(
        attempt_id, task_id=upload.task_id, change=added, tab=tab, arrived_at=at,
        begun_at=upload.begun_at,
    )  # fmt: skip
    if done:
        return None
    kept = keep(original, name=upload.name, media_type=paper.media_type)
    upload.original_id, upload.state = kept.id, "waiting"
    session.flush()
    nudge("copies")
    return saved


def _facts(upload: Upload, paper: Paper) -> FileFacts:
    return {
        "id": str(upload.id), "name": upload.name, "size": upload.size, "type": paper.media_type,
    }  # fmt: skip


def take_out(upload_id: UUID, *, attempt_id: UUID, tab: str, at: datetime) -> Saved | None:
    """Let a file belong to the answer no more; None when it did not. Its bytes stay with the revisions."""
    upload = upload_of(attempt_id, upload_id)
    task_id = upload.task_id
    if upload.state == "coming":
        give_up(upload_id)
        return None
    return actions.change_files(
        attempt_id, task_id=task_id, tab=tab, arrived_at=at,
        change=lambda files: [file for file in files if file["id"] != str(upload_id)],
    )  # fmt: skip


# ── What is left of those that never arrived ─────────────────────────────────


def whole(attempt_id: UUID) -> list[Upload]:
    """Files of which every piece is here and that nobody put together: their request died."""
    mine = (Upload.attempt_id == attempt_id) & (Upload.state == "coming")
    return list(session.scalars(select(Upload).where(mine, Upload.arrived == Upload.size)))


def never_arrived() -> list[UUID]:
    """Files that stopped on their way, of attempts that are closed."""
    closed = select(Upload.id).join(Attempt, Attempt.id == Upload.attempt_id)
    return list(
        session.scalars(closed.where(Upload.state == "coming", Attempt.closed_at.is_not(None)))
    )
