"""Refusals about the photos of an event; each says what to do."""

from volunteer_service.errors import Refused


class NoPhotosYet(Refused):
    """Photos are added to a published event once it has begun."""

    status = 409
    message = "活动开始后才能传照片；草稿和取消的活动没有照片。"


class TooManyPhotos(Refused):
    """An event has a limited number of photos."""

    message = "一个活动最多留 %(most)s 张照片，一次最多 10 张。请挑几张，或先撤下别的。"


class PhotoRefused(Refused):
    """Somebody on the photo took it down, so it cannot be added again."""

    status = 409
    message = "这张照片已被照片上的人撤下，不能再传。请另选一张。"
