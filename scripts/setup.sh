#!/bin/sh
# Makes a checkout ready: system packages where they are missing, the backend's environment (in the user's data folder,
# named by its lock, so that checkouts share it), and the test environments in build/. A second run takes seconds.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
mkdir -p build

packages="qgis python3-qgis python3-venv xvfb xauth xdotool imagemagick qttools5-dev-tools pyqt5-dev-tools fonts-dejavu-core fonts-wqy-zenhei"

missing() {
    for package in $packages; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || echo "$package"
    done
}

if command -v apt-get >/dev/null; then
    wanted=$(missing)
    if [ -n "$wanted" ]; then
        if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo"; fi
        if [ -n "$as_root" ] && ! command -v sudo >/dev/null; then
            echo "These packages are missing and only root can install them:" $wanted >&2
            exit 1
        fi
        $as_root apt-get update -q
        # shellcheck disable=SC2086
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $wanted
    fi
elif ! /usr/bin/python3 -c "import qgis.core, venv" 2>/dev/null; then
    echo "Install QGIS 3.22 or newer with PyQGIS for /usr/bin/python3, python3-venv, Xvfb and xdotool, then run make setup again." >&2
    exit 1
fi

echo "Backend environment (the first time it downloads about 400 MB, PyTorch included) ..."
/usr/bin/python3 -m plugin.server install --tier full --variant "${TOPOSCOPE_VARIANT:-cpu}" --json > build/install.json 2> build/install.err || {
    cat build/install.err >&2
    exit 1
}
backend=$(/usr/bin/python3 -c 'import json; print(json.load(open("build/install.json"))["python"])')

wrapper() {  # name, interpreter: runs it from any folder with the checkout importable
    cat > "build/$1.new" <<WRAPPER
#!/bin/sh
PYTHONPATH="$root\${PYTHONPATH:+:\$PYTHONPATH}" exec "$2" "\$@"
WRAPPER
    chmod 700 "build/$1.new"
    mv "build/$1.new" "build/$1"
}
wrapper python "$backend"

up_to_date() {  # folder, key: was it made for exactly this?
    [ -f "build/$1/made-for" ] && [ "$(cat "build/$1/made-for")" = "$2" ] && "build/$1/bin/python" -c "import pytest" 2>/dev/null
}

# The development tools see the backend's packages through a .pth file, so that its environment stays what users get.
key="$backend $(cksum backend/requirements/dev.txt)"
if ! up_to_date dev "$key"; then
    rm -rf build/dev
    "$backend" -m venv build/dev
    "$backend" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > build/backend.pth
    mv build/backend.pth "$(build/dev/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/backend.pth"
    build/dev/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r backend/requirements/dev.txt
    echo "$key" > build/dev/made-for
fi
wrapper dev-python "$root/build/dev/bin/python"

key="$(/usr/bin/python3 -V) pytest-qgis 5.0.2"
if ! up_to_date qgis "$key"; then
    rm -rf build/qgis
    /usr/bin/python3 -m venv --system-site-packages build/qgis
    build/qgis/bin/python -m pip install -qq --disable-pip-version-check pytest pytest-qgis==5.0.2 pytest-qt pytest-timeout
    echo "$key" > build/qgis/made-for
fi
wrapper qgis-python "$root/build/qgis/bin/python"
# QGIS loads a checkout's translations compiled; elsewhere than here Qt's tools may be missing, and English is shown.
if command -v lrelease >/dev/null || [ -x /usr/lib/qt5/bin/lrelease ]; then ./scripts/translations.sh compile; fi
echo "Ready: build/python (backend), build/dev-python (with test tools), build/qgis-python (PyQGIS)."
