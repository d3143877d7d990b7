// Package neo4j stands for the driver.
package neo4j

import "context"

type Session struct{}

func (*Session) Run(ctx context.Context, cypher string, params map[string]any) error { return nil }

func ExecuteQuery[T any](ctx context.Context, driver any, query string, params map[string]any) (T, error) {
	var none T
	return none, nil
}
