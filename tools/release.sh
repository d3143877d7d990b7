#!/bin/sh
# Builds the binaries of a release from the last commit, each twice: in two folders, the second time with an empty build cache. Whatever differs
# is an error, since a binary that nobody can build again proves nothing. Then it lists their sums and what they are made of.
set -eu
platforms=${1:?the platforms}
commit=$(git rev-parse --short=12 HEAD)
if [ -n "$(git status --porcelain)" ]; then
	echo "release: something is not committed; a release is built from a commit" >&2
	exit 1
fi
out=$PWD/bin/release
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out" "$work/one" "$work/another/folder/below" "$work/cache"
git archive HEAD | tar -x -C "$work/one"
git archive HEAD | tar -x -C "$work/another/folder/below"

# build FOLDER FILE builds for $GOOS and $GOARCH.
build() {
	(cd "$1" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.commit=$commit" -o "$2" ./cmd/rummage)
}

for platform in $platforms; do
	export GOOS="${platform%/*}" GOARCH="${platform#*/}"
	name="rummage-$GOOS-$GOARCH"
	[ "$GOOS" = windows ] && name="$name.exe"
	echo "release $platform"
	build "$work/one" "$out/$name"
	GOCACHE="$work/cache" build "$work/another/folder/below" "$work/again"
	cmp "$out/$name" "$work/again" || { echo "release: two builds for $platform differ" >&2; exit 1; }
done
unset GOOS GOARCH
go run -C tools ./release -folder "$out" -commit "$commit"
cat "$out/SHA256SUMS"
