#!/bin/sh
# Builds the style sheets and the script of msf/static/ from this folder. The same input gives the same bytes.
set -eu
cd "$(dirname "$0")"
static=../msf/static
[ -d node_modules ] || npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
for sheet in app door; do
    ./node_modules/.bin/sass --no-source-map --no-charset --style=compressed --load-path=node_modules "$sheet.scss" "$static/$sheet.css"
done
for script in page door hint thanks; do
    ./node_modules/.bin/esbuild "$script.js" --minify --log-level=warning --outfile="$static/$script.js"
done
cp icon.svg "$static/icon.svg"
{
    echo "app.css and door.css are built from GOV.UK Frontend $(node -p 'require("govuk-frontend/package.json").version') and our own style sheets."
    echo "They hold no typeface, no crest and no logo of anybody else. GOV.UK Frontend comes under this licence:"
    echo
    cat govuk-frontend.licence.txt
} > "$static/NOTICE"
if [ -d ../tests/browser ]; then
    cp node_modules/axe-core/axe.min.js ../tests/browser/axe.min.js
fi
