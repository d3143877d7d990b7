#!/bin/sh
# Runs every fuzz target of the module for the given time, one after the other.
set -eu
time=${1:-10s}
grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sort |
while IFS=: read -r file func; do
	echo "fuzz ${file%/*} ${func#func }"
	go test "$(dirname "$file")" -run '^$' -fuzz "^${func#func }\$" -fuzztime "$time"
done
