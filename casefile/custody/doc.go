// Package custody is what goes with a case file after it was made, in files beside it, so that its own bytes stay as they are: the log of
// who had it, and the answer of a time stamp authority.
//
//	case-7.zip                  the case file, or a folder case-7
//	case-7.zip.custody.jsonl    the log, one entry a line, each with the digest of the line before; that of the first is the id of the case file
//	case-7.zip.tsr              the time stamp (RFC 3161), of the signature, else of a tag manifest
//
// An entry may be signed by whoever makes it. Changing, removing or swapping lines shows, cutting off the last ones does not: whoever hands a
// case file over notes the digest of the log.
//
// It must know neither stores nor what is in a case file, and no clock.
package custody
