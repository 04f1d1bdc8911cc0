"""The parser of the command line: help and complaints in Chinese."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from zhixing_desktop.cli.session import Session
from zhixing_desktop.workflow.errors import UsageError

Command = Callable[[Session], int | None]
Argument = tuple[tuple[str, ...], dict[str, Any]]

# What argparse says, of Python 3.11 to 3.14, and how a person is told.
_COMPLAINTS = (
    (r"the following arguments are required: (?P<names>.+)", "还缺少：{names}"),
    (r"unrecognized arguments: (?P<names>.+)", "多余的或者不认识的部分：{names}"),
    (r"argument (?P<name>.+?): expected one argument", "{name}后面缺少内容"),
    (r"argument (?P<name>.+?): expected at least one argument", "{name}后面缺少内容"),
    (r"argument (?P<name>.+?): expected \d+ arguments?", "{name}后面缺少内容"),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>.+?) "
        r"\(.*?choose from (?P<options>.+)\)",
        "{name}没有“{value}”，只能是：{options}",
    ),
    (
        r"argument (?P<name>.+?): invalid int value: (?P<value>.+)",
        "{name}应当是整数，不是“{value}”",
    ),
    (
        r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)",
        "{name}和{other}不能一起写",
    ),
    (r"one of the arguments (?P<names>.+) is required", "须写其中一项：{names}"),
    (
        r"ambiguous option: (?P<name>.+?) could match (?P<options>.+)",
        "{name}写得太短，可能是：{options}",
    ),
    (
        r"argument (?P<name>.+?): ignored explicit argument (?P<value>.+)",
        "{name}后面不带内容，多了“{value}”",
    ),
)


class Formatter(argparse.HelpFormatter):
    """Help with a Chinese heading before the usage."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Write 用法 before the usage."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser whose help and complaints are Chinese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"formatter_class": Formatter, "add_help": False, "allow_abbrev": False, **options}
        )
        self._positionals.title = "内容"
        self._optionals.title = "选项"
        self._fill: Callable[[], None] | None = None
        self.add_argument("-h", "--help", action="help", help="显示这页说明")

    def fill_later(self, fill: Callable[[], None]) -> None:
        """Let ``fill`` add the arguments when somebody has chosen this parser."""
        self._fill = fill

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, after adding what was left for later."""
        fill, self._fill = self._fill, None
        if fill is not None:
            fill()
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise what argparse complains of, in Chinese, with the usage."""
        raise UsageError(f"命令用法不对：{_chinese(message)}。写法见：{self.prog} --help")


def _chinese(message: str) -> str:
    for pattern, sentence in _COMPLAINTS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            words = {name: _words(text) for name, text in found.groupdict().items()}
            return sentence.format(**words)
    return message


def _words(text: str) -> str:
    """Return argparse's own list or value without quotes, joined in the Chinese manner."""
    return re.sub(r",\s*", "、", text.strip().replace("'", "")).replace(" ", "、")


def common(parser: argparse.ArgumentParser, *, top: bool = False) -> None:
    """Give a parser the options that every command takes."""
    missing: Any = None if top else argparse.SUPPRESS
    group = parser.add_argument_group("各命令通用的选项")
    group.add_argument(
        "--database",
        "--db",
        metavar="位置",
        default=missing,
        help="数据库：文件路径，或者 postgresql:// 地址",
    )
    group.add_argument(
        "--now", metavar="时间", default=missing, help="试验时钟（只能用于试验或者示例数据库）"
    )
    group.add_argument("--by", metavar="登录名", default=missing, help="由谁办理：登录名或者姓名")
    group.add_argument(
        "--password-file",
        metavar="文件",
        default=missing,
        help="密码写在文件第一行；也可以放在变量 ZHIXING_PASSWORD，或者当场输入",
    )
    group.add_argument(
        "--json",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help="以 JSON 输出",
    )


def add(commands: Any, name: str, run: Command, words: str, *arguments: Argument) -> None:
    """Add a command that ``run`` carries out."""
    parser = commands.add_parser(name, help=words, description=words)
    for names, options in arguments:
        parser.add_argument(*names, **options)
    common(parser)
    parser.set_defaults(run=run)


def arg(*names: str, **options: Any) -> Argument:
    """Return an argument of :func:`add`."""
    return names, options


def group_of(commands: Any, name: str, words: str) -> Any:
    """Add a command with actions of its own and return what takes the actions."""
    return _actions(commands.add_parser(name, help=words, description=words), name)


def group_later(commands: Any, name: str, words: str, fill: Callable[[Any], None]) -> None:
    """Add a command whose actions ``fill`` adds when the command is chosen.

    So that what its actions import does not make every other command wait.
    """
    parser = commands.add_parser(name, help=words, description=words)
    parser.fill_later(lambda: fill(_actions(parser, name)))


def _actions(parser: Any, name: str) -> Any:
    return parser.add_subparsers(
        title="动作",
        metavar="动作",
        required=True,
        dest=f"{name}_action",
        parser_class=Parser,
    )


def flat(entries: Sequence[str] | None) -> tuple[str, ...]:
    """Return the entries of an option that may be given several times or with semicolons."""
    parts = (part.strip() for entry in entries or () for part in re.split(r"[;；]", entry))
    return tuple(part for part in parts if part)
