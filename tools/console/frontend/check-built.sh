#!/bin/sh
# Says whether the committed assets of the console are what its sources build. Fails where they differ.
# With --write it puts the fresh build in their place.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
committed="$here/../src/main/resources/dev/weft/console/web"
work=$(mktemp -d "${TMPDIR:-/tmp}/console-build.XXXXXX")
trap 'rm -rf "$work"' EXIT

# A copy, so that neither node_modules nor a half-made build of the work tree takes part.
(cd "$here" && tar -cf - --exclude node_modules --exclude dev/shots .) | (mkdir "$work/frontend" && cd "$work/frontend" && tar -xf -)
cd "$work/frontend"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
npm run build -- --logLevel warn >&2
built="$work/src/main/resources/dev/weft/console/web"

if [ "${1:-}" = "--write" ]; then
  rm -rf "$committed"
  mkdir -p "$(dirname "$committed")"
  cp -R "$built" "$committed"
  echo "The console's assets are written anew."
  exit 0
fi
if diff -rq "$built" "$committed" >&2; then
  echo "The console's assets are what its sources build."
else
  echo "The console's assets in src/main/resources/dev/weft/console/web are not what tools/console/frontend builds." >&2
  echo "Run tools/console/frontend/check-built.sh --write and commit the result." >&2
  exit 1
fi
