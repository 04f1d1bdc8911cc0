"""Menus and tool bar of the main window: what can be done, in the words of the court."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

TITLE = "知行 · 执行案件流程节点办案系统"
Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be done: its name in code, its words, its keys."""

    name: str
    words: str
    keys: str = ""
    tip: str = ""
    checkable: bool = False


SEPARATOR = Entry("", "")
PEOPLE_MENU = "人员(&P)"
DOSSIER_MENU = "卷宗(&D)"
MENUS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "案件(&C)",
        (
            Entry("new_case", "新收案件…", "F2", "登记一件新收的执行案件"),
            Entry(
                "parties",
                "当事人和案件信息…",
                "F4",
                "当前案件当事人的住址、代表人、代理人等，文书由此取得",
            ),
            Entry("case_papers", "本案文书…", "F6", "当前案件的全部文书：查看、打印、导出"),
            Entry("outdoor_kit", "外勤包…", "", "为当前案件打印外出时手工填写的空白文书"),
            Entry(
                "many_papers", "批量制作文书…", "", "为列表中的案件一并制作同一种文书，导出、打印"
            ),
            Entry("take_back", "取回改过的文书…", "", "把在 Word、WPS 中改过的文书取回，作为定稿"),
            SEPARATOR,
            Entry("import_cases", "导入案件…", "Ctrl+I", "从 Excel 清单导入案件"),
            Entry("save_template", "保存导入模板…", "", "保存一份空白的导入模板"),
            SEPARATOR,
            Entry("refresh", "刷新", "F5", "重新读取列表和当前案件"),
            SEPARATOR,
            Entry("quit", "退出", "Ctrl+Q"),
        ),
    ),
    (
        DOSSIER_MENU,
        (
            Entry("dossier", "本案卷宗…", "F7", "当前案件的电子卷宗：查看、入卷、编目"),
            Entry("take_in", "材料入卷…", "F9", "把文件、照片、扫描件放入当前案件的卷宗"),
            Entry("triangle", "三卷一致…", "F8", "节点、电子卷宗、纸质卷宗逐件对照"),
            SEPARATOR,
            Entry("archive", "归档…", "", "归档核查、制作归档包、移交、接收、退回"),
            Entry("copies", "提供复制件…", "", "为当事人制作正卷的复制件，遮盖他人的个人信息"),
            Entry(
                "dossier_overdue",
                "逾期清单…",
                "",
                "全局借出未还的纸质卷宗、未按期归档的卷宗：谁的、逾期几日",
            ),
            SEPARATOR,
            Entry("tray", "待归扫描件…", "Ctrl+T", "还没有确定归入哪个案件的扫描件"),
            Entry("stack", "整批收取扫描件…", "", "一次扫描许多材料，按页标、分隔页分别入卷"),
            Entry(
                "scan_sheets",
                "打印分隔页、页标…",
                "",
                "扫描时放在材料之前的分隔页，贴在原件上的页标",
            ),
            Entry("scan_folder", "扫描文件夹…", "", "本工作站自动收取哪个文件夹中的扫描件"),
            Entry("volumes", "纸质卷宗…", "", "当前案件的各册：打印、补印、装订、交接"),
            Entry("proof", "扫描核对…", "", "用装订好的卷宗的扫描件逐页核对电子卷宗"),
        ),
    ),
    (
        "查看(&V)",
        (
            Entry("show_list", "显示案件列表", "Ctrl+B", "显示或者收起案件列表", checkable=True),
            Entry("focus_list", "案件列表", "Ctrl+Shift+B", "光标移到案件列表"),
            Entry("focus_search", "查找案件", "", "查找案件（Ctrl+F；在流程图中为查找节点）"),
            Entry("whole_bureau", "全局概览", "Ctrl+0", "不选案件，流程图显示全部在办案件"),
            SEPARATOR,
            Entry("chart_1", "总体图", "Ctrl+1"),
            Entry("chart_2", "节点图", "Ctrl+2"),
            Entry("chart_3", "措施图", "Ctrl+3"),
            Entry("focus_node", "节点办理", "Ctrl+4", "光标移到节点办理面板"),
            SEPARATOR,
            Entry("digest", "新情况…", "Ctrl+D", "上次查看以来的新情况，每件一行"),
            Entry("alerts", "期限提醒", "Ctrl+5", "显示或者收起期限提醒", checkable=True),
            Entry("approvals", "待办审批…", "Ctrl+6", "等我决定的事项、督办、转报、代行"),
            Entry("journal", "办案日志", "Ctrl+7", "显示或者收起当前案件的日志", checkable=True),
            Entry("simulator", "期限推演", "Ctrl+8", "推演到某日不办理的后果", checkable=True),
            Entry("whole_journal", "全部日志…", "Ctrl+J", "查找、核对、导出全部日志（审计员）"),
            Entry("daily_sheet", "工作日报…", "", "查看、打印日报（执行局长、主管院领导）"),
            Entry("calendar", "工作日历…", "Ctrl+9", "查看、修改工作日历，导入放假安排"),
            SEPARATOR,
            Entry("larger", "放大文字", "Ctrl+="),
            Entry("smaller", "缩小文字", "Ctrl+-"),
            Entry("normal_size", "标准文字", ""),
        ),
    ),
    (
        PEOPLE_MENU,
        (
            Entry("lock", "锁定", "Ctrl+L", "离开时锁定窗口，回来输入密码继续"),
            Entry("switch_user", "换人…", "Ctrl+U", "换一个人使用本工作站，您的窗口全部关闭"),
            Entry("my_password", "修改我的密码…", "", "修改自己的登录密码"),
            Entry("sign_out", "退出登录", "", "关闭您的窗口，回到登录画面"),
            SEPARATOR,
            Entry("people", "人员名册…", "", "人员、角色、团队、书记员"),
            Entry("accounts", "账号…", "", "建立账号、重置密码、解锁、停用"),
            Entry("deputies", "代理人…", "", "谁在哪几天代谁审批"),
            Entry("court_settings", "本院设置…", "", "本院情况和安全规则"),
            Entry("paper_layout", "文书版式…", "", "页边距、行数、字体、字号、〇或者零，边改边看"),
            Entry("paper_templates", "文书模板…", "", "用本院自己的 Word 模板代替程序的样式"),
            Entry("paper_laws", "法条表…", "", "文书引用的条文、施行日期、是否核对、哪些文书引用"),
            Entry("store", "文件检查…", "", "保存的文件是否完好，用备份修复（系统管理员）"),
            Entry("matrix", "权限表…", "", "谁可以办什么、依据什么；可以打印"),
            Entry("rulebook", "节点规则…", "", "本局现用的节点规则；比较、核准另一套（院长）"),
        ),
    ),
    (
        "帮助(&H)",
        (
            Entry("help", "使用手册", "F1", "打开光标所在面板的手册页"),
            Entry("about", "关于知行"),
        ),
    ),
)
THEME_WORDS = {"system": "跟随系统", "light": "浅色", "dark": "深色"}
_TOOLS = (
    *("show_list", "", "new_case", "import_cases", "refresh", ""),
    *("approvals", "alerts", "journal", "simulator"),
)
_TOOL_WORDS = {"show_list": "案件列表", "new_case": "新收案件", "import_cases": "导入案件"}


class WindowActions(QObject):
    """All actions by name; ``acts`` says what each does."""

    def __init__(self, window: QMainWindow, acts: Mapping[str, Act]) -> None:
        super().__init__(window)
        self._window = window
        self._acts = acts
        self.by_name: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self.themes: dict[str, QAction] = {}
        for title, entries in MENUS:
            menu = window.menuBar().addMenu(title)
            menu.setToolTipsVisible(title in (PEOPLE_MENU, DOSSIER_MENU))
            self.menus[title] = menu
            self._fill(menu, entries)
        self.bar = self._make_bar()

    def _fill(self, menu: QMenu, entries: tuple[Entry, ...]) -> None:
        for entry in entries:
            if entry == SEPARATOR:
                menu.addSeparator()
                continue
            action = QAction(entry.words, self._window)
            action.setCheckable(entry.checkable)
            if entry.keys:
                action.setShortcut(QKeySequence(entry.keys))
            plain = entry.tip or entry.words.rstrip("…")
            action.setStatusTip(plain)
            action.setToolTip(f"{plain}（{entry.keys}）" if entry.keys else plain)
            action.triggered.connect(self._acts[entry.name])
            menu.addAction(action)
            self.by_name[entry.name] = action
            if entry.name == "normal_size":
                self._add_themes(menu)

    def _add_themes(self, menu: QMenu) -> None:
        inner = menu.addMenu("界面颜色")
        group = QActionGroup(self)
        for name, words in THEME_WORDS.items():
            action = inner.addAction(words)
            action.setCheckable(True)
            action.setData(name)
            group.addAction(action)
            self.themes[name] = action
        group.triggered.connect(self._on_theme)

    def _on_theme(self, action: QAction) -> None:
        self._acts["theme"]()

    def theme(self) -> str:
        """The colours that are ticked."""
        return next((name for name, a in self.themes.items() if a.isChecked()), "system")

    def _make_bar(self) -> QToolBar:
        bar = QToolBar("常用", self._window)
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        bar.toggleViewAction().setVisible(False)
        for name in _TOOLS:
            if not name:
                bar.addSeparator()
                continue
            action = self.by_name[name]
            action.setIconText(_TOOL_WORDS.get(name, action.text().rstrip("…")))
            bar.addAction(action)
        self._window.addToolBar(bar)
        return bar

    def allow(self, name: str, why_not: str) -> None:
        """Grey an action out, with the reason as its tip; an empty reason lets it be used."""
        action = self.by_name[name]
        plain = next(e.tip for _, entries in MENUS for e in entries if e.name == name)
        action.setEnabled(not why_not)
        action.setToolTip(why_not or plain)
        action.setStatusTip(why_not or plain)

    def show_count(self, name: str, number: int) -> None:
        """Write a number behind a tool: 期限提醒 12."""
        action = self.by_name[name]
        plain = _TOOL_WORDS.get(name, action.text().rstrip("…"))
        action.setIconText(f"{plain} {number}" if number else plain)
