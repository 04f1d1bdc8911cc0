"""Filling a template with docxtpl, in the sandbox, without losing anything on the way."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from docxtpl import DocxTemplate
from jinja2 import TemplateError, UndefinedError

from zhixing_desktop.documents.templates_sandbox import Sandbox, plain_values
from zhixing_desktop.documents.word_package import pack, unpack
from zhixing_desktop.workflow.errors import InputRefusedError

# What python-docx raises on a file whose parts do not fit together (a part that is not there).
_BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError)
_SAVE_AGAIN = "请用 Word 或者 WPS 打开后另存一份，再重新上传。"


def fill(template: bytes, context: Mapping[str, Any]) -> bytes:
    """Return the bytes of a .docx: a template, known to be a sound file, filled with values.

    The same template and values give the same bytes.  Raises ``InputRefusedError``.
    """
    values = plain_values(context)
    made = io.BytesIO()
    try:
        document = _Document(io.BytesIO(template))
        document.render(values, Sandbox())
        document.save(made)
    except UndefinedError as error:
        sentence = f"模板里的一个字段没有内容，没有生成文书（{error.message}）。请检查模板。"
        raise InputRefusedError(sentence) from error
    except TemplateError as error:
        raise InputRefusedError("模板的标签写错了，没有生成文书。请重新检查模板。") from error
    except _BROKEN as error:
        raise InputRefusedError(f"模板文件的结构不完整。{_SAVE_AGAIN}") from error
    return pack(unpack(made.getvalue()))


class _Document(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """A template that refuses to lose what its tags have torn apart."""

    def fix_tables(self, xml: str) -> Any:
        """Check that the filled document is whole; docxtpl would drop what is not, silently."""
        try:
            ElementTree.fromstring(xml)
        except ElementTree.ParseError as error:
            raise InputRefusedError(
                "模板的循环或者条件跨过了表格或者段落的边界，没有生成文书。请检查 {% %} 的位置。"
            ) from error
        return super().fix_tables(xml)
