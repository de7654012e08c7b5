# SPDX-License-Identifier: Apache-2.0
"""The stubs name what the compiled module has: every function, class, member and argument."""

import ast
import inspect
import pathlib
import re

import pytest

import nullcline
from nullcline import _nullcline

FOLDER = pathlib.Path(nullcline.__file__).parent
THEMES = sorted((FOLDER / "_nullcline").glob("_[a-z]*.pyi"))
BODY = [node for theme in THEMES for node in ast.parse(theme.read_text()).body]
CLASSES = {node.name: node for node in BODY if isinstance(node, ast.ClassDef)}
FUNCTIONS = {node.name: node for node in BODY if isinstance(node, ast.FunctionDef)}


def members(name):
    """The names in the stub of a class and of those that it derives from, but special ones."""
    node = CLASSES[name]
    names = {
        item.name if isinstance(item, ast.FunctionDef) else item.target.id
        for item in node.body
        if isinstance(item, ast.FunctionDef | ast.AnnAssign)
    }
    for base in node.bases:
        names |= members(base.id) if base.id in CLASSES else set()
    return {member for member in names if not member.startswith("__")}


def signature_of(docstring, name):
    """The names and defaults that pybind11 writes in the first line of a docstring."""
    arguments = re.search(rf"{name}\((.*)\) -> ", docstring.splitlines()[0])[1]
    parts = re.sub(r"\[[^]]*\]", "", arguments).split(", ")
    return [re.match(r"\*|\w+", part)[0] for part in parts if part and not part.startswith("self")]


def signature_in_stub(node):
    arguments = node.args
    names = [a.arg for a in arguments.args if a.arg != "self"]
    if arguments.kwonlyargs:
        names += ["*"] + [a.arg for a in arguments.kwonlyargs]
    return names


def test_the_package_is_typed():
    assert (FOLDER / "py.typed").exists()


def test_all_themes_are_gathered():
    lines = (FOLDER / "_nullcline" / "__init__.pyi").read_text().splitlines()
    gathered = {line.split()[1] for line in lines if line.endswith("import *")}
    assert gathered == {f".{theme.stem}" for theme in THEMES} - {"._types"}


def test_no_name_stands_twice_but_overloads():
    names = [
        node.name
        for node in BODY
        if isinstance(node, ast.ClassDef)
        or (isinstance(node, ast.FunctionDef) and not node.decorator_list)
    ]
    assert sorted(names) == sorted(set(names))


def test_stubs_and_module_have_the_same_names():
    public = {name for name in vars(_nullcline) if not name.startswith("_")}
    assert public == {name for name in CLASSES | FUNCTIONS if not name.startswith("_")}
    assert set(nullcline.__all__) == public | {"__version__", "run"}


@pytest.mark.parametrize("name", sorted(name for name in CLASSES if not name.startswith("_")))
def test_members_are_those_of_the_stub(name):
    type_ = getattr(_nullcline, name)
    inherited = [base for base in type_.__mro__ if base.__module__ == type_.__module__]
    actual = {m for base in inherited for m in vars(base) if not m.startswith("__")}
    assert actual == members(name)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_arguments_are_those_of_the_stub(name):
    docstring = getattr(_nullcline, name).__doc__
    assert signature_of(docstring, name) == signature_in_stub(FUNCTIONS[name])


@pytest.mark.parametrize("name", sorted(nullcline.__all__))
def test_everything_has_a_docstring(name):
    thing = getattr(nullcline, name)
    if name != "__version__":
        assert len(inspect.getdoc(thing)) > 20
