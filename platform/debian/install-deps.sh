#!/usr/bin/env bash
# Installs everything that building, testing and running Wayside needs, from Debian's packages only.
#
# Idempotent: a second run finds everything in place and asks no mirror.
# The machine's own package sources stay as they are. Packages that Debian 12 does not hold itself
# (SQLCipher and Catch2 from backports, the source of Dear ImGui from sid or trixie) are asked for
# through a private source list, written from the mirror that this machine already uses.
set -euo pipefail

readonly IMGUI_HOME=/usr/local/src/wayside-imgui   # CMake looks here (WAYSIDE_IMGUI_DIR)

packages=(
  build-essential cmake ninja-build ccache pkg-config git python3 python3-nacl python3-zstandard
  clang-format-14 clang-tidy-19
  libsodium-dev libssl-dev libcurl4-openssl-dev libboost1.81-dev
  protobuf-compiler libprotobuf-dev libzstd-dev
  nlohmann-json3-dev libcli11-dev libspdlog-dev libtomlplusplus-dev
  libsecret-1-dev libsystemd-dev libzxcvbn-dev libicu-dev libgfshare-dev
  libglfw3-dev libgl1-mesa-dev libegl1-mesa-dev libfreetype-dev
  libjpeg62-turbo-dev libpng-dev libqpdf-dev libexiv2-dev
  fonts-noto-core fonts-material-design-icons-iconfont
  xvfb xdotool imagemagick x11-utils openssl dbus-daemon strace
)
backports=(libsqlcipher-dev catch2)

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi

say() { printf 'install-deps: %s\n' "$*" >&2; }

missing_packages() {
  local p
  for p in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)" = installed ] || printf '%s\n' "$p"
  done
}

# Backports matter by version: Debian 12's own SQLCipher (3.x) and Catch2 (2.x) are too old.
new_enough() {  # package, lowest version
  local have
  have=$(dpkg-query -W -f='${Version}' "$1" 2>/dev/null || true)
  [ -n "$have" ] && dpkg --compare-versions "$have" ge "$2"
}

# The main Debian mirror of this machine, whatever way its sources are written (apt parses them for us).
mirror_line() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(SIGNED_BY)' 'Created-By: Packages' |
    awk '$2 == "bookworm" { print $1, $3; exit }'
}

private=""
# A folder with its own source list and lists, thrown away at the end. Its list is of binaries of Debian 12; sources of
# Dear ImGui are asked for suite by suite, since a mirror may lack one.
private_apt() {
  if [ -n "$private" ]; then return; fi
  local mirror keyring line
  line=$(mirror_line)
  mirror=${line%% *}
  keyring=${line#* }
  if [ -z "$mirror" ]; then
    say "no Debian 12 source is configured on this machine. Add one to /etc/apt, then run this again."
    exit 1
  fi
  [ -f "$keyring" ] || keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  private=$(mktemp -d)
  chmod 755 "$private"
  trap 'rm -rf "$private"' EXIT
  mkdir -p "$private/parts"
  local suite
  for suite in bookworm bookworm-updates bookworm-backports; do
    printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite"
  done >"$private/binaries.list"
  for suite in sid trixie; do
    printf 'deb-src [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite" >"$private/$suite.list"
  done
  apt_private binaries update -qq
}
apt_private() {  # list, arguments of apt-get …
  local list="$private/$1.list" state="$private/$1"
  shift
  mkdir -p "$state/partial"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y \
    -o "Dir::Etc::sourcelist=$list" \
    -o "Dir::Etc::sourceparts=$private/parts" \
    -o "Dir::State::lists=$state" \
    -o APT::Install-Recommends=false -o Dpkg::Use-Pty=0 "$@"
}

install_packages() {
  local wanted
  mapfile -t wanted < <(missing_packages "${packages[@]}")
  if [ "${#wanted[@]}" -gt 0 ]; then
    say "installing ${#wanted[@]} packages"
    private_apt
    apt_private binaries install -qq "${wanted[@]}" >&2
  fi
  if ! new_enough libsqlcipher-dev 4.6 || ! new_enough catch2 3.7; then
    say "installing ${backports[*]} from backports"
    private_apt
    apt_private binaries install -qq -t bookworm-backports "${backports[@]}" >&2
  fi
}

install_imgui_source() {
  if [ -f "$IMGUI_HOME/imgui.cpp" ]; then return; fi
  say "fetching the Dear ImGui source package"
  private_apt
  local fetch="$private/imgui" suite
  mkdir -p "$fetch"
  # Signed all the same; but a mirror may hold its copy of sid past the date until which its index is new.
  for suite in sid trixie; do
    if apt_private "$suite" update -qq -o APT::Update::Error-Mode=any -o Acquire::Check-Valid-Until=false &&
      (cd "$fetch" && rm -rf -- * && apt_private "$suite" source -qq --download-only imgui); then break; fi
    say "no Dear ImGui source from $suite"
  done
  local archive
  archive=$(find "$fetch" -name 'imgui_*.orig.tar.*' ! -name '*.asc' | head -n 1)
  if [ -z "$archive" ]; then
    say "the mirror offered no Dear ImGui source. Check that it carries sid or trixie sources, then run this again."
    exit 1
  fi
  mkdir -p "$fetch/tree"
  tar -xf "$archive" -C "$fetch/tree" --strip-components=1
  "${as_root[@]}" mkdir -p "$IMGUI_HOME"
  "${as_root[@]}" cp -r "$fetch/tree/." "$IMGUI_HOME/"
}

. /etc/os-release
if [ "${ID:-}" != debian ] || [ "${VERSION_ID:-}" != 12 ]; then
  say "this is written for Debian 12; this machine says ${PRETTY_NAME:-unknown}. Going on, but nothing is promised."
fi
install_packages
install_imgui_source
