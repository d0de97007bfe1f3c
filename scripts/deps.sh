#!/usr/bin/env bash
# Checks what Yike needs on this machine and installs what Debian or Ubuntu packages
# it lacks. Says what and why; does nothing, quickly, when all is there.
#   scripts/deps.sh run    what `make run` needs
#   scripts/deps.sh test   that, and what `make test` needs besides
set -euo pipefail

purpose=${1:-run}
say() { printf '%s\n' "$*"; }
fail() { printf '✗ %s\n' "$*" >&2; exit 1; }

# at_least HAVE WANT: compares dotted versions.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

check_go() {
  local want; want=$(awk '$1 == "go" {print $2}' "$(dirname "$0")/../go.mod")
  command -v go >/dev/null || fail "Go is not installed. Install Go $want or newer from https://go.dev/dl/ and put it on PATH. 未安装 Go，请安装 $want 或更新版本。"
  local have; have=$(GOTOOLCHAIN=local go env GOVERSION); have=${have#go}
  at_least "$have" "$want" || fail "Go $have is too old; Yike needs $want or newer: https://go.dev/dl/ 。Go 版本过旧，请升级到 $want 以上。"
}

check_node() {
  command -v node >/dev/null || fail "Node.js is not installed. Install 20.19 or newer (22 is good): https://nodejs.org/ 。未安装 Node.js，请安装 20.19 或更新版本。"
  local have; have=$(node --version); have=${have#v}
  at_least "$have" 20.19 || fail "Node.js $have is too old; Yike needs 20.19 or newer: https://nodejs.org/ 。Node.js 版本过旧，请升级。"
  command -v npm >/dev/null || fail "npm is not installed; it comes with Node.js. 未安装 npm。"
}

installed() {
  dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed' && return
  # Ubuntu has Chromium as a snap, and some machines have Chrome.
  [ "$1" = chromium ] && command -v chromium chromium-browser google-chrome >/dev/null
}
offered() { [ -n "$(apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ && $2 != "(none)" {print $2}')" ]; }

# postgres_version: the newest supported version that has PostGIS here, else that is offered.
postgres_version() {
  local v
  for v in 18 17 16 15 14; do
    [ -f "/usr/share/postgresql/$v/extension/postgis.control" ] && [ -x "/usr/lib/postgresql/$v/bin/initdb" ] && { echo "$v"; return; }
  done
  for v in 18 17 16 15 14; do
    offered "postgresql-$v-postgis-3" && { echo "$v"; return; }
  done
  return 0
}

as_root() {
  if [ "$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else fail "This needs root, and sudo is not installed. Run as root 请以 root 运行: $*"; fi
}

# install PACKAGES...: asks nothing; makes no default cluster when PostgreSQL comes new.
install() {
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "Not root, and sudo is not installed. Run as root 请以 root 运行: apt-get install $*"
  fi
  if ! installed postgresql-common && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    say "  PostgreSQL comes new to this machine: keeping Debian from starting a cluster of its own (/etc/postgresql-common/createcluster.conf)"
    as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  as_root apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends "$@" >/dev/null
}

# download_size PACKAGES...: what apt would fetch, e.g. " (123 MB)", so that a quiet wait is understood.
download_size() {
  apt-get install --print-uris -qq --no-install-recommends "$@" 2>/dev/null |
    awk '{ bytes += $3 } END { if (bytes > 0) printf " (%.0f MB)", bytes / 1e6 }'
}

why() {
  case $1 in
    *postgis*|postgresql-[0-9][0-9]) echo "the database 数据库" ;;
    gdal-bin) echo "Shapefile and GeoPackage layers 读取 Shapefile、GeoPackage" ;;
    poppler-utils) echo "checking printed PDF pages 核对打印的 PDF" ;;
    zbar-tools) echo "checking QR codes 核对二维码" ;;
    fonts-noto-cjk) echo "Chinese text in prints and screenshots 中文字体" ;;
    chromium) echo "the browser test 浏览器测试" ;;
    gcc) echo "the Go race detector, which needs a C compiler 竞态检测" ;;
    libc6-dev) echo "the C library's headers for gcc 竞态检测" ;;
    *pgrouting) echo "the routing oracle of the tests 测试用的路由对照" ;;
  esac
}

main() {
  check_go
  check_node
  if ! command -v dpkg-query >/dev/null; then
    [ -n "${DATABASE_URL:-}" ] || fail "This is not Debian or Ubuntu: install PostgreSQL with PostGIS yourself and set DATABASE_URL. 非 Debian/Ubuntu 系统，请自备 PostGIS 并设置 DATABASE_URL。"
    say "Not Debian or Ubuntu: using DATABASE_URL; other tools are not checked."
    return
  fi
  local want=(gdal-bin poppler-utils zbar-tools fonts-noto-cjk) lacking=() package version
  local updated=""
  version=$(postgres_version)
  if [ -z "$version" ] && { [ "$purpose" = test ] || [ -z "${DATABASE_URL:-}" ]; }; then
    say "Updating the package list (nothing offers PostGIS yet) 更新软件包列表 …"
    as_root apt-get update -qq && updated=yes
    version=$(postgres_version)
  fi
  if [ "$purpose" = run ] && [ -n "${DATABASE_URL:-}" ]; then
    say "DATABASE_URL is set: PostgreSQL is not needed on this machine. 已设置 DATABASE_URL，本机不需要 PostgreSQL。"
  elif [ -n "$version" ]; then
    want=("postgresql-$version" "postgresql-$version-postgis-3" "${want[@]}")
    [ "$purpose" = test ] && want+=("postgresql-$version-pgrouting")
  elif [ -z "${DATABASE_URL:-}" ]; then
    fail "No PostgreSQL with PostGIS is offered here. Install one, or set DATABASE_URL. 找不到 PostGIS，请安装或设置 DATABASE_URL。"
  fi
  [ "$purpose" = test ] && want+=(chromium gcc libc6-dev)
  for package in "${want[@]}"; do installed "$package" || lacking+=("$package"); done
  [ ${#lacking[@]} = 0 ] && return
  say "Missing Debian packages 缺少的软件包:"
  for package in "${lacking[@]}"; do say "  $package — $(why "$package")"; done
  if [ -z "$updated" ]; then as_root apt-get update -qq || say "  apt-get update had trouble; going on with the list there is"; fi
  say "Installing 正在安装$(download_size "${lacking[@]}") …"
  install "${lacking[@]}" && return
  # One that cannot be had must not keep out the others.
  for package in "${lacking[@]}"; do
    installed "$package" && continue
    install "$package" && continue
    case $package in
      postgresql-*pgrouting | chromium | gcc | libc6-dev) say "✗ $package could not be installed: off is $(why "$package")" ;;
      postgresql-*) [ -n "${DATABASE_URL:-}" ] || fail "$package could not be installed, and DATABASE_URL is not set. $package 无法安装。" ;;
      *) say "✗ $package could not be installed: off is $(why "$package")" ;;
    esac
  done
}

main
