package pool

import "maps"

// expiring is a map that forgets its dead entries by itself. It looks for them each time it has
// doubled, so that adding costs the same however many there are.
type expiring[V any] struct {
	entries map[string]V
	sweepAt int
}

// set adds an entry; dead says which entries need not be kept.
func (e *expiring[V]) set(key string, v V, dead func(V) bool) {
	if e.entries == nil {
		e.entries = map[string]V{}
	}
	if len(e.entries) >= max(e.sweepAt, 8) {
		maps.DeleteFunc(e.entries, func(_ string, v V) bool { return dead(v) })
		e.sweepAt = 2 * len(e.entries)
	}
	e.entries[key] = v
}
