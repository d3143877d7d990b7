// Package serves answers on a port.
package serves

import "net/http"

// Serve serves.
func Serve(all http.Handler) error { return http.ListenAndServe("127.0.0.1:0", all) }
