# SPDX-License-Identifier: Apache-2.0
"""Our files against h5py and NumPy, in both directions, and files that those make to be refused.

IO_ROUNDTRIP names the program `io_roundtrip IN OUT`, which reads and writes by the extensions.
"""
import json
import os
import subprocess

import h5py
import numpy as np
import pytest

PROGRAM = os.environ["IO_ROUNDTRIP"]
ATTRIBUTES = {"cell": "leaky_rate", "tau": 0.1, "text": "größe µ 神経", "list": [1, None, True]}
ARRAYS = {
    "float": np.array([[1.5, -0.0], [np.inf, 1e-45]], dtype="f4"),
    "double": np.array([1 / 3, 5e-324, np.pi]),
    "integer": np.array([[-(2**63), 2**63 - 1]]),
    "byte": np.arange(256, dtype="u1"),
    "scalar": np.array(2.5),
    "nothing": np.zeros((0, 3), dtype="f4"),
    "group/deeper/x": np.arange(24.0).reshape(2, 3, 4),
    "größe µ": np.array([7.0]),
}
# What arrives of types that we read and do not have.
CONVERTED = [(">f4", "f4"), (">f8", "f8"), (">i8", "i8"), ("i1", "i8"), ("i2", "i8"), ("i4", "i8"),
             (">i4", "i8"), ("u2", "i8"), (">u2", "i8"), ("u4", "i8"), (">u4", "i8"), ("?", "u1")]
REFUSED = ["f2", "c8", "c16", "u8", "S3", [("a", "f4"), ("b", "f8")]]


def roundtrip(source, target):
    return subprocess.run([PROGRAM, source, target], capture_output=True, text=True, timeout=60)


def convert(source, target):
    done = roundtrip(source, target)
    assert done.returncode == 0, done.stderr
    assert done.stdout == done.stderr == ""


def refuse(source, *words):
    target = source.with_name("refused.npz")
    done = roundtrip(source, target)
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert done.stderr.count("\n") == 1 and done.stderr.startswith(f"{source}: ")
    for word in words:
        assert word in done.stderr
    assert not target.exists()


def write_h5(path, arrays, attributes=None, **options):
    with h5py.File(path, "w", **options) as file:
        for name, array in arrays.items():
            file[name] = array
        if attributes is not None:
            file["attributes"] = np.bytes_(json.dumps(attributes))


def read_h5(path):
    arrays = {}
    with h5py.File(path) as file:
        attributes = json.loads(file["attributes"][0]) if "attributes" in file else {}
        file.visititems(lambda name, item: arrays.update({name: item[()]})
                        if isinstance(item, h5py.Dataset) and name != "attributes" else None)
    return arrays, attributes


def write_npz(path, arrays, attributes=None, save=np.savez):
    more = {} if attributes is None else {
        "attributes_json": np.frombuffer(json.dumps(attributes).encode(), dtype="u1")}
    save(path, **arrays, **more)


def read_npz(path):
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    attributes = arrays.pop("attributes_json", None)
    return arrays, {} if attributes is None else json.loads(bytes(attributes))


READ = {".h5": read_h5, ".npz": read_npz}


def assert_same(arrays, expected):
    assert sorted(arrays) == sorted(expected)
    for name, array in expected.items():
        found = np.asarray(arrays[name])
        assert found.dtype == array.dtype and found.shape == array.shape, name
        assert found.tobytes() == array.tobytes(), name


@pytest.mark.parametrize("target", [".h5", ".npz"])
@pytest.mark.parametrize("source", ["h5", "latest", "savez", "savez_compressed"])
def test_arrays_survive_the_way_from_their_library_to_ours_and_back(tmp_path, source, target):
    path, out = tmp_path / ("a.npz" if "savez" in source else "a.h5"), tmp_path / ("b" + target)
    if "savez" in source:
        write_npz(path, ARRAYS, ATTRIBUTES, getattr(np, source))
    else:
        write_h5(path, ARRAYS, ATTRIBUTES, libver="latest" if source == "latest" else "earliest")
    convert(path, out)
    arrays, attributes = READ[target](out)
    assert_same(arrays, ARRAYS)
    assert attributes == ATTRIBUTES


@pytest.mark.parametrize("source", [".h5", ".npz"])
def test_a_file_of_ours_converts_to_the_same_bytes_again(tmp_path, source):
    write_npz(tmp_path / "a.npz", ARRAYS, ATTRIBUTES)
    convert(tmp_path / "a.npz", tmp_path / ("b" + source))
    convert(tmp_path / ("b" + source), tmp_path / ("c" + source))
    assert (tmp_path / ("b" + source)).read_bytes() == (tmp_path / ("c" + source)).read_bytes()


@pytest.mark.parametrize("write,name", [(write_h5, "a.h5"), (write_npz, "a.npz")])
@pytest.mark.parametrize("given,expected", CONVERTED)
def test_other_numbers_arrive_with_their_values(tmp_path, write, name, given, expected):
    values = np.array([[0, 1, 0], [1, 1, 0]]) if given == "?" else np.array([[0, 1, 2], [3, 4, 100]])
    if "i" in given or "f" in given:
        values = -values
    write(tmp_path / name, {"x": values.astype(given)})
    convert(tmp_path / name, tmp_path / "b.npz")
    assert_same(read_npz(tmp_path / "b.npz")[0], {"x": values.astype(expected)})


@pytest.mark.parametrize("write,name", [(write_h5, "a.h5"), (write_npz, "a.npz")])
@pytest.mark.parametrize("dtype", REFUSED, ids=str)
def test_other_types_are_refused_by_name(tmp_path, write, name, dtype):
    write(tmp_path / name, {"good": np.zeros(2), "x": np.zeros(3, dtype=dtype)})
    refuse(tmp_path / name, "array 'x'", "found", "expected float32, float64")


def test_fortran_order_arrives_in_c_order(tmp_path):
    array = np.asfortranarray(np.arange(120.0).reshape(2, 3, 4, 5))
    np.savez(tmp_path / "a.npz", x=array)
    convert(tmp_path / "a.npz", tmp_path / "b.npz")
    assert_same(read_npz(tmp_path / "b.npz")[0], {"x": np.ascontiguousarray(array)})


def test_pickles_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.array([{"a": 1}], dtype=object))
    refuse(tmp_path / "a.npz", "array 'x'", "pickle")


def test_chunks_and_the_usual_filters_are_read(tmp_path):
    array = np.arange(10_000, dtype="f4").reshape(100, 100)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("zipped", data=array, chunks=(7, 30), compression=9, shuffle=True)
        file.create_dataset("checked", data=array, chunks=(100, 1), fletcher32=True)
        file.create_dataset("growing", data=array, chunks=(64, 64), maxshape=(None, None))
    convert(tmp_path / "a.h5", tmp_path / "b.npz")
    arrays, _ = read_npz(tmp_path / "b.npz")
    assert_same(arrays, {"zipped": array, "checked": array, "growing": array})


def test_a_user_block_is_no_obstacle(tmp_path):
    write_h5(tmp_path / "a.h5", ARRAYS, userblock_size=512)
    convert(tmp_path / "a.h5", tmp_path / "b.npz")
    assert_same(read_npz(tmp_path / "b.npz")[0], ARRAYS)


def test_a_file_of_ours_can_be_extended_by_h5py(tmp_path):
    write_npz(tmp_path / "a.npz", ARRAYS, ATTRIBUTES)
    convert(tmp_path / "a.npz", tmp_path / "b.h5")
    with h5py.File(tmp_path / "b.h5", "r+") as file:
        file["group/more"] = np.arange(3)
        file["double"][0] = 4.0
    convert(tmp_path / "b.h5", tmp_path / "c.npz")
    arrays, attributes = read_npz(tmp_path / "c.npz")
    double = np.array([4.0, *ARRAYS["double"][1:]])
    assert_same(arrays, {**ARRAYS, "group/more": np.arange(3), "double": double})
    assert attributes == ATTRIBUTES


@pytest.mark.parametrize("part", range(20))
def test_a_damaged_file_is_one_line_and_nothing_at_the_end_of_the_process(tmp_path, part):
    write_npz(tmp_path / "a.npz", ARRAYS, ATTRIBUTES)
    convert(tmp_path / "a.npz", tmp_path / "b.h5")
    content = (tmp_path / "b.h5").read_bytes()
    (tmp_path / "c.h5").write_bytes(content[:len(content) * part // 20])
    refuse(tmp_path / "c.h5", "not a whole HDF5 file")
    changed = bytearray(content)
    with h5py.File(tmp_path / "b.h5") as file:
        changed[h5py.h5o.get_info(file["double"].id).addr + part] ^= 0xFF
    (tmp_path / "d.h5").write_bytes(changed)
    refuse(tmp_path / "d.h5", "'double'", "is damaged")


def test_every_entry_of_ours_has_a_checksum(tmp_path):
    write_npz(tmp_path / "a.npz", ARRAYS, ATTRIBUTES)
    convert(tmp_path / "a.npz", tmp_path / "b.h5")
    with h5py.File(tmp_path / "b.h5") as file:
        for name, array in ARRAYS.items():
            assert file[name].fletcher32 == (array.ndim > 0 and array.size > 0)
        assert file["attributes"].fletcher32


def secret_file(tmp_path):
    write_h5(tmp_path / "secret.h5", {"x": np.arange(3.0)})
    (tmp_path / "secret.raw").write_bytes(bytes(24))


def external_link(file):
    file["x"] = h5py.ExternalLink("secret.h5", "x")


def hidden_external_link(file):
    file["group/x"] = h5py.ExternalLink("secret.h5", "/")


def soft_link(file):
    file["a"] = np.zeros(3)
    file["x"] = h5py.SoftLink("/a")


def external_storage(file):
    file.create_dataset("x", (3,), "f8", external=[("secret.raw", 0, 24)])


def virtual_dataset(file):
    layout = h5py.VirtualLayout((3,), "f8")
    layout[:] = h5py.VirtualSource("secret.h5", "x", (3,))
    file.create_virtual_dataset("x", layout)


def other_filter(file):
    file.create_dataset("x", data=np.zeros(100), chunks=(10,), compression="lzf")


def no_shape(file):
    file["x"] = h5py.Empty("f8")


def too_many_bytes(file):
    file.create_dataset("x", (10**9, 10**9), "f8", chunks=(10, 10))


def too_many_chunks(file):
    file.create_dataset("x", (10**8,), "u1", chunks=(1,))


def too_many_dimensions(file):
    file["x"] = np.zeros((1,) * 9)


def array_of_arrays(file):
    file.create_dataset("x", (2,), np.dtype(("f8", (3,))))


def strings(file):
    file["x"] = ["a", "b"]


def enumeration(file):
    file.create_dataset("x", (2,), h5py.enum_dtype({"left": 0, "right": 1}))


def control_character(file):
    file["x\ny"] = np.zeros(1)


def group_of_attributes(file):
    file["attributes/x"] = np.zeros(1)


@pytest.mark.parametrize("make,words", [
    (external_link, ["'x'", "an external link"]),
    (hidden_external_link, ["'group/x'", "an external link"]),
    (soft_link, ["'x'", "a soft link"]),
    (external_storage, ["'x'", "external storage"]),
    (virtual_dataset, ["'x'", "a virtual dataset"]),
    (other_filter, ["'x'", "filter 32000"]),
    (no_shape, ["'x'", "empty dataspace"]),
    (too_many_bytes, ["'x'", "found shape (1000000000, 1000000000)", "expected at most"]),
    (too_many_chunks, ["'x'", "100000000 chunks"]),
    (too_many_dimensions, ["'x'", "9 dimensions"]),
    (array_of_arrays, ["'x'", "expected float32"]),
    (strings, ["'x'", "a string"]),
    (enumeration, ["'x'", "an enumeration"]),
    (control_character, ["'x?y'", "control character"]),
    (group_of_attributes, ["'attributes'", "string of JSON"]),
], ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_what_a_stranger_may_put_into_hdf5_is_refused(tmp_path, make, words, libver):
    secret_file(tmp_path)
    with h5py.File(tmp_path / "a.h5", "w", libver=libver) as file:
        make(file)
    refuse(tmp_path / "a.h5", *words)


@pytest.mark.parametrize("text", [b"[1]", b"{", b"\xff\xfe", b"[" * 100_000, b"{\"a\": 1e999}"],
                         ids=range(5))
def test_attributes_that_are_no_json_object_are_refused(tmp_path, text):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["attributes"] = np.bytes_(text)
    refuse(tmp_path / "a.h5", "attributes: ")
    np.savez(tmp_path / "a.npz", attributes_json=np.frombuffer(text, dtype="u1"))
    refuse(tmp_path / "a.npz", "attributes_json: ")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["attributes"] = 3.0
    refuse(tmp_path / "a.h5", "attributes: ", "one string")


def test_an_npz_with_one_name_twice_is_refused(tmp_path):
    import io
    import warnings
    import zipfile
    content = io.BytesIO()
    np.save(content, np.zeros(2))
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        warnings.simplefilter("ignore")
        file.writestr("x.npy", content.getvalue())
        file.writestr("x.npy", content.getvalue())
    refuse(tmp_path / "a.npz")


@pytest.mark.parametrize("method,number", [("ZIP_BZIP2", 12), ("ZIP_LZMA", 14)])
def test_an_npz_with_another_compression_is_refused(tmp_path, method, number):
    import io
    import zipfile
    content = io.BytesIO()
    np.save(content, np.zeros(2))
    with zipfile.ZipFile(tmp_path / "a.npz", "w", getattr(zipfile, method)) as file:
        file.writestr("x.npy", content.getvalue())
    refuse(tmp_path / "a.npz", "'x'", f"compression method {number}")
