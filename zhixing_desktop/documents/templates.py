"""The court's own templates: Word files with placeholders, checked before they are accepted.

Filled by docxtpl with Jinja2.  A template comes from outside, so nothing in it is trusted: only
names of known fields, loops over known lists, conditions and a fixed set of filters may stand in
it (``templates_code``), whatever Python offers is out of reach, and the values that are filled in
stay words.  Known fields are dotted names (``case.number``); a list ends with ``[]`` and its
entries' fields follow (``assets[]``, ``assets[].name``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from zhixing_desktop.documents.templates_tags import stray_tags, tags_in
from zhixing_desktop.documents.word_package import WordPackage, open_package
from zhixing_desktop.documents.word_reading import unsettled
from zhixing_desktop.workflow.errors import InputRefusedError, Problem


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """What a template uses of the known fields, and every fault of it.

    ``used``, ``missing`` (required and not used) and ``unused`` are names of known fields in their
    own order; ``unknown`` names that stand in the template and are no field.  ``problems`` are all
    faults in words; ``accepted`` says that none forbids its use.
    """

    used: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def accepted(self) -> bool:
        """Return whether the template may be used: nothing unknown, missing, broken or unsafe."""
        return not any(problem.severity == "error" for problem in self.problems)


def check_template(
    data: bytes, fields: Mapping[str, str], required: Collection[str] = ()
) -> TemplateCheck:
    """Say what a template uses and all that is wrong with it.

    ``data`` are the bytes of a .docx, ``fields`` the known fields with their labels, ``required``
    those that must be used.  Never raises for what is in the file: that is what it reports.
    """
    package, problems = open_package(data)
    if package is None:
        return TemplateCheck((), (), tuple(required), tuple(fields), problems)
    from zhixing_desktop.documents.templates_code import read_code

    tags, torn = tags_in(package)
    found = [*problems, *torn, *stray_tags(package), *unsettled_problems(package)]
    code = read_code(tags, fields)
    found += code.problems
    # Only what it uses: a form may name thousands of fields.
    tried = {name: label for name, label in fields.items() if name in code.used}
    if not found and (problem := _tried(data, tried)):
        found.append(problem)
    used = tuple(name for name in fields if name in code.used)
    missing = tuple(name for name in fields if name in required and name not in code.used)
    unused = tuple(name for name in fields if name not in code.used and not name.endswith("[]"))
    found += [
        Problem(
            "模板",
            f"缺少必需的“{fields[name]}”。请在应当出现的地方写上 {_written(name)}。",
            data={"field": name},
        )
        for name in missing
    ]
    return TemplateCheck(used, code.unknown, missing, unused, tuple(found))


def _tried(data: bytes, fields: Mapping[str, str]) -> Problem | None:
    """Fill a template with the labels of its fields; return what went wrong.

    Two entries in each list, so that what a loop tears apart is seen before a case needs it.
    """
    try:
        fill_template(data, _example(fields))
    except InputRefusedError as error:
        return Problem("模板", error.sentence)
    return None


def _example(fields: Mapping[str, str], below: str = "") -> dict[str, Any]:
    """Return values for all fields whose names begin with ``below``."""
    made: dict[str, Any] = {}
    for name, label in fields.items():
        head = name.removeprefix(below).partition(".")[0]
        key = head.removesuffix("[]")
        if not name.startswith(below) or key in made:
            continue
        value = _example(fields, f"{below}{head}.") or label
        made[key] = [value, value] if head.endswith("[]") else value
    return made


def unsettled_problems(package: WordPackage) -> tuple[Problem, ...]:
    """Return what would stand in each paper made from a template: tracked changes, comments.

    Automatic numbers may stay: nothing is read back from a template.
    """
    return tuple(problem for problem in unsettled(package) if "自动编号" not in problem.sentence)


def _written(name: str) -> str:
    """Return how a field is written into a template."""
    if "[]" not in name:
        return f"{{{{ {name} }}}}"
    whole, _, rest = name.partition("[]")
    loop = f"{{%p for 项 in {whole} %}}"
    return f"{loop} …… {{{{ 项{rest} }}}} …… {{%p endfor %}}" if rest else loop


def fill_template(data: bytes, context: Mapping[str, Any]) -> bytes:
    """Return the bytes of a .docx: a template with the values in place of its fields.

    ``context`` holds texts, whole numbers, truth values, and dictionaries and lists of such; each
    is written as words.  Raises ``InputRefusedError`` when the template was not accepted by
    ``check_template`` (its code is checked again here), or a field has no value.
    """
    _package, problems = open_package(data)
    if problems:
        raise InputRefusedError("模板不能使用，请按下列各项处理后重新上传。", problems)
    from zhixing_desktop.documents.templates_fill import fill

    return fill(data, context)
