// Package folder says which files are meant by what a person names: a file, a
// folder with all below it, or a pattern such as in/*.csv.
//
// What lies below a folder is looked at through os.Root, and links are not
// followed, so that nothing outside the folder is taken.
//
// The package must not know what is done with the files; it opens none.
package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNone is returned for a folder in which, or a pattern to which, there is no
// file.
var ErrNone = errors.New("no file")

// ErrPattern is returned for a pattern that is none.
var ErrPattern = errors.New("not a pattern")

// Found is what names stand for.
type Found struct {
	Files   []string // each once, in the order of the names, of one name sorted
	Skipped []Skipped
	// Failed are names that stand for no file, and folders within that cannot be
	// looked into.
	Failed []Failure
	named  map[string]bool
}

// Named tells whether a file was meant by its own name, and did not only lie below a folder or match a pattern.
func (f *Found) Named(file string) bool { return f.named[filepath.Clean(file)] }

// Skipped is something that is no file to be taken.
type Skipped struct {
	Path string
	Why  string
}

// Failure is what became of a name, or of a folder below it.
type Failure struct {
	Path string
	Err  error // names the path
}

// Find lists the files that names stand for. The name of something that is no
// folder stands for itself, whether it is there or not. The name of a folder
// stands for the regular files below it. Of what does not exist by its name, one
// with *, ? or [ is a pattern of path.Match, save that ** stands for any number of
// folders, none included. In folders and patterns, what is hidden (its name begins
// with a dot), what is no regular file and what holds no data by its name, such as
// README.md, is skipped, unless the pattern names hidden files by a dot of its own,
// or such texts by their ending. A folder of which whole says so is taken as one
// thing, as a file is, and not looked into; nil says so of none.
//
// The error is that of ctx.
func Find(ctx context.Context, names []string, whole func(dir string) bool) (Found, error) {
	if whole == nil {
		whole = func(string) bool { return false }
	}
	f := finder{ctx: ctx, whole: whole, seen: make(map[string]bool), found: Found{named: make(map[string]bool)}}
	for _, name := range names {
		info, err := os.Stat(name)
		switch {
		case err == nil && info.IsDir() && !whole(name):
			f.walk(name, name, nil)
		case err != nil && strings.ContainsAny(name, "*?["):
			f.expand(name)
		default:
			f.take(name)
			f.found.named[filepath.Clean(name)] = true
		}
		if err := ctx.Err(); err != nil {
			return Found{}, fmt.Errorf("folder: %s: %w", name, err)
		}
	}
	return f.found, nil
}

// finder is a call of Find.
type finder struct {
	ctx   context.Context
	whole func(dir string) bool
	found Found
	seen  map[string]bool
}

// take adds a file.
func (f *finder) take(name string) {
	if clean := filepath.Clean(name); !f.seen[clean] {
		f.seen[clean] = true
		f.found.Files = append(f.found.Files, name)
	}
}

func (f *finder) fail(name string, err error) {
	f.found.Failed = append(f.found.Failed, Failure{Path: name, Err: fmt.Errorf("folder: %s: %w", name, err)})
}

// expand takes what matches a pattern.
func (f *finder) expand(pattern string) {
	segments := strings.Split(filepath.ToSlash(pattern), "/")
	fixed := 0 // segments before the first that is a pattern, without the last
	for fixed < len(segments)-1 && !strings.ContainsAny(segments[fixed], "*?[") {
		fixed++
	}
	for _, s := range segments[fixed:] {
		if _, err := path.Match(s, ""); err != nil {
			f.fail(pattern, ErrPattern)
			return
		}
	}
	dir := strings.Join(segments[:fixed], "/")
	switch {
	case fixed == 0:
		dir = "."
	case dir == "":
		dir = "/"
	}
	f.walk(pattern, filepath.FromSlash(dir), segments[fixed:])
}

// walk takes the files below a folder whose names match a pattern, all for none.
func (f *finder) walk(name, dir string, pattern []string) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		f.fail(name, err)
		return
	}
	w := walk{finder: f, dir: dir, pattern: pattern, skipped: len(f.found.Skipped)}
	w.hidden = slices.ContainsFunc(pattern, func(s string) bool { return strings.HasPrefix(s, ".") })
	w.papers = len(pattern) > 0 && isPaper(pattern[len(pattern)-1])
	// The callback ends with nothing but the error of ctx, which Find returns.
	_ = fs.WalkDir(root.FS(), ".", w.visit)
	// A folder that was only looked at cannot lose anything.
	_ = root.Close()
	if len(w.files) == 0 && !w.failed {
		f.fail(name, w.none())
	}
	slices.Sort(w.files)
	for _, file := range w.files {
		f.take(filepath.Join(dir, filepath.FromSlash(file)))
	}
}

// walk is the way through one folder.
type walk struct {
	*finder
	dir     string
	pattern []string
	hidden  bool // files whose names begin with a dot are meant too
	papers  bool // so are texts beside the data
	files   []string
	skipped int  // entries of found.Skipped from before
	failed  bool // a folder could not be looked into
}

func (w *walk) visit(name string, entry fs.DirEntry, err error) error {
	switch {
	case w.ctx.Err() != nil:
		return w.ctx.Err()
	case err != nil:
		w.fail(w.path(name), err)
		w.failed = true
		return fs.SkipDir
	case name == ".":
		return nil
	}
	dir := entry.IsDir()
	if w.pattern != nil && !matches(w.pattern, strings.Split(name, "/"), dir) {
		if dir {
			return fs.SkipDir
		}
		return nil
	}
	switch hidden := strings.HasPrefix(path.Base(name), "."); {
	case hidden && !w.hidden:
		w.skip(name, "hidden")
		if dir {
			return fs.SkipDir
		}
	case dir && w.whole(w.path(name)):
		if w.pattern == nil || matches(w.pattern, strings.Split(name, "/"), false) {
			w.files = append(w.files, name)
		}
		return fs.SkipDir
	case dir:
	case entry.Type()&fs.ModeSymlink != 0:
		w.skip(name, "a link")
	case !entry.Type().IsRegular():
		w.skip(name, "no regular file")
	case isPaper(path.Base(name)) && !w.papers:
		w.skip(name, "no data by its name; named itself it is read")
	default:
		w.files = append(w.files, name)
	}
	return nil
}

// isPaper reports the name of a file that lies beside data and holds none: a text for people,
// checksums, or the truth of a simulated world, which must not come in with what it judges.
func isPaper(name string) bool {
	name = strings.ToLower(name)
	stem, _, _ := strings.Cut(name, ".")
	switch stem {
	case "readme", "license", "licence", "copying", "changelog", "notice", "liesmich", "leeme", "lisezmoi":
		return true
	}
	if name == "truth.json" || name == "sha256sums" || name == "md5sums" || name == "thumbs.db" || name == "desktop.ini" {
		return true
	}
	return slices.Contains([]string{".md", ".sha256", ".md5", ".sha1"}, path.Ext(name))
}

func (w *walk) path(name string) string { return filepath.Join(w.dir, filepath.FromSlash(name)) }

func (w *walk) skip(name, why string) {
	w.found.Skipped = append(w.found.Skipped, Skipped{Path: w.path(name), Why: why})
}

// none says that there is nothing, and what was passed over.
func (w *walk) none() error {
	what := "in this folder"
	if w.pattern != nil {
		what = "matches"
	}
	if n := len(w.found.Skipped) - w.skipped; n > 0 {
		return fmt.Errorf("%w %s; passed over: %d that are hidden, no regular files, or no data by their names", ErrNone, what, n)
	}
	return fmt.Errorf("%w %s", ErrNone, what)
}

// matches says whether the segments of a name match those of a pattern; of a
// folder, whether something below it may. It costs no more than the product of the
// two, whatever stands in the pattern.
func matches(pattern, name []string, folder bool) bool {
	at := make([]bool, len(pattern)+1) // how much of the pattern the name so far may be
	at[0] = true
	onward(pattern, at)
	for _, segment := range name {
		for i := len(pattern); i >= 0; i-- {
			stays := i < len(pattern) && at[i] && pattern[i] == "**"
			comes := false
			if i > 0 && at[i-1] && pattern[i-1] != "**" {
				// The pattern was tried before.
				comes, _ = path.Match(pattern[i-1], segment)
			}
			at[i] = stays || comes
		}
		onward(pattern, at)
	}
	if folder {
		return slices.Contains(at[:len(pattern)], true)
	}
	return at[len(pattern)]
}

// onward passes over each ** that may stand for nothing.
func onward(pattern []string, at []bool) {
	for i, segment := range pattern {
		at[i+1] = at[i+1] || at[i] && segment == "**"
	}
}
