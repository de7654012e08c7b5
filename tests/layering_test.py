# SPDX-License-Identifier: Apache-2.0
"""Includes point down.

The lines `nullcline_module(<name> DEPENDS <modules>)` of the top CMakeLists.txt say which folder
may see which: itself, its DEPENDS and theirs. Every #include of the tree is held against them.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULE = re.compile(r"^\s*nullcline_module\(\s*(\w+)(?:\s+DEPENDS([^)]*))?\)", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<((?:nullcline|apps|python)/[^>]+)>)', re.MULTILINE)


def modules(root):
    """{name: the modules that it may include}, in the order of the file."""
    visible = {}
    for name, depends in MODULE.findall((root / "CMakeLists.txt").read_text()):
        assert name not in visible, f"module {name} is declared twice"
        visible[name] = {name}
        for dependency in depends.split():
            assert dependency in visible, f"{name} depends on {dependency}, which is not above it"
            visible[name] |= visible[dependency]
    return visible


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in {".hpp", ".cpp", ".h", ".cc"})


def violations(root):
    """One line for each include that points up or sideways, or into another's detail/."""
    visible = modules(root)
    found = [
        f"nullcline/{folder.name}: no nullcline_module() line"
        for folder in sorted((root / "nullcline").iterdir())
        if folder.is_dir() and folder.name not in visible
    ]
    for top in ("nullcline", "apps", "python"):
        for path in sources(root / top):
            here = path.relative_to(root)
            module = here.parts[1] if top == "nullcline" else None
            for quoted, angled in INCLUDE.findall(path.read_text()):
                target = (quoted or angled).split("/")
                complaint = judge(top, module, target, visible)
                if complaint:
                    found.append(f"{here}: includes {'/'.join(target)}: {complaint}")
    return found


def judge(top, module, target, visible):
    """Why `module` (None in apps and python) may not include `target`; None if it may."""
    if target[0] == top and top != "nullcline":
        return None
    if target[0] in ("apps", "python"):
        return f"nothing includes {target[0]}/"
    if target[0] != "nullcline":
        # A program's own headers lie beside it; a library's have one spelling.
        return "write the path from the root of the tree" if top == "nullcline" else None
    if module and target[1] not in visible.get(module, ()):
        return f"{module} may include {', '.join(sorted(visible.get(module, ())))}"
    if "detail" in target and target[1] != module:
        return f"private to {target[1]}"
    return None


def test_includes_point_down():
    assert violations(ROOT) == []


def test_every_module_has_its_folder():
    assert {name for name in modules(ROOT) if not (ROOT / "nullcline" / name).is_dir()} == set()


# The test itself can fail: a small tree, first sound, then with one fault at a time.

SOUND = {
    "CMakeLists.txt": "nullcline_module(core DEPENDS)\n"
    "nullcline_module(io DEPENDS core)\n"
    "nullcline_module(study DEPENDS\n    io)\n",
    "nullcline/core/types.hpp": "#include <vector>\n",
    "nullcline/core/detail/bits.hpp": '#include "nullcline/core/types.hpp"\n',
    "nullcline/io/npz.cpp": '#include "nullcline/core/types.hpp"\n',
    "nullcline/study/study.cpp": '#include "nullcline/core/types.hpp"\n#include "nullcline/io/npz.hpp"\n',
    "apps/main.cpp": '#include "apps/table.hpp"\n#include "nullcline/study/study.hpp"\n#include "table.hpp"\n',
    "python/module.cpp": '#include "nullcline/io/npz.hpp"\n',
}


def write_tree(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_sound_tree_has_no_violations(tmp_path):
    write_tree(tmp_path, SOUND)
    assert violations(tmp_path) == []


@pytest.mark.parametrize(
    "path, text, complaint",
    [
        ("nullcline/core/up.hpp", '#include "nullcline/io/npz.hpp"\n', "core may include core"),
        ("nullcline/core/up.cpp", "  #  include <nullcline/io/npz.hpp>\n", "core may include core"),
        ("nullcline/io/app.cpp", '#include "apps/table.hpp"\n', "nothing includes apps/"),
        ("nullcline/io/py.cpp", '#include "python/module.hpp"\n', "nothing includes python/"),
        ("python/app.cpp", '#include "apps/table.hpp"\n', "nothing includes apps/"),
        ("nullcline/io/bits.cpp", '#include "nullcline/core/detail/bits.hpp"\n', "private to core"),
        ("apps/bits.cpp", '#include "nullcline/core/detail/bits.hpp"\n', "private to core"),
        ("nullcline/io/near.cpp", '#include "npz.hpp"\n', "write the path from the root"),
        ("nullcline/utils/misc.hpp", "", "no nullcline_module() line"),
    ],
)
def test_each_fault_is_found(tmp_path, path, text, complaint):
    write_tree(tmp_path, SOUND | {path: text})
    assert [complaint in line for line in violations(tmp_path)] == [True]


def test_a_cycle_cannot_be_declared(tmp_path):
    write_tree(tmp_path, {"CMakeLists.txt": "nullcline_module(a DEPENDS b)\nnullcline_module(b DEPENDS a)\n"})
    with pytest.raises(AssertionError, match="not above it"):
        modules(tmp_path)
