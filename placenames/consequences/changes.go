package consequences

import (
	"cmp"
	"slices"

	"yike/internal/record"
	"yike/placenames"
)

// Act is what became of an old name.
type Act string

// The acts.
const (
	Renamed Act = "renamed" // 更名
	Ended   Act = "ended"   // 注销
	Annul   Act = "annulled"
	Merged  Act = "merged" // 并入
)

// Acts lists the acts with their words.
func Acts() []placenames.Code {
	return []placenames.Code{
		{Code: string(Renamed), ZH: "更名", EN: "renamed"},
		{Code: string(Ended), ZH: "注销", EN: "retired"},
		{Code: string(Annul), ZH: "撤销", EN: "annulled"},
		{Code: string(Merged), ZH: "并入", EN: "merged"},
	}
}

// Change is a line of the old–new table: a name that is no more the standard one of a place, and
// what stands for it.
type Change struct {
	NameID        string // of the place
	Act           Act
	Old, OldRoman string
	New, NewRoman string // "" where nothing stands for it
	NewID         string // of the record that has the new name; "" where nothing stands for it
	Kind          string // of the place, a code of the catalogue
	Division      string
	Day           record.Day // from which the old name is none; "" unknown
	Decision      placenames.Decision
}

// Successor is the record that has the place of one that ended.
type Successor struct{ ID, Text, Roman string }

// Of gives the changes that a record tells, the earliest first: one for each former name, and its
// end where it has ended. What it was called before is followed by what it was called next.
func Of(n placenames.Name, s Successor) []Change {
	base := Change{NameID: n.ID, Kind: n.Kind}
	if len(n.Divisions) > 0 {
		base.Division = n.Divisions[0]
	}
	var out []Change
	for i, old := range n.Former {
		c := base
		c.Act, c.Old, c.OldRoman, c.Day, c.Decision = Renamed, old.Text, old.Roman, old.Until, old.Decision
		c.New, c.NewRoman, c.NewID = n.Text, n.Roman, n.ID
		if i+1 < len(n.Former) {
			c.New, c.NewRoman = n.Former[i+1].Text, n.Former[i+1].Roman
		}
		out = append(out, c)
	}
	act, ended := map[placenames.State]Act{placenames.Retired: Ended, placenames.Annulled: Annul, placenames.Merged: Merged}[n.State]
	if ended {
		c := base
		c.Act, c.Old, c.OldRoman, c.Decision = act, n.Text, n.Roman, n.Decision
		c.New, c.NewRoman, c.NewID = s.Text, s.Roman, s.ID
		c.Day = cmp.Or(n.Decision.Day, n.ValidFrom)
		out = append(out, c)
	}
	return out
}

// Sort puts changes into the order of the table: the latest first, then by the old name.
func Sort(all []Change) {
	slices.SortStableFunc(all, func(a, b Change) int {
		return cmp.Or(-cmp.Compare(a.Day, b.Day), cmp.Compare(a.Old, b.Old), cmp.Compare(a.NameID, b.NameID), -cmp.Compare(a.New, b.New))
	})
}

// Told are the words that a record said before and says no more: its former names, or its own
// where it has ended. What is again its name is none of them.
func Told(n placenames.Name) []string {
	var out []string
	add := func(text string) {
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if n.State.Ended() {
		add(n.Text)
	}
	for _, f := range n.Former {
		if f.Text != n.Text {
			add(f.Text)
		}
	}
	return out
}
