package pool

import "maps"

// expiring is a map that forgets its dead entries by itself. It looks for them each time it has
// doubled, so that adding costs the same however many there are.
type expiring[V any] struct {
	entries map[string]V
	sweepAt int
}

// copy returns a map with copies of the entries.
func (e *expiring[V]) copy(one func(V) V) expiring[V] {
	c := expiring[V]{entries: make(map[string]V, len(e.entries)), sweepAt: e.sweepAt}
	for key, v := range e.entries {
		c.entries[key] = one(v)
	}
	return c
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
