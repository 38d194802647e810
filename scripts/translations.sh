#!/usr/bin/env bash
# Collect the plugin's texts into i18n/*.ts (keeping what is translated) and compile them to .qm.
# Usage: scripts/translations.sh [compile | collect FILE.ts]
set -euo pipefail
cd "$(dirname "$0")/.."

collect() { # FILE.ts, an absolute path
  local sources
  sources=$(mktemp -d)
  for path in $(git ls-files 'plugin/*.py'); do
    mkdir -p "$sources/$(dirname "$path")"
    perl -0pe 's/",(\n\s*\))/"$1/g' "$path" > "$sources/$path" # pylupdate5 misses a call whose last argument has a comma
  done
  (cd "$sources" && PYTHONWARNINGS=ignore pylupdate5 -noobsolete $(find plugin -name '*.py' | LC_ALL=C sort) -ts "$1")
  rm -r "$sources"
  sed '/<location /d' "$1" > "$1.new" # line numbers would change the file with every edit of the code
  mv "$1.new" "$1"
}

if [ "${1:-}" = collect ]; then
  collect "$2"
  exit
fi
if [ "${1:-}" != compile ]; then
  for language in zh_CN; do collect "$PWD/i18n/toposcope_$language.ts"; done
fi
lrelease=$(command -v lrelease || echo /usr/lib/qt5/bin/lrelease)
for source in i18n/*.ts; do "$lrelease" -silent "$source"; done
