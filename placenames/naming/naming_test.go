package naming_test

import (
	"testing"

	"yike/placenames"
	"yike/placenames/naming"
)

func checker(t testing.TB) *naming.Checker {
	t.Helper()
	set, err := naming.Set()
	if err != nil {
		t.Fatal(err)
	}
	c, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	k, err := naming.NewChecker(set, c)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSet(t *testing.T) {
	t.Parallel()
	checker(t)
}
