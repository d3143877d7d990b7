// Package bag is the layout of a case file: a BagIt bag (RFC 8493), as a folder or as one zip file, that whoever has this program can check
// without the store it came from, and whoever has another BagIt tool can check as well.
//
//	bagit.txt, bag-info.txt            what it is, and what was said of it when it was made
//	data/                              the payload
//	manifest-sha256.txt, -sha512.txt   a digest of every file of the payload
//	tagmanifest-sha256.txt, -sha512.txt a digest of every other file but those below
//	signature-ed25519.txt              a signature of both tag manifests, and with that of every byte
//
// The same files and the same words give the same bytes: manifests are ordered by path, and a zip file is packed in one way only, so that
// Verify can pack it again and compare.
//
// It must know neither what the files say nor who may see them. It reads no clock: dates are among the words it is handed.
package bag
