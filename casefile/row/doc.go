// Package row is a row of a file as a case file carries it, a line of JSON each: where it stands, its cells as they stood, and what was read
// from it, in the words of the vocabulary. So another office can take it in as it is, without the mapping that read it, and still cite file,
// row and hash of the original.
//
// It must know neither stores nor formats of files, and no rule of who may see what.
package row
