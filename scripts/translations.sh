#!/usr/bin/env bash
# Collect the plugin's texts into i18n/*.ts (keeping what is translated) and compile them to .qm.
# Usage: scripts/translations.sh [compile]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" != compile ]; then
  sources=$(mktemp -d)
  trap 'rm -rf "$sources"' EXIT
  for path in $(git ls-files 'plugin/*.py'); do
    mkdir -p "$sources/$(dirname "$path")"
    perl -0pe 's/",(\n\s*\))/"$1/g' "$path" > "$sources/$path" # pylupdate5 misses a call whose last argument has a comma
  done
  for language in zh_CN; do
    file="$PWD/i18n/toposcope_$language.ts"
    (cd "$sources" && PYTHONWARNINGS=ignore pylupdate5 -noobsolete $(find plugin -name '*.py' | LC_ALL=C sort) -ts "$file")
    sed '/<location /d' "$file" > "$file.new" # line numbers would change the file with every edit of the code
    mv "$file.new" "$file"
  done
fi
lrelease=$(command -v lrelease || echo /usr/lib/qt5/bin/lrelease)
for source in i18n/*.ts; do "$lrelease" -silent "$source"; done
