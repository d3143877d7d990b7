package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/types/typeutil"
)

// found is a package with what brings it in: the first reason, "" for none.
type found struct{ path, reason string }

// find looks at every package of the module that the patterns name, at its tests too. A race needs two goroutines that reach the same
// memory, so a package is watched that
//
//   - starts one: a go statement, a Go of the WaitGroups, time.AfterFunc and its like, a server of net/http, a test that is Parallel, a stream
//     that a process of os/exec writes or reads;
//   - guards something against others: package sync/atomic, and of package sync all but Once and its kind, whose only use is that
//     what they make is never written again;
//   - hands a function, or something of its own with methods, to a package of the module that does one of these two, or that hands it
//     on: another's goroutine may run it.
//
// Whatever else such a package calls is compiled for the detector too. A package of which nothing of this is true has but the goroutine
// that calls it, and the tests of whoever calls it from several watch it.
//
// The module is loaded as a whole: what is handed on counts wherever it ends.
func find(dir string, patterns []string) ([]found, error) {
	module, err := load(dir, "./...")
	if err != nil {
		return nil, err
	}
	wanted, err := names(dir, patterns)
	if err != nil {
		return nil, err
	}
	f := finder{module: module[0].Module.Path, code: map[string]*acts{}, tests: map[string]*acts{}}
	for _, p := range module {
		f.look(p)
	}
	threaded := f.threaded()
	var all []found
	for _, path := range wanted {
		reason := threaded[path]
		if own := f.tests[path]; reason == "" && own != nil {
			reason = own.reason(threaded, f.keepers(threaded))
		}
		all = append(all, found{path, reason})
	}
	return all, nil
}

func load(dir, pattern string) ([]*packages.Package, error) {
	all, err := packages.Load(&packages.Config{
		Dir: dir, Tests: true, Mode: packages.LoadSyntax | packages.NeedForTest | packages.NeedModule,
	}, pattern)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		for _, e := range p.Errors {
			return nil, e
		}
	}
	all = slices.DeleteFunc(all, func(p *packages.Package) bool { return p.Module == nil || len(p.Syntax) == 0 })
	if len(all) == 0 {
		return nil, errors.New("no package of a module in " + dir)
	}
	return all, nil
}

// names lists the packages that patterns stand for.
func names(dir string, patterns []string) ([]string, error) {
	all, err := packages.Load(&packages.Config{Dir: dir, Mode: packages.NeedName}, patterns...)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, p := range all {
		for _, e := range p.Errors {
			return nil, e
		}
		paths = append(paths, p.PkgPath)
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// acts is what one package does: the code of its own, or its tests.
type acts struct {
	own     string            // what it starts or guards, and where; "" for nothing
	hands   map[string]string // package to which it hands something -> where
	keeps   map[string]string // package whose contract takes something, whoever keeps it -> where
	imports map[string]bool
}

// reason is what brings a package in, given who is threaded already.
func (a *acts) reason(threaded map[string]string, keepers map[string]string) string {
	if a.own != "" {
		return a.own
	}
	for _, to := range slices.Sorted(maps.Keys(a.hands)) {
		if threaded[to] != "" {
			return "hands something to " + to + ", " + a.hands[to]
		}
	}
	for _, of := range slices.Sorted(maps.Keys(a.keeps)) {
		if by := keepers[of]; by != "" {
			return "hands something through " + of + ", which " + by + " keeps, " + a.keeps[of]
		}
	}
	return ""
}

type finder struct {
	module      string
	code, tests map[string]*acts // by path of the package; tests of both kinds are those of the package that they test
}

// threaded maps packages to what brings them in by their own code, tests aside, until nothing more comes in.
func (f *finder) threaded() map[string]string {
	in := map[string]string{}
	for before := -1; before < len(in); {
		before = len(in)
		keepers := f.keepers(in)
		for _, path := range slices.Sorted(maps.Keys(f.code)) {
			if in[path] != "" {
				continue
			}
			if reason := f.code[path].reason(in, keepers); reason != "" {
				in[path] = reason
			}
		}
	}
	return in
}

// keepers maps packages that hold a contract to one that is threaded and knows them.
func (f *finder) keepers(threaded map[string]string) map[string]string {
	by := map[string]string{}
	for _, path := range slices.Backward(slices.Sorted(maps.Keys(threaded))) {
		for of := range f.code[path].imports {
			by[of] = path
		}
	}
	return by
}

// of returns what is known of the code or the tests of a package.
func of(all map[string]*acts, path string) *acts {
	if all[path] == nil {
		all[path] = &acts{hands: map[string]string{}, keeps: map[string]string{}, imports: map[string]bool{}}
	}
	return all[path]
}

// look gathers what the files of a package do. A package that is loaded again together with its tests is looked at again, which adds
// nothing.
func (f *finder) look(p *packages.Package) {
	path := p.PkgPath
	if p.ForTest != "" {
		path = p.ForTest
	}
	for _, file := range p.Syntax {
		place := p.Fset.Position(file.Pos()).Filename
		if strings.HasSuffix(p.PkgPath, ".test") {
			continue // made by the go command
		}
		to := of(f.code, path)
		if strings.HasSuffix(place, "_test.go") {
			to = of(f.tests, path)
		}
		for _, spec := range file.Imports {
			to.imports[strings.Trim(spec.Path.Value, `"`)] = true
		}
		v := &visit{finder: f, p: p, path: path, acts: to}
		ast.Inspect(file, v.node)
	}
}

// visit is one file of a package, looked at.
type visit struct {
	finder *finder
	p      *packages.Package
	path   string
	acts   *acts
}

// at says where a node stands.
func (v *visit) at(n token.Pos) string {
	place := v.p.Fset.Position(n)
	return fmt.Sprintf("%s:%d", filepath.Base(place.Filename), place.Line)
}

func (v *visit) does(what string, n ast.Node) {
	if v.acts.own == "" {
		v.acts.own = what + ", " + v.at(n.Pos())
	}
}

func (v *visit) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		v.does("starts a goroutine", n)
	case *ast.Ident:
		v.name(n)
	case *ast.CallExpr:
		v.call(n)
	case *ast.CompositeLit:
		v.literal(n)
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if len(n.Lhs) == len(n.Rhs) {
				v.assign(left, n.Rhs[i])
			}
		}
	}
	return true
}

// starters are functions of others, by package and name, that run what they are handed in a goroutine, and types whose methods do.
var starters = map[string][]string{
	"time":                       {"AfterFunc"},
	"context":                    {"AfterFunc"},
	"runtime":                    {"AddCleanup", "SetFinalizer"},
	"net/http":                   {"Serve", "ServeTLS", "ListenAndServe", "ListenAndServeTLS", "Server"},
	"net/http/httptest":          {"NewServer", "NewTLSServer", "NewUnstartedServer"},
	"testing":                    {"Parallel", "RunParallel"},
	"golang.org/x/sync/errgroup": {"Group", "WithContext"},
}

// name is a name that is used: one of package sync or sync/atomic, or of a starter.
func (v *visit) name(n *ast.Ident) {
	object := v.p.TypesInfo.Uses[n]
	if object == nil || object.Pkg() == nil {
		return
	}
	switch from := object.Pkg().Path(); {
	case from == "sync/atomic":
		v.does("guards with sync/atomic", n)
	case from == "sync" && shared(object):
		v.does("guards with sync."+object.Name(), n)
	case slices.Contains(starters[from], object.Name()):
		v.does("starts goroutines with "+object.Pkg().Name()+"."+object.Name(), n)
	}
}

// shared reports whether something of package sync says that several goroutines are about: types do, methods follow from them.
func shared(object types.Object) bool {
	_, isType := object.(*types.TypeName)
	return isType && object.Name() != "Once"
}

// call is a call of somebody else in the module: are functions among what it hands?
func (v *visit) call(n *ast.CallExpr) {
	callee, ok := typeutil.Callee(v.p.TypesInfo, n).(*types.Func)
	if !ok {
		return
	}
	signature, ok := callee.Type().(*types.Signature)
	if !ok || !v.foreign(callee) {
		return
	}
	contract := signature.Recv() != nil && types.IsInterface(signature.Recv().Type())
	for i, arg := range n.Args {
		if v.lends(arg, parameter(signature, i)) {
			v.hand(callee, contract, arg)
		}
	}
}

// parameter is the type of the i-th parameter, the last one's where that takes any number.
func parameter(signature *types.Signature, i int) types.Type {
	params := signature.Params()
	if last := params.Len() - 1; signature.Variadic() && i >= last {
		if many, ok := params.At(last).Type().(*types.Slice); ok {
			return many.Elem()
		}
	}
	if i >= params.Len() {
		return nil
	}
	return params.At(i).Type()
}

// literal is a struct of somebody else in the module that is given functions.
func (v *visit) literal(n *ast.CompositeLit) {
	for i, element := range n.Elts {
		field, value := v.field(n, i, element)
		if field != nil && v.foreign(field) && v.lends(value, field.Type()) {
			v.hand(field, false, value)
		}
	}
}

// field is the field of a struct that an element of a literal fills, nil for none.
func (v *visit) field(n *ast.CompositeLit, i int, element ast.Expr) (*types.Var, ast.Expr) {
	if pair, ok := element.(*ast.KeyValueExpr); ok {
		key, ok := pair.Key.(*ast.Ident)
		if !ok {
			return nil, nil
		}
		field, ok := v.p.TypesInfo.Uses[key].(*types.Var)
		if !ok || !field.IsField() {
			return nil, nil
		}
		return field, pair.Value
	}
	made, ok := v.p.TypesInfo.TypeOf(n).Underlying().(*types.Struct)
	if !ok || i >= made.NumFields() {
		return nil, nil
	}
	return made.Field(i), element
}

// assign is a function put into a field or a variable that somebody else in the module declares.
func (v *visit) assign(left, right ast.Expr) {
	selector, ok := ast.Unparen(left).(*ast.SelectorExpr)
	if !ok {
		return
	}
	place, ok := v.p.TypesInfo.Uses[selector.Sel].(*types.Var)
	switch {
	case !ok:
	case v.foreign(place) && v.lends(right, place.Type()):
		v.hand(place, false, right)
	case place.Pkg() != nil && place.Pkg().Path() == "os/exec" && v.stream(right):
		v.does("starts a goroutine with exec."+place.Name(), right)
	}
}

// stream reports whether a value is a reader or writer of which not only the process that gets it may know: os/exec serves it in a goroutine.
// A buffer is read once that has ended.
func (v *visit) stream(value ast.Expr) bool {
	given := v.p.TypesInfo.TypeOf(value)
	if given == nil {
		return false
	}
	if contract, ok := given.Underlying().(*types.Interface); ok {
		return contract.NumMethods() > 0
	}
	if pointer, ok := given.(*types.Pointer); ok {
		given = pointer.Elem()
	}
	named, ok := given.(*types.Named)
	return ok && v.foreign(named.Obj()) || ok && strings.TrimSuffix(named.Obj().Pkg().Path(), "_test") == v.path
}

// foreign reports whether something is declared elsewhere in the module.
func (v *visit) foreign(object types.Object) bool {
	if object.Pkg() == nil {
		return false
	}
	path := object.Pkg().Path()
	return path != v.path && (path == v.finder.module || strings.HasPrefix(path, v.finder.module+"/"))
}

// lends reports whether a value is code that its taker may run: a function, or something of this package's own as the keeper of a contract.
func (v *visit) lends(value ast.Expr, as types.Type) bool {
	given := v.p.TypesInfo.TypeOf(value)
	if given == nil || as == nil {
		return false
	}
	if _, isFunc := given.Underlying().(*types.Signature); isFunc {
		return true
	}
	contract, ok := as.Underlying().(*types.Interface)
	if !ok || contract.NumMethods() == 0 || as.String() == "error" {
		return false
	}
	if types.IsInterface(given) {
		return v.keepsOne(contract)
	}
	if pointer, ok := given.(*types.Pointer); ok {
		given = pointer.Elem()
	}
	named, ok := given.(*types.Named)
	return ok && named.Obj().Pkg() != nil && strings.TrimSuffix(named.Obj().Pkg().Path(), "_test") == v.path
}

// keepsOne reports whether a type of this package keeps a contract, so that a value known by the contract alone may be one of it.
func (v *visit) keepsOne(contract *types.Interface) bool {
	scope := v.p.Types.Scope()
	for _, name := range scope.Names() {
		declared, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || types.IsInterface(declared.Type()) {
			continue
		}
		if types.Implements(declared.Type(), contract) || types.Implements(types.NewPointer(declared.Type()), contract) {
			return true
		}
	}
	return false
}

func (v *visit) hand(to types.Object, contract bool, what ast.Expr) {
	into := v.acts.hands
	if contract {
		into = v.acts.keeps
	}
	if path := to.Pkg().Path(); into[path] == "" {
		into[path] = v.at(what.Pos())
	}
}
