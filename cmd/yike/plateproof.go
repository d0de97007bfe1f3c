package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/placenames/plates/platedb"
	"yike/placenames/plates/proof"
	"yike/placenames/plates/sheethttp"
)

// kindPlateProof is the job that proves the sheets of an order of plates.
const kindPlateProof = "plate-proof"

type plateProofArgs struct {
	Order string `json:"order"`
}

func askPlateProof(ctx context.Context, db *postgres.DB, w postgres.Writer, order, division string) (string, error) {
	return postgres.WriteOnce(ctx, db, w, "请求校样 / ask for a proof of plates", func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, "plate.write", division); err != nil {
			return "", err
		}
		return jobs.Ask(ctx, tx, jobs.Request{Kind: kindPlateProof, Args: plateProofArgs{order}, Dedupe: order})
	})
}

// plateProofs proves orders in the name of the system.
type plateProofs struct{ sheets *plateSheets }

// run writes the sheets of an order into a folder of its own, has them read back and keeps with
// the order what was found. Sheets that are not read are no failure of the job.
func (p plateProofs) run(ctx context.Context, t *jobs.Task) (err error) {
	var args plateProofArgs
	if err := t.Args(&args); err != nil {
		return err
	}
	tools, err := proof.Find()
	if err != nil {
		return jobs.Permanent(err)
	}
	maker, err := p.sheets.draws()
	if err != nil {
		return err
	}
	r, err := p.sheets.run(ctx, postgres.System(t.Job().AdCode, "yike"), args.Order)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "yike-proof-")
	if err != nil {
		return fmt.Errorf("a folder for the proof: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	found, err := tools.Release(ctx, maker, r.list, r.batch, filepath.Join(dir, "sheet.pdf"), "sheet.pdf", func(s proof.Step) {
		t.Progress(int64(s.Read), int64(s.Total), fmt.Sprintf("第 %d 轮：已绘 %d 块，已识读 %d 块", s.Round, s.Drawn, s.Read), fmt.Sprintf("round %d: %d drawn, %d read", s.Round, s.Drawn, s.Read))
	})
	if err != nil && !errors.Is(err, proof.ErrUnread) {
		if _, _, about := sheethttp.Reason(err); about {
			return jobs.Permanent(err)
		}
		return err
	}
	kept := provedOf(found, time.Now())
	t.Result(map[string]any{"passed": kept.Passed, "plates": kept.Plates, "read": kept.Read, "misread": kept.Misread, "remasked": len(kept.Masks), "sha256": kept.SHA256})
	return t.Write(ctx, "校样 / proof of plates", nil, func(tx *postgres.Tx) error { return platedb.KeepProof(ctx, tx, args.Order, kept) })
}
