// Package forest is union-find over the numbers from 0 on: sets that are united again and again, each named by its smallest member.
//
// It must not know what the numbers stand for.
package forest

import "sync/atomic"

// Forest gives every number one above it in its set, or itself if it is the smallest there, the root. What is above is never greater, so
// that who is united in which order makes no difference to the roots. Its methods may be called from several goroutines.
type Forest []uint32

// New returns n sets of one number each.
func New(n int) Forest {
	f := make(Forest, n)
	for u := range f {
		f[u] = uint32(u)
	}
	return f
}

// Root returns the smallest number of the set of u. On its way up it shortens paths of more than two steps by the halving of van Leeuwen
// and Tarjan (1984): many calls cost O(log n) each. Shorter ones are left alone, since an atomic store costs more than two loads.
func (f Forest) Root(u uint32) uint32 {
	for {
		above := atomic.LoadUint32(&f[u])
		if above == u {
			return u
		}
		next := atomic.LoadUint32(&f[above])
		if next == above {
			return above
		}
		top := atomic.LoadUint32(&f[next])
		if top == next {
			return next
		}
		atomic.StoreUint32(&f[u], top)
		u = top
	}
}

// Unite makes one set of those of u and v. It returns its root and, if they were two, the root that is none any more; else the root twice.
// Only a root is ever given something above it, by exchange, so that no link is lost.
func (f Forest) Unite(u, v uint32) (root, gone uint32) {
	for {
		u, v = f.Root(u), f.Root(v)
		root, gone = min(u, v), max(u, v)
		if root == gone || atomic.CompareAndSwapUint32(&f[gone], gone, root) {
			return root, gone
		}
	}
}
