package bag

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrAnew is returned for a zip file of a bag that another program packed: of its bytes nothing can be said until it is unpacked.
var ErrAnew = errors.New("another program packed this case file anew; unpack it and take the folder, of which every byte is checked")

// ErrNoBag is returned for a file or a folder that is no bag, not even a damaged one.
var ErrNoBag = errors.New("no case file: neither a folder with bagit.txt and manifests, nor a zip file of one")

// tree is a bag as it lies on the disk.
type tree interface {
	// names lists its files, ordered, and what is there and no file of a bag.
	names() ([]string, []Problem, error)
	open(name string) (io.ReadCloser, error)
	close() error
}

// treeOf opens a folder or a zip file.
func treeOf(path string) (tree, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if stat.IsDir() {
		root, err := os.OpenRoot(path)
		if err != nil {
			return nil, err
		}
		return &folder{root}, nil
	}
	return openArchive(path)
}

// folder is a bag in a folder. os.Root keeps links from leading out of it.
type folder struct{ root *os.Root }

func (f *folder) names() (names []string, problems []Problem, err error) {
	full := map[string]bool{}
	var folders []string
	err = fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			problems = append(problems, Problem{name, "cannot be read: " + err.Error()})
			return nil
		case name == ".":
			return nil
		case d.IsDir():
			folders = append(folders, name)
			return nil
		case d.Type().IsRegular():
			names = append(names, name)
		default:
			problems = append(problems, Problem{name, "is neither a file nor a folder, but a link or a device"})
		}
		for above := name; strings.Contains(above, "/"); {
			above = above[:strings.LastIndexByte(above, '/')]
			full[above] = true
		}
		return nil
	})
	for _, name := range folders {
		if !full[name] && name+"/" != payload {
			problems = append(problems, Problem{name, "is an empty folder, which was not there when the bag was made"})
		}
	}
	slices.Sort(names)
	return names, problems, err
}

func (f *folder) open(name string) (io.ReadCloser, error) { return f.root.Open(name) }

func (f *folder) close() error { return f.root.Close() }

// archive is a bag in a zip file.
type archive struct {
	file   *os.File
	prefix string // the folder that all lies in
	files  map[string]*zip.File
	listed []string
	faults []Problem
	anew   bool // packed by another program, files and list are empty
	cut    bool // its files cannot be told by its list, as the faults say
	foul   bool // it was packed to mislead programs that unpack it
}

// openArchive reads the list of a zip file. A file that is damaged is a bag with a problem, one that never was a zip file is none.
func openArchive(path string) (tree, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	a := &archive{file: file, files: map[string]*zip.File{}}
	if err := a.list(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return a, nil
}

func (a *archive) list() error {
	stat, err := a.file.Stat()
	if err != nil {
		return err
	}
	list, err := zip.NewReader(a.file, stat.Size())
	if err != nil {
		head := make([]byte, 2)
		if _, other := a.file.ReadAt(head, 0); (other != nil || string(head) != "PK") && !strings.EqualFold(filepath.Ext(stat.Name()), ".zip") {
			return ErrNoBag
		}
		a.cut = true
		a.faults = append(a.faults, Problem{"", "was cut short, or is damaged: the list of its files, at its end, cannot be read: " + err.Error()})
		return nil
	}
	if len(list.File) > 0 {
		a.prefix, _, _ = strings.Cut(list.File[0].Name, "/")
	}
	for _, f := range list.File {
		name, inside := strings.CutPrefix(f.Name, a.prefix+"/")
		switch {
		case !inside || check(name) != nil:
			a.faults = append(a.faults, Problem{f.Name, "lies outside of the one folder of the bag, or is called as no file can be"})
		case a.files[name] != nil:
			a.faults = append(a.faults, Problem{name, "is in the zip file twice"})
		case f.Method != zip.Store:
			a.faults = append(a.faults, Problem{name, "is compressed, as no file of a bag in a zip file of this program is"})
		default:
			a.files[name] = f
			a.listed = append(a.listed, name)
		}
	}
	slices.Sort(a.listed)
	if packedAnew(list.File) {
		*a = archive{file: a.file, prefix: a.prefix, anew: true}
		if faults := misleading(list.File); len(faults) > 0 {
			a.anew, a.cut, a.foul, a.faults = false, true, true, faults
		}
	}
	return nil
}

// misleading lists what nobody should unpack: names that lead out of the folder, and names that stand twice, of which one program takes the
// first and another the last.
func misleading(list []*zip.File) []Problem {
	var faults []Problem
	had := map[string]bool{}
	for _, f := range list {
		name := strings.TrimSuffix(f.Name, "/")
		switch {
		case strings.Contains(name, `\`) || !fs.ValidPath(name):
			faults = append(faults, Problem{f.Name, "leads out of the folder that it is unpacked to: do not unpack it"})
		case had[folded(name)]:
			faults = append(faults, Problem{f.Name, "is in the zip file twice, which no program that packs does: do not unpack it"})
		}
		had[folded(name)] = true
	}
	return faults
}

// packedAnew tells a bag that another program packed by what such programs do: they compress, and list folders. A damaged list shows one of
// these once at most.
func packedAnew(list []*zip.File) bool {
	bag, foreign := false, 0
	for _, f := range list {
		if above, name, _ := strings.Cut(f.Name, "/"); name == declarationFile || above == declarationFile {
			bag = true
		}
		if f.Method != zip.Store || strings.HasSuffix(f.Name, "/") {
			foreign++
		}
	}
	return bag && foreign > 1
}

func (a *archive) names() ([]string, []Problem, error) { return a.listed, a.faults, nil }

func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.files[name]
	if f == nil {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return f.Open()
}

func (a *archive) close() error { return a.file.Close() }

// lists tells whether a file has the size and the checksum that the list says.
func (a *archive) lists(name string, d *digester) bool {
	f := a.files[name]
	return d.size == int64(f.UncompressedSize64) && d.crc.Sum32() == f.CRC32
}
