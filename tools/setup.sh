# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What ./run and ./test share; sourced, in the root of the tree, with bash -euo pipefail.

packages=(g++ cmake ninja-build libeigen3-dev libhwy-dev libopenblas-pthread-dev liblapacke-dev
          librandom123-dev libtbb-dev libhdf5-dev libsqlite3-dev nlohmann-json3-dev
          libtomlplusplus-dev libcli11-dev libfmt-dev libzip-dev libgudhi-dev pybind11-dev python3-dev
          python3-numpy)
test_packages=(libgtest-dev libsundials-dev python3-pytest python3-scipy python3-h5py chromium)

# A Node.js from elsewhere brings its own npm, and Debian's would not install beside it.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)

say() { printf '== %s\n' "$*" >&2; }
fail() { printf '%s\n' "$@" >&2; exit 1; }

# install_packages NAME...: those that are missing, by apt-get. Silent, and offline, if none is.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "not a Debian system; the build wants its names for: $*"
    return
  fi
  local missing=() name
  for name; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] ||
      missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "These packages are missing, and there is no sudo to install them with. As root:" \
           "  apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  { "${as_root[@]}" update &&
    "${as_root[@]}" install --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null ||
    fail "$(tail -n 20 "$log")" "Could not install: ${missing[*]}" "The whole log: $log"
  rm -f "$log"
}

# Under sudo the packages are root's business; all else belongs to whom the tree belongs: root
# starts the script anew as that owner, who can then build, run and delete without sudo.
become_owner_of_tree() {
  local uid gid home
  read -r uid gid < <(stat -c '%u %g' .)
  if ((EUID != 0 || uid == 0)); then return; fi
  home=$(getent passwd "$uid" | cut -d: -f6) || home=$PWD/build
  local as_owner=(setpriv --reuid "$uid" --regid "$gid" --clear-groups env "HOME=$home")
  "${as_owner[@]}" test -w . 2>/dev/null || return 0
  exec "${as_owner[@]}" "./${0##*/}" "$@"
}

# build_release OPTION...: configures and builds build/release, with a line now and then.
build_release() {
  local jobs most log
  jobs=$(nproc)
  most=$(awk '/^MemTotal/ { print int($2 / 1.5e6) + 1 }' /proc/meminfo)  # 1.5 GB a compiler
  if ((jobs > most)); then jobs=$most; fi
  if command -v ccache >/dev/null; then set -- "$@" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache; fi

  say "building in build/release, $jobs at a time"
  mkdir -p build
  log=build/configure.log
  cmake --preset release "$@" >"$log" 2>&1 || fail "$(cat "$log")" "CMake could not configure."
  local ninja=(env 'NINJA_STATUS=[%f/%t, %es] ' cmake --build build/release --parallel "$jobs")
  if [[ -t 1 ]]; then
    "${ninja[@]}"
  else
    "${ninja[@]}" 2>&1 | every_20th_step
  fi
}

# Ninja's lines "[7/300, 4.2s] ..." thinned out; anything else (a warning, an error) stays.
every_20th_step() {
  local line count=0
  while IFS= read -r line; do
    if [[ $line != '['* ]] || ((++count % 20 == 0)); then printf '%s\n' "$line"; fi
  done
}
