#!/usr/bin/env bash
# The room compiles for Windows: against libpcap's own headers, which Npcap's SDK has too.
set -euo pipefail
source=$1
compiler=x86_64-w64-mingw32-g++-posix
command -v "$compiler" >/dev/null || { echo "SKIPPED: no $compiler here (scripts/setup checks)"; exit 77; }
headers=$(mktemp -d)
trap 'rm -r "$headers"' EXIT
# Of the system's headers these alone: the others are not Windows'.
for name in pcap pcap.h tl; do ln -s "/usr/include/$name" "$headers/$name"; done
for file in "$source"/capture/live/*.cc; do
  case $file in *_linux.cc) continue ;; esac
  echo "$file"
  "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Werror -DWIN32_LEAN_AND_MEAN -DNOMINMAX \
    -I"$source" -isystem "$headers" "$file"
done
