// Package rummage is the root of the house and holds no code: only the tests that keep its rules and
// its documents true. Start reading at docs/architecture.md, or at package graph, the vocabulary.
package rummage
