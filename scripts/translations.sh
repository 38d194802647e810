#!/usr/bin/env bash
# Collect the plugin's texts into i18n/*.ts (keeping what is translated) and compile them to .qm.
# Usage: scripts/translations.sh [compile]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" != compile ]; then
  for language in zh_CN; do
    pylupdate5 -noobsolete $(git ls-files 'plugin/*.py') -ts "i18n/toposcope_$language.ts"
  done
fi
lrelease=$(command -v lrelease || echo /usr/lib/qt5/bin/lrelease)
for source in i18n/*.ts; do "$lrelease" -silent "$source"; done
