package neo4jtest

import (
	"archive/zip"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// unversioned is the part of a jar's name before its version.
var unversioned = regexp.MustCompile(`^(.+?)-[0-9].*$`)

// link puts the jars of a plug-in into the folder of plug-ins without copying them. What the server has already stays out:
// a class loaded twice is two classes. A name alone does not tell: Neo4j and Graph Data Science both have an "annotations".
func link(from, into, server string) error {
	held := map[string]string{}
	theirs, err := fs.Glob(os.DirFS(server), "*.jar")
	if err != nil {
		return err
	}
	for _, name := range theirs {
		held[unversioned.ReplaceAllString(name, "$1")] = filepath.Join(server, name)
	}
	ours, err := fs.Glob(os.DirFS(from), "*.jar")
	if err != nil {
		return err
	}
	for _, name := range ours {
		jar := filepath.Join(from, name)
		if there, ok := held[unversioned.ReplaceAllString(name, "$1")]; ok {
			twice, err := overlap(jar, there)
			if err != nil {
				return err
			}
			if twice {
				continue
			}
		}
		if err := os.Symlink(jar, filepath.Join(into, name)); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// overlap reports whether two jars hold a class of one name.
func overlap(a, b string) (bool, error) {
	seen := map[string]bool{}
	for _, name := range []string{a, b} {
		jar, err := zip.OpenReader(name)
		if err != nil {
			return false, err
		}
		for _, file := range jar.File {
			if !strings.HasSuffix(file.Name, ".class") || strings.HasSuffix(file.Name, "module-info.class") {
				continue
			}
			if name == b && seen[file.Name] {
				return true, jar.Close()
			}
			seen[file.Name] = true
		}
		if err := jar.Close(); err != nil {
			return false, err
		}
	}
	return false, nil
}

// unlink takes the plug-ins of an earlier start out, and leaves what somebody else put there.
func unlink(folder string) error {
	entries, err := os.ReadDir(folder)
	for _, entry := range entries {
		if err == nil && entry.Type() == fs.ModeSymlink {
			err = os.Remove(filepath.Join(folder, entry.Name()))
		}
	}
	return err
}
