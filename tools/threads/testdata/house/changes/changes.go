// Package changes what is always run.
package changes

import "house/starts"

// Change changes it.
func Change() { starts.Always = func() {} }
