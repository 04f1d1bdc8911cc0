#!/usr/bin/env bash
# Makes this machine ready: system libraries, one Chinese font, a virtual environment, the program.
#
#   tools/setup.sh run     what the program needs
#   tools/setup.sh test    the same, and what the tests need
#
# Says one line for each thing it does and nothing when there is nothing to do.  As root, or where
# sudo asks for no password, it installs missing system packages itself; otherwise it names them.
# English, because it runs before the machine has a Chinese font.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH="$PATH:/usr/sbin:/sbin" # ldconfig stands there, outside the PATH of ordinary users

say() { printf 'setup: %s\n' "$*"; }
die() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

purpose="${1:-run}"
case "$purpose" in
    run | test) ;;
    *)
        printf 'usage: tools/setup.sh [run|test]\n' >&2
        exit 2
        ;;
esac

# ---------------------------------------------------------------- what the system has to provide

# Without these no module of Qt can be imported, screen or not.
BASE_LIBRARIES="
libglib-2.0.so.0       libglib2.0-0         main loop of Qt
libGL.so.1             libgl1               drawing in Qt
libEGL.so.1            libegl1              drawing in Qt
libdbus-1.so.3         libdbus-1-3          desktop services of Qt
libfontconfig.so.1     libfontconfig1       finding fonts
libxkbcommon.so.0      libxkbcommon0        keyboard of Qt
"
# These in addition before a real window can open, and before a printer is seen.
WINDOW_LIBRARIES="
libxcb-cursor.so.0     libxcb-cursor0       window on X11
libxcb-icccm.so.4      libxcb-icccm4        window on X11
libxcb-keysyms.so.1    libxcb-keysyms1      window on X11
libxcb-shape.so.0      libxcb-shape0        window on X11
libxkbcommon-x11.so.0  libxkbcommon-x11-0   keyboard on X11
libcups.so.2           libcups2             printing
"
WAYLAND_LIBRARIES="
libwayland-cursor.so.0 libwayland-cursor0   window on Wayland
"
# One file of any of these is enough for Qt to show Chinese.
FONT_FILES="NotoSansCJK* NotoSansSC* SourceHanSans* wqy-* LXGWWenKai* simsun* simhei* msyh*"
FONT_PACKAGE="fonts-noto-cjk"

needs_window() { [ "$purpose" = test ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

missing=() # lines "package reason"

want_libraries() {
    local cache library package reason
    cache="$(ldconfig -p)"
    while read -r library package reason; do
        [ -n "$library" ] || continue
        # "libGL.so.1 (" and not "libGL.so.1.7.0"
        [[ "$cache" == *[[:space:]]"$library "* ]] || missing+=("$package $reason")
    done <<<"$1"
}

has_chinese_font() {
    local folders=(/usr/share/fonts /usr/local/share/fonts) names=() pattern
    [ -n "${HOME:-}" ] && folders+=("$HOME/.fonts" "$HOME/.local/share/fonts")
    set -f
    for pattern in $FONT_FILES; do names+=(-o -iname "$pattern"); done
    set +f
    [ -n "$(find "${folders[@]}" \( "${names[@]:1}" \) -print -quit 2>/dev/null)" ]
}

# LibreOffice is packaged part by part; the command alone says nothing of Writer (sw) or Calc (sc).
has_office_part() {
    local program
    program="$(command -v soffice)" || return 1
    [ -e "$(dirname "$(readlink -f "$program")")/lib${1}lo.so" ]
}

list_missing() {
    local venv_package
    missing=()
    want_libraries "$BASE_LIBRARIES"
    if needs_window; then want_libraries "$WINDOW_LIBRARIES"; fi
    if [ -n "${WAYLAND_DISPLAY:-}" ]; then want_libraries "$WAYLAND_LIBRARIES"; fi
    has_chinese_font || missing+=("$FONT_PACKAGE Chinese characters on the screen")
    if [ "$purpose" = test ]; then
        command -v Xvfb >/dev/null || missing+=("xvfb a display for the tests")
        command -v xauth >/dev/null || missing+=("xauth a display for the tests")
        has_office_part sw || missing+=("libreoffice-writer-nogui Word files of the tests")
        has_office_part sc || missing+=("libreoffice-calc-nogui Excel files of the tests")
    fi
    if [ -n "$python" ] && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        venv_package="$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
        missing+=("$venv_package virtual environments of Python")
    fi
}

# The name of a package here: Debian 13 and Ubuntu 24.04 call some of them ...t64.
real_name() {
    if apt-cache show --no-all-versions "${1}t64" >/dev/null 2>&1; then
        printf '%st64' "$1"
    else
        printf '%s' "$1"
    fi
}

install_missing() {
    local line names=() elevate=() log
    for line in "${missing[@]}"; do names+=("${line%% *}"); done
    if ! command -v apt-get >/dev/null; then
        die "this system has no apt-get; install what provides these Debian packages and try" \
            "again: ${names[*]}"
    fi
    if [ "$(id -u)" != 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            die "these system packages are missing and need an administrator:" \
                "apt-get install ${names[*]}"
        fi
        elevate=(sudo -n)
    fi
    apt() { "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }

    log="$(mktemp)"
    # One dead third-party source must not stop us; the installation below decides.
    apt update >"$log" 2>&1 || say "apt-get update reported an error; trying with what it has"
    names=()
    for line in "${missing[@]}"; do
        names+=("$(real_name "${line%% *}")")
        say "installing ${names[-1]} (${line#* })"
    done
    if ! apt install -y --no-install-recommends "${names[@]}" >>"$log" 2>&1; then
        tail -n 20 "$log" >&2
        die "apt-get could not install: ${names[*]}"
    fi
    rm -f "$log"
    list_missing
    if [ "${#missing[@]}" -gt 0 ]; then
        die "still missing after the installation: ${missing[*]}"
    fi
}

# ---------------------------------------------------------------------------------- which Python

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; }

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$name" >/dev/null && fits "$name"; then
            printf '%s' "$name"
            return
        fi
    done
    die "Python 3.11 to 3.14 is needed and none was found; on Debian 12: apt-get install python3"
}

# An environment does not survive being moved or copied: its scripts name the place it was made at.
stands() {
    local made
    [ -x .venv/bin/pip ] && fits .venv/bin/python || return 1
    made="$(sed -n 's/^command = //p' .venv/pyvenv.cfg)"
    [ -z "$made" ] || [[ "$made" == *" $(pwd -P)/.venv" ]]
}

python="" # empty: the environment stands, no interpreter is needed to build it
if ! stands; then python="$(find_python)"; fi

list_missing
if [ "${#missing[@]}" -gt 0 ]; then install_missing; fi

# ------------------------------------------------------------ the environment, and the program in it

if [ -n "$python" ]; then
    say "making the virtual environment .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

# What was installed last, and for what these two files asked then.
state="$(cat pyproject.toml tools/constraints.txt | sha256sum | cut -d ' ' -f 1)"
stamp=.venv/zhixing-setup
have="$(cat "$stamp" 2>/dev/null || true)"
if [ "$have" != "test $state" ] && [ "$have" != "$purpose $state" ]; then
    extras=""
    if [ "$purpose" = test ]; then extras="[dev]"; fi
    say "installing the program and its Python packages into .venv (some minutes the first time)"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
        --constraint tools/constraints.txt --editable ".$extras"
    printf '%s' "$purpose $state" >"$stamp"
    say "ready"
fi
