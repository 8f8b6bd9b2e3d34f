#!/bin/sh
# Installs what the tests need from Debian when root; else says what is missing.
# Chromium runs the browser tests; DejaVu has all letters of Vietnamese; the tests of shared
# workspaces start a PostgreSQL server with PostGIS of their own. GDAL's own programs, LibreOffice
# and poppler open what the exports write.
needed="chromium fonts-dejavu-core postgresql-postgis gdal-bin python3-gdal libreoffice-calc-nogui libreoffice-writer-nogui poppler-utils"

if ! command -v dpkg-query >/dev/null; then
    command -v chromium >/dev/null ||
        echo "Missing: Chromium. The browser tests are skipped (in CI that is a failure)."
    exit 0
fi
missing=""
for package in $needed; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" ||
        missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of names
    apt-get update -q && apt-get install -q -y --no-install-recommends $missing && exit 0
fi
echo "Missing Debian packages:$missing. Install them with: sudo apt install$missing"
echo "Without them tests are skipped (in CI that is a failure): those in the browser (Chromium), of"
echo "shared workspaces (PostGIS), and of files that GDAL's programs, LibreOffice and poppler open."
