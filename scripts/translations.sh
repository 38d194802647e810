#!/usr/bin/env bash
# Collect the plugin's texts into i18n/*.ts (keeping what is translated) and compile them to .qm.
# Usage: scripts/translations.sh [compile]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" != compile ]; then
  for language in zh_CN; do
    file="i18n/toposcope_$language.ts"
    PYTHONWARNINGS=ignore pylupdate5 -noobsolete $(git ls-files 'plugin/*.py') -ts "$file"
    sed '/<location /d' "$file" > "$file.new" # line numbers would change the file with every edit of the code
    mv "$file.new" "$file"
  done
fi
lrelease=$(command -v lrelease || echo /usr/lib/qt5/bin/lrelease)
for source in i18n/*.ts; do "$lrelease" -silent "$source"; done
