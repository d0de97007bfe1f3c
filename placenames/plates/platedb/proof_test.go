package platedb_test

import (
	"encoding/json"
	"errors"
	"testing"

	"yike/internal/postgres"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platedb"
)

func TestAProofIsKeptWithItsOrder(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	o, _ := f.order(t, life.Selection{NameIDs: []string{road}})
	keep := func(w postgres.Writer, id string) error {
		return f.db.Write(t.Context(), w, "proof", func(tx *postgres.Tx) error {
			return platedb.KeepProof(t.Context(), tx, id, map[string]any{"passed": true})
		})
	}
	if err := keep(postgres.System(adcode, "test"), o.ID); err != nil {
		t.Fatal(err)
	}
	back, err := f.store.OrderByID(t.Context(), f.manager, o.ID)
	var kept map[string]bool
	if err != nil || json.Unmarshal(back.Proof, &kept) != nil || !kept["passed"] || back.Version != o.Version+1 {
		t.Errorf("the order keeps %s in version %d, %v", back.Proof, back.Version, err)
	}
	if err := keep(postgres.System(adcode, "test"), address(1)); !errors.Is(err, life.ErrNoOrder) {
		t.Errorf("the proof of no order gives %v", err)
	}
	if err := keep(f.fitter, o.ID); err == nil {
		t.Error("a fitter keeps a proof")
	}
}
