package namesearch

import "slices"

// Book finds names in a register that changes: a large index of how it was, and a small one of
// what changed since. It is read-only once made; a change makes another, which shares the large
// index.
type Book struct {
	readings *Readings
	large    *Index
	small    *Index
	gone     map[string]struct{} // ids of names of the large index that changed or were removed
}

// NewBook makes a book of names, which it keeps.
func NewBook(r *Readings, names []Name) *Book {
	return &Book{readings: r, large: New(r, names), small: New(r, nil)}
}

// Changes is how many names the book knows to be other than in its large index.
func (b *Book) Changes() int { return len(b.gone) }

// Len is how many names the large index has.
func (b *Book) Len() int { return len(b.large.names) }

// With gives the book after names were added or changed and others removed, by id. It costs
// what all changes since the large index cost.
func (b *Book) With(changed []Name, removed []string) *Book {
	out := &Book{readings: b.readings, large: b.large, gone: make(map[string]struct{}, len(b.gone)+len(changed)+len(removed))}
	for id := range b.gone {
		out.gone[id] = struct{}{}
	}
	now := make(map[string]struct{}, len(changed)+len(removed))
	for _, n := range changed {
		now[n.ID], out.gone[n.ID] = struct{}{}, struct{}{}
	}
	for _, id := range removed {
		now[id], out.gone[id] = struct{}{}, struct{}{}
	}
	var names []Name
	for _, n := range b.small.names {
		if _, ok := now[n.ID]; !ok {
			names = append(names, n)
		}
	}
	out.small = New(b.readings, append(names, changed...))
	return out
}

// Whole gives the book with one large index of all its names. O(names).
func (b *Book) Whole() *Book {
	names := make([]Name, 0, len(b.large.names)+len(b.small.names))
	for _, n := range b.large.names {
		if _, ok := b.gone[n.ID]; !ok {
			names = append(names, n)
		}
	}
	return NewBook(b.readings, append(names, b.small.names...))
}

// Search is Search of an index that has all names of the book.
func (b *Book) Search(text string, o Options) []Hit {
	hits := b.large.search(text, o, b.gone)
	more := b.small.search(text, o, nil)
	if len(more) == 0 {
		return hits
	}
	hits = append(hits, more...)
	slices.SortFunc(hits, better)
	return hits[:min(len(hits), o.Limit)]
}
