#!/bin/sh
# Makes a Python environment in the folder VENV with the versions and hashes of the file REQUIREMENTS, unless it is there already, and prints
# its python. Every package is named in the file, those that others ask for too. Where it cannot be had, it says why, and there is no folder.
# MODULEs are loaded once, since a package may be there and lack a library of the system.
#   sh tools/venv.sh VENV REQUIREMENTS [MODULE...]
set -eu
venv=$1
requirements=$2
shift 2
log=$venv.log

failed() {
	echo "venv: $venv: $1" >&2
	rm -rf "$venv"
	exit 1
}

if ! cmp -s "$requirements" "$venv/made-of.txt"; then
	rm -rf "$venv"
	mkdir -p "$(dirname "$venv")"
	command -v python3 >/dev/null || failed "there is no python3"
	python3 -m venv "$venv" >"$log" 2>&1 || failed "python3 cannot make a virtual environment, see $log"
	"$venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$requirements" >"$log" 2>&1 ||
		failed "the Python packages cannot be had, see $log"
	for module; do
		"$venv/bin/python" -c "import $module" >"$log" 2>&1 || failed "$module cannot be loaded, see $log"
	done
	cp "$requirements" "$venv/made-of.txt"
fi
echo "$venv/bin/python"
