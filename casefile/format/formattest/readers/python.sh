#!/bin/sh
# Makes the Python environment of the readers in the folder given, with the versions of requirements.txt, and prints its python.
set -eu
venv=$1
here=$(dirname "$0")
log=$venv.log

failed() {
	echo "readers: $1" >&2
	rm -rf "$venv"
	exit 1
}

if ! cmp -s "$here/requirements.txt" "$venv/made-of.txt"; then
	rm -rf "$venv"
	mkdir -p "$(dirname "$venv")"
	command -v python3 >/dev/null || failed "there is no python3"
	python3 -m venv "$venv" >"$log" 2>&1 || failed "python3 cannot make a virtual environment, see $log"
	"$venv/bin/python" -m pip install --quiet --no-deps -r "$here/requirements.txt" >"$log" 2>&1 ||
		failed "the Python packages cannot be had, see $log"
	cp "$here/requirements.txt" "$venv/made-of.txt"
fi
echo "$venv/bin/python"
