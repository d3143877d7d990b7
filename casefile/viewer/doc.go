// Package viewer writes a case as one page for a browser: picture, map of routes, timeline, tables, search, and for every link the rows
// behind it. The page works from a disk; its policy lets it ask nobody for anything, and runs its own script and none that data bring along.
//
// It must not know stores, analyses, or who may see what.
package viewer
