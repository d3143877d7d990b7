#!/bin/sh
# Makes the Python environment of the comparison in the folder given, with the versions and hashes of requirements.txt. Where it cannot be
# had, it says why and ends well: the comparison is then with gonum only.
set -eu
venv=$1
here=$(dirname "$0")
log=$venv.log

without() {
	echo "bench-peers: $1; comparing with gonum only" >&2
	rm -rf "$venv"
	exit 0
}

if cmp -s "$here/requirements.txt" "$venv/made-of.txt"; then
	exit 0
fi
rm -rf "$venv"
mkdir -p "$(dirname "$venv")"
command -v python3 >/dev/null || without "there is no python3"
python3 -m venv "$venv" >"$log" 2>&1 || without "python3 cannot make a virtual environment, see $log"
"$venv/bin/python" -m pip install --quiet --require-hashes --only-binary :all: -r "$here/requirements.txt" >"$log" 2>&1 ||
	without "the Python packages cannot be had, see $log"
"$venv/bin/python" -c 'import igraph, networkit' >"$log" 2>&1 || without "igraph and NetworKit cannot be loaded, see $log"
cp "$here/requirements.txt" "$venv/made-of.txt"
