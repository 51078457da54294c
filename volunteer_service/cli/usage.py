"""Words usage errors in the language of the terminal; click knows only English."""

import re
from typing import Any

import click

from volunteer_service.cli.shell import Sentence
from volunteer_service.cli.words import language

_HAN = re.compile("[\u4e00-\u9fff]")


class Commands(click.Group):
    """The group of commands; usage errors are told in the language of the terminal."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was typed."""
        try:
            return super().invoke(ctx)
        except click.UsageError as wrong:
            if language() != "zh":
                raise
            raise _Misused(_worded(wrong, ctx)) from None


class _Misused(Sentence):
    exit_code = 2


def _worded(wrong: click.UsageError, ctx: click.Context) -> str:
    what = wrong.message if _HAN.search(wrong.message) else _known(wrong, ctx)
    return f"{what}用法见：{(wrong.ctx or ctx).command_path} --help"


def _known(wrong: click.UsageError, ctx: click.Context) -> str:
    match wrong:
        case click.NoSuchOption(option_name=name):
            return f"没有选项 {name}。"
        case click.MissingParameter():
            return f"缺少 {_name(wrong, ctx)}。"
        case click.BadParameter():
            return f"{_name(wrong, ctx)} 的值不对。"
    return "没有这样的命令或参数。"


def _name(wrong: click.BadParameter, ctx: click.Context) -> str:
    return wrong.param.get_error_hint(wrong.ctx or ctx) if wrong.param else str(wrong.param_hint)
