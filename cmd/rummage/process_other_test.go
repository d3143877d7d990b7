//go:build !unix

package main

// actAs is for tests that send signals, which only Unix has.
func actAs() {}
