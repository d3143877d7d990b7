// Package constant proves that no Cypher is built from data. A query's text
// must be
//
//   - a constant,
//   - a variable of the package that is given its value where it is declared
//     and nowhere else, or a part of one: it was there before any data was,
//   - a local variable, a parameter's field or a function's result whose every
//     value is such a text.
//
// Texts are looked at where they are handed to the driver (method Run, function
// ExecuteQuery) and where a struct is made that has a field for one: fields
// are declared to hold queries by //cypher:text beside them. What tests ask is
// their own business.
package constant

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// Analyzer is the check.
var Analyzer = &analysis.Analyzer{
	Name:     "cypher",
	Doc:      "queries handed to Neo4j must be texts that the program holds from its start",
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

// driver is the path of the packages whose Run and ExecuteQuery take queries.
const driver = "github.com/neo4j/neo4j-go-driver/"

// mark declares a field that holds a query.
const mark = "//cypher:text"

type check struct {
	pass   *analysis.Pass
	fields map[types.Object]bool       // marked
	given  map[types.Object][]ast.Expr // what variables are given, and fields outside of literals
	bodies map[types.Object]*ast.FuncDecl
	asked  map[types.Object]bool           // being looked at: a value in terms of itself adds nothing
	used   map[types.Object][]types.Object // by which functions a function is named; nil for the declaration of a variable
}

func run(pass *analysis.Pass) (any, error) {
	look, ok := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	if !ok {
		return nil, nil
	}
	c := &check{pass: pass, fields: map[types.Object]bool{}, given: map[types.Object][]ast.Expr{}, bodies: map[types.Object]*ast.FuncDecl{},
		asked: map[types.Object]bool{}, used: map[types.Object][]types.Object{}}
	look.Preorder(nil, c.gather)
	look.WithStack([]ast.Node{(*ast.Ident)(nil)}, func(n ast.Node, push bool, stack []ast.Node) bool {
		name, _ := n.(*ast.Ident)
		if object, ok := pass.TypesInfo.Uses[name].(*types.Func); ok && push {
			c.used[object] = append(c.used[object], c.within(stack))
		}
		return true
	})
	nodes := []ast.Node{(*ast.CallExpr)(nil), (*ast.CompositeLit)(nil), (*ast.AssignStmt)(nil)}
	look.WithStack(nodes, func(n ast.Node, push bool, stack []ast.Node) bool {
		test := strings.HasSuffix(pass.Fset.File(n.Pos()).Name(), "_test.go")
		if push && !test && !c.early(c.within(stack)) {
			c.visit(n)
		}
		return true
	})
	return nil, nil
}

// within returns the function in which a node stands, nil for none.
func (c *check) within(stack []ast.Node) types.Object {
	for _, n := range stack {
		if f, ok := n.(*ast.FuncDecl); ok {
			return c.pass.TypesInfo.Defs[f.Name]
		}
	}
	return nil
}

// early reports whether a function runs only where variables of the package
// are declared, before any data is there. The tests of a package do not count.
func (c *check) early(function types.Object) bool {
	if function == nil || len(c.used[function]) == 0 {
		return function == nil
	}
	if c.asked[function] {
		return true
	}
	c.asked[function] = true
	defer delete(c.asked, function)
	for _, by := range c.used[function] {
		if !c.early(by) {
			return false
		}
	}
	return true
}

// gather notes marked fields, functions, and what every variable is given.
func (c *check) gather(n ast.Node) {
	switch n := n.(type) {
	case *ast.Field:
		if n.Comment != nil && strings.HasPrefix(n.Comment.List[0].Text, mark) || n.Doc != nil && strings.Contains(docText(n.Doc), mark) {
			for _, name := range n.Names {
				c.fields[c.pass.TypesInfo.Defs[name]] = true
			}
		}
	case *ast.FuncDecl:
		c.bodies[c.pass.TypesInfo.Defs[n.Name]] = n
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) {
				c.give(name, n.Values[i])
			} else if len(n.Values) > 0 {
				c.give(name, nil)
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			right := n.Rhs[min(i, len(n.Rhs)-1)]
			if n.Tok == token.ADD_ASSIGN || i >= len(n.Rhs) {
				right = nil // appended to, or a later result of a function
			}
			c.give(left, right)
		}
	case *ast.RangeStmt:
		c.give(n.Key, n.X)
		c.give(n.Value, n.X)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			c.give(n.X, nil) // whoever holds the address may write
		}
	}
}

func docText(group *ast.CommentGroup) string {
	var b strings.Builder
	for _, line := range group.List {
		b.WriteString(line.Text + "\n")
	}
	return b.String()
}

// give notes that a variable, or a part of it, is given a value; nil stands
// for one that cannot be known.
func (c *check) give(left, right ast.Expr) {
	whole := true
	for {
		switch l := left.(type) {
		case *ast.ParenExpr:
			left = l.X
			continue
		case *ast.IndexExpr:
			left, whole = l.X, false
			continue
		case *ast.Ident:
			object := c.pass.TypesInfo.ObjectOf(l)
			if object == nil {
				return
			}
			if right == nil {
				right = &ast.BadExpr{}
			}
			if _, isStruct := object.Type().Underlying().(*types.Struct); isStruct && !whole {
				return
			}
			c.given[object] = append(c.given[object], right)
		}
		return
	}
}

// visit looks at every place where a query is handed on.
func (c *check) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		if at := c.queryArgument(n); at >= 0 && at < len(n.Args) {
			c.want(n.Args[at])
		}
	case *ast.CompositeLit:
		c.literal(n)
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if selected, ok := left.(*ast.SelectorExpr); ok && c.fields[c.pass.TypesInfo.ObjectOf(selected.Sel)] {
				c.want(n.Rhs[min(i, len(n.Rhs)-1)])
			}
		}
	}
}

// queryArgument returns which argument of a call is a query, -1 for none.
func (c *check) queryArgument(call *ast.CallExpr) int {
	selected, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		if index, isGeneric := call.Fun.(*ast.IndexExpr); isGeneric {
			selected, ok = index.X.(*ast.SelectorExpr)
		}
		if !ok {
			return -1
		}
	}
	object := c.pass.TypesInfo.ObjectOf(selected.Sel)
	if object == nil || object.Pkg() == nil || !strings.HasPrefix(object.Pkg().Path(), driver) {
		return -1
	}
	switch object.Name() {
	case "Run":
		return 1
	case "ExecuteQuery":
		return 2
	}
	return -1
}

func (c *check) literal(l *ast.CompositeLit) {
	structure, ok := c.pass.TypesInfo.TypeOf(l).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, element := range l.Elts {
		if pair, named := element.(*ast.KeyValueExpr); named {
			if key, isName := pair.Key.(*ast.Ident); isName && c.fields[c.pass.TypesInfo.ObjectOf(key)] {
				c.want(pair.Value)
			}
			continue
		}
		if i < structure.NumFields() && c.fields[structure.Field(i)] {
			c.want(element)
		}
	}
}

func (c *check) want(e ast.Expr) {
	if !c.held(e) {
		c.pass.Reportf(e.Pos(), "this query may be put together from data; hand over a constant, or a variable of the package that is set where it is declared")
	}
}

// held reports whether every value of an expression was in the program from
// its start.
func (c *check) held(e ast.Expr) bool {
	if value, ok := c.pass.TypesInfo.Types[e]; ok && value.Value != nil {
		return true
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.held(e.X)
	case *ast.Ident:
		return c.heldVariable(c.pass.TypesInfo.ObjectOf(e))
	case *ast.IndexExpr:
		return c.held(e.X)
	case *ast.SelectorExpr:
		return c.fields[c.pass.TypesInfo.ObjectOf(e.Sel)] || c.held(e.X)
	case *ast.CallExpr:
		return c.heldResult(e)
	}
	return false
}

func (c *check) heldVariable(object types.Object) bool {
	variable, ok := object.(*types.Var)
	if !ok || c.asked[object] {
		return ok
	}
	given := c.given[object]
	if variable.Parent() == c.pass.Pkg.Scope() {
		return len(given) == 1 // where it is declared
	}
	if len(given) == 0 {
		return false // a parameter, or a variable of somewhere else
	}
	c.asked[object] = true
	defer delete(c.asked, object)
	for _, value := range given {
		if !c.held(value) {
			return false
		}
	}
	return true
}

// heldResult looks into functions of the package that return one text.
func (c *check) heldResult(call *ast.CallExpr) bool {
	var name *ast.Ident
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f
	case *ast.SelectorExpr:
		name = f.Sel
	default:
		return false
	}
	object := c.pass.TypesInfo.ObjectOf(name)
	body := c.bodies[object]
	if body == nil || body.Body == nil || c.asked[object] {
		return false
	}
	c.asked[object] = true
	defer delete(c.asked, object)
	all := true
	ast.Inspect(body.Body, func(n ast.Node) bool {
		if _, inner := n.(*ast.FuncLit); inner {
			return false
		}
		if r, ok := n.(*ast.ReturnStmt); ok {
			all = all && len(r.Results) > 0 && c.held(r.Results[0])
		}
		return true
	})
	return all
}
