"""What the archive package says of itself: how to verify it without this program."""

from __future__ import annotations

from zhixing_desktop.dossier.bag import MANIFEST, TAGS
from zhixing_desktop.dossier.package_lists import COLUMNS, SCHEMA, SCHEMA_VERSION, heading_of
from zhixing_desktop.dossier.package_parts import CasePackage

NAME = "README.txt"
_COMPARE = (
    "Get-Content -Encoding UTF8 {manifest} | % {{ $h, $f = $_ -split '  ', 2; "
    "if ((Get-FileHash -LiteralPath $f).Hash -ne $h) {{ $f }} }}"
)
"""PowerShell 4 and later (Windows 8.1): names each file whose SHA-256 is another."""
_WORDS = """\
{heading}

制作日期：{day}　制作人：{by}　程序：{program}

本包按 BagIt 1.0（RFC 8493）制作，校验算法为 SHA-256。核对不需要本系统，也不需要上网。

一、怎样核对

1. Linux、麒麟、统信：在本文件所在的文件夹打开命令行，执行下面两行，每行都没有报错、逐个显示“OK”
   （或者“成功”）的，全部文件与制作时一字节不差：

       sha256sum -c tagmanifest-sha256.txt
       sha256sum -c manifest-sha256.txt

2. Windows：在本文件所在的文件夹打开 PowerShell，把下面两行各粘贴一次；什么都没有显示的，全部相符，
   显示出来的是缺少或者变动的文件：

       {check_tags}
       {check_payload}

   只核对一个文件的，也可以在命令提示符中执行下面一行，与 manifest-sha256.txt 中同一文件前面的
   六十四位校验值比较：

       certutil -hashfile "data\\{example}" SHA256

3. 国外通用的 BagIt 工具（例如美国国会图书馆的 bagit）也可以核对：bagit.py --validate 文件夹

4. 为防连同清单一起被换掉，请计算 tagmanifest-sha256.txt 本身的 SHA-256，与移交清单上写明的“归档包
   校验值”比较：

       sha256sum tagmanifest-sha256.txt
       certutil -hashfile tagmanifest-sha256.txt SHA256

二、包里有什么

data\\电子卷宗\\正卷、副卷   每一件一个 PDF，文件名是“件号_名称”
data\\影像卷宗             每一册一个 PDF，与纸质卷宗页次一致，有书签和页码
data\\原件                 收到时的原件，按件存放，v1、v2 是版本
data\\日志                 本案的办理日志，包内另有核对方法
data\\目录.csv             卷内目录，可以用 Excel、WPS 打开
data\\目录.json            同样的内容，另有案件信息、归档信息，供其他系统读取
bag-info.txt              归档包的说明：来源单位、制作日期、案号、文件总数和总字节数
manifest-sha256.txt       data 中每个文件的 SHA-256
tagmanifest-sha256.txt    其余各文件的 SHA-256

目录.csv 的栏目：{columns}。
一件分订在几册的，每一册一行。文件、SHA-256 两栏为空的，是只有纸质的材料，或者没有页面的视听资料。
目录.json 的格式名是“{schema}”，版本 {version}。

三、须知

本包含有当事人的个人信息，副卷依法不公开。请依法保管，交接时当面核对并签收。
"""


def readme(package: CasePackage, example: str) -> bytes:
    """Return README.txt; ``example`` is the path below ``data/`` of a file to show.

    With BOM and the line ends of Windows: the oldest Notepad shows it, and every other program.
    """
    words = _WORDS.format(
        heading=heading_of(package),
        day=f"{package.made_on.year}年{package.made_on.month}月{package.made_on.day}日",
        by=package.made_by,
        program=package.program,
        example=example.replace("/", "\\"),
        check_tags=_COMPARE.format(manifest=TAGS),
        check_payload=_COMPARE.format(manifest=MANIFEST),
        columns="、".join(COLUMNS),
        schema=SCHEMA,
        version=SCHEMA_VERSION,
    )
    return b"\xef\xbb\xbf" + words.replace("\n", "\r\n").encode()
