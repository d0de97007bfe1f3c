package coverage

// PublicStep is what published numbers of people are rounded to, and the least of them
// that is published. A number below it could name a household, and unrounded numbers
// could be taken from one another until one does. Ten persons is our own choice.
const PublicStep = 10 * Person

// Public is the number as it may be published: rounded half up to whole PublicSteps,
// so that sums of published numbers need not agree. It is not shown (false) where there
// are some people, but fewer than PublicStep.
func (p People) Public() (People, bool) {
	if p > 0 && p < PublicStep {
		return 0, false
	}
	return (p + PublicStep/2) / PublicStep * PublicStep, true
}

// PublicCoverage is the share of people within the limit as it may be published, in
// whole hundredths: of the published numbers, not of the exact ones. It is not shown
// (false) where one of them is not, or nobody lives.
func (c Count) PublicCoverage() (float64, bool) {
	population, ok1 := c.Population.Public()
	covered, ok2 := c.Covered.Public()
	_, ok3 := c.Uncovered.Public()
	_, ok4 := c.Unsnapped.Public()
	if !ok1 || !ok2 || !ok3 || !ok4 || population == 0 {
		return 0, false
	}
	hundredths := (200*int64(min(covered, population)) + int64(population)) / (2 * int64(population))
	return float64(hundredths) / 100, true
}
