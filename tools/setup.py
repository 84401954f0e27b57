"""Set up ``.venv`` from ``requirements.lock``: what ``make setup`` runs, with the interpreter that it chose.

    python tools/setup.py [folder of the environment]

Everything comes from the lock and is checked against its hashes, the build tools included: what is published as source
only is built with the locked setuptools, not with whatever is newest today. Nothing is done where the lock, this file
and the interpreter are those of the last time.

The surprise is durable_rules, which has to be compiled. Without a C compiler or Python's headers everything else is
set up, the person is told which package to install, and the assistant runs on its reference matcher; the next set-up
tries again.

It uses the standard library only, and knows no index address: pip's own settings say where packages come from.
"""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
LOCK = REPO / "requirements.lock"
#: published as source only: built after, and with, the locked setuptools
SOURCE_ONLY = "jieba"
ENGINE = "durable-rules"
#: without these pip would fetch today's newest setuptools, unchecked
WITH_LOCKED_TOOLS = ("--no-build-isolation", "--use-pep517")
LAST_WORDS = 30


class SetupError(Exception):
    """A step that the rest needs has failed; its output has been shown."""


def main(arguments: list[str]) -> int:
    """Set up, or do nothing where it is set up already; 0 also where only the compiled engine is missing."""
    environment = Path(arguments[0] if arguments else REPO / ".venv").absolute()
    python, stamp = environment / "bin" / "python", environment / ".weiguang-set-up"
    obstacle = why_nothing_can_be_compiled()
    wanted = fingerprint(compiler=obstacle is None)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return 0
    try:
        stamp.unlink(missing_ok=True)  # half of a set-up is none
        set_up(environment, python, obstacle)
    except SetupError as error:
        say(f"✗ {error}")
        return 1
    stamp.write_text(wanted, encoding="utf-8")
    say(f"✓ 环境就绪 ready: {environment}")
    return 0


def set_up(environment: Path, python: Path, obstacle: str | None) -> None:
    """Make the environment and install into it: what has a wheel, what has none, the engine, ourselves."""
    if version_of(python) != sys.version_info[:3]:
        say(f"· 新建环境 new environment, Python {sys.version.split()[0]}")
        venv.create(environment, clear=True, with_pip=True)

    entries = read_lock()
    source_only, engine = entries.pop(SOURCE_ONLY), entries.pop(ENGINE)
    install(python, list(entries.values()), "依赖 dependencies")
    install(python, [source_only], f"分词 {SOURCE_ONLY}", WITH_LOCKED_TOOLS)
    if obstacle and not has_engine(python):
        say_what_is_missing(obstacle)
    elif not obstacle:
        install_engine(python, engine)
    run([*pip_install(python), "--no-deps", *WITH_LOCKED_TOOLS, "--editable", str(REPO)], "微光 weiguang")


def install_engine(python: Path, engine: str) -> None:
    """Compile durable_rules. Its failure is fatal in CI only: elsewhere the reference matcher stands in."""
    flags = os.environ.get("CPPFLAGS", "")
    if sys.version_info >= (3, 13):  # which dropped the old name; the source of 2020 still uses it
        flags += " -DPyEval_CallObject=PyObject_CallObject"
    try:
        install(python, [engine], "规则引擎 durable_rules (C)", WITH_LOCKED_TOOLS, {"CPPFLAGS": flags.strip()})
        if not has_engine(python):
            raise SetupError("durable_rules 编译了但不能导入 was compiled, but can't be imported")
    except SetupError as error:
        if os.environ.get("CI") == "true":
            raise
        say(f"! {error}\n! 改用纯 Python 参考匹配器 the assistant will run on its reference matcher")


def why_nothing_can_be_compiled() -> str | None:
    """Try a two-line extension: None when it compiles, else what is missing, in words."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    if shutil.which(compiler[0]) is None:
        return f"没有 C 编译器 no C compiler ({compiler[0]})"
    with tempfile.TemporaryDirectory() as folder:
        empty, extension = Path(folder, "empty.c"), Path(folder, "extension.c")
        empty.write_text("int weiguang;\n", encoding="ascii")
        extension.write_text("#include <Python.h>\nint weiguang;\n", encoding="ascii")
        include = {sysconfig.get_path(name) for name in ("include", "platinclude")}

        def compiles(source: Path) -> bool:
            command = [*compiler, *(f"-I{folder}" for folder in include), "-c", str(source), "-o", f"{source}.o"]
            return subprocess.run(command, capture_output=True, check=False).returncode == 0

        if not compiles(empty):
            return f"C 编译器不能用 the C compiler does not work ({shlex.join(compiler)})"
        return None if compiles(extension) else "没有 Python 头文件 no Python headers (Python.h)"


def say_what_is_missing(obstacle: str) -> None:
    """Name the package to install, in the words of this system."""
    if sys.platform == "darwin":
        remedy = "xcode-select --install"
    elif shutil.which("apt-get"):
        remedy = "apt-get install gcc python3-dev"
    else:
        remedy = "a C compiler and the headers of Python (Debian: apt-get install gcc python3-dev)"
    say(
        f"! {obstacle}\n"
        "! durable_rules 没有装上,改用纯 Python 参考匹配器,其余照常\n"
        "! durable_rules is left out: the assistant runs on its reference matcher, everything else is set up\n"
        f"! 要装上它,请先运行 to have it, first run:  {remedy}\n"
        "! 然后 then:  make setup"
    )


def read_lock() -> dict[str, str]:
    """Give the lock's entries by package name, each with its marker and hashes.

    A package that has different versions for different Pythons keeps all of them: pip goes by their markers.
    """
    entries: dict[str, str] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", "\n" + LOCK.read_text(encoding="utf-8")):
        name, exact, _ = entry.partition("==")
        if exact:
            entries[name.strip()] = "\n".join(filter(None, (entries.get(name.strip()), entry)))
    return entries


def install(
    python: Path, entries: list[str], what: str, options: Sequence[str] = (), variables: dict[str, str] | None = None
) -> None:
    """Install some of the lock's entries and nothing else, each checked against its hashes."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(entries) + "\n")
        file.flush()
        options = ["--require-hashes", "--no-deps", *options, "--requirement", file.name]
        run([*pip_install(python), *options], what, count=len(entries), variables=variables)


def pip_install(python: Path) -> list[str]:
    return [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]


def run(command: list[str], what: str, *, count: int = 0, variables: dict[str, str] | None = None) -> None:
    """Run one step, showing one line for it, and its last lines of output when it fails."""
    say(f"· {what}")
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **(variables or {})},
    )
    assert process.stdout is not None
    lines, seen = [], 0
    for line in process.stdout:
        lines.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied", "Installing collected")):
            seen += 1
            show_progress(f"  {min(seen, count)}/{count} {line.split('(')[0].strip()[:60]}")
    show_progress("")
    if process.wait() != 0:
        say("".join(lines[-LAST_WORDS:]).rstrip())
        raise SetupError(f"没有成功 failed: {what}")


def has_engine(python: Path) -> bool:
    """Try to import the engine: a symbol that it lacks shows there, not when compiling."""
    try:
        return (
            subprocess.run([str(python), "-c", "import durable.engine"], capture_output=True, check=False).returncode
            == 0
        )
    except OSError:
        return False


def version_of(python: Path) -> tuple[int, ...]:
    """Give an interpreter's version, or nothing where there is none that runs."""
    try:
        answer = subprocess.run(
            [str(python), "-c", "import sys; print(*sys.version_info[:3])"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(part) for part in answer.stdout.split())


def fingerprint(*, compiler: bool) -> str:
    """Say what an environment was made from: any change here makes set-up run again."""
    inputs = b"".join(path.read_bytes() for path in (LOCK, REPO / "pyproject.toml", Path(__file__)))
    return f"{hashlib.sha256(inputs).hexdigest()} {sys.version.split()[0]} {REPO} compiler={compiler}\n"


def say(text: str) -> None:
    print(text, flush=True)


def show_progress(text: str) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
