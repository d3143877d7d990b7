#!/bin/sh
# Runs every fuzz target of the module for the given time, one after the other. Inputs are not made smaller: trying to shorten one that is new
# takes a minute each, in which nothing else is tried. What fails is shortened by hand: go test -fuzz with a longer -fuzzminimizetime.
set -eu
time=${1:-10s}
grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sort |
while IFS=: read -r file func; do
	echo "fuzz ${file%/*} ${func#func }"
	go test "$(dirname "$file")" -run '^$' -fuzz "^${func#func }\$" -fuzztime "$time" -fuzzminimizetime 1x
done
