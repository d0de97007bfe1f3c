package pack

// Report is what an import has to say about a layer it took: kept with the layer and
// shown to people. Facts are plain; Warnings ask for a look.
type Report struct {
	Facts    []Text           `json:"facts,omitempty"`
	Warnings []Text           `json:"warnings,omitempty"`
	Counts   map[string]int64 `json:"counts,omitempty"`
}

// Fact adds a plain sentence.
func (r *Report) Fact(zh, en string) { r.Facts = append(r.Facts, Text{zh, en}) }

// Warn adds a sentence that asks for a look.
func (r *Report) Warn(zh, en string) { r.Warnings = append(r.Warnings, Text{zh, en}) }

// Count notes a number under a code word.
func (r *Report) Count(word string, n int64) {
	if r.Counts == nil {
		r.Counts = map[string]int64{}
	}
	r.Counts[word] = n
}
