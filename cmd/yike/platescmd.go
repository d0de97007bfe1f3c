package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yike/internal/pdf"
	"yike/placenames/plates"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/proof"
	platesheets "yike/placenames/plates/sheets"
	"yike/placenames/plates/symbol"
)

// platesCmd makes and proves sheets of plates without a district.
type platesCmd struct {
	Sheet platesSheetCmd `cmd:"" help:"生成样张版面（合成数据，牌面标“样张”） / write a sheet of synthetic plates, each marked as a sample"`
	Proof platesProofCmd `cmd:"" help:"校样：从成品 PDF 识读每个二维码 / read every symbol back from a finished PDF by two decoders"`
}

// platesSheetCmd writes sheets of plates of a road that there is not.
type platesSheetCmd struct {
	Sample int    `help:"块数 / how many plates" default:"24" placeholder:"N"`
	Kind   string `help:"牌型 / kind of plate" enum:"all,large,medium,small,building,unit,room" default:"all" placeholder:"KIND"`
	Seed   byte   `help:"随机种子，相同则逐字节相同 / the same number gives the same bytes" default:"1" placeholder:"S"`
	Prove  bool   `help:"写后逐码校样，读不出的换掩模重写 / read every symbol back and give another mask to one that is not read"`
	Out    string `help:"PDF 文件；旁边另写清单 JSON 与制作表 CSV / the PDF; manifest and table are written beside it" required:"" placeholder:"FILE"`
}

const mostSamples = 100_000

// Run writes the PDF, the manifest and the maker's table.
func (c *platesSheetCmd) Run(ctx context.Context, a *app) (err error) {
	if c.Sample < 1 || c.Sample > mostSamples {
		return badInput(fmt.Sprintf("--sample：应为 1 至 %d", mostSamples), fmt.Sprintf("--sample: must be from 1 to %d", mostSamples))
	}
	maker, err := newPlateMaker(newFontShelf(a.config).get)
	if err != nil {
		return err
	}
	man, err := c.write(ctx, a, maker)
	if err != nil {
		return err
	}
	for _, beside := range []struct {
		end   string
		write func(io.Writer) error
	}{{".manifest.json", man.Write}, {".maker.csv", man.WriteTable}} {
		if err := writeBeside(c.Out, beside.end, beside.write); err != nil {
			return err
		}
	}
	return a.say("已写入 / written: %s\n  门牌 plates  %d\n  页 pages     %d\n  字节 bytes   %d\n  sha256       %s\n", c.Out, len(man.Plates), man.File.Pages, man.File.Bytes, man.File.SHA256)
}

func (c *platesSheetCmd) write(ctx context.Context, a *app, maker platesheets.Maker) (platesheets.Manifest, error) {
	batch := platesheets.Batch{ID: "SAMPLE", Title: "样张 Sample", Day: time.Now().Format(time.DateOnly), Sheet: platesheets.MakerSheet()}
	list := c.plates(a.config.Plates)
	if c.Prove {
		tools, err := proof.Find()
		if err != nil {
			return platesheets.Manifest{}, err
		}
		r, err := tools.Release(ctx, maker, slices.Collect(list), batch, c.Out, filepath.Base(c.Out), nil)
		if err != nil {
			return platesheets.Manifest{}, err
		}
		return r.Manifest, a.say("校样通过 proof passed  %d / %d，换掩模 remasked %d\n", r.Report.Read, r.Report.Plates, len(r.Remasked))
	}
	f, err := os.Create(c.Out)
	if err != nil {
		return platesheets.Manifest{}, usageError{fmt.Errorf("--out: %w", err)}
	}
	man, err := maker.Write(f, filepath.Base(c.Out), batch, list, func(int) error { return ctx.Err() })
	if err := errors.Join(err, f.Close()); err != nil {
		return man, fmt.Errorf("write %s: %w", c.Out, err)
	}
	return man, nil
}

// plates are those of the sheet, all kinds in turn but one kind after another.
func (c *platesSheetCmd) plates(config plateConfig) iter.Seq[platesheets.Plate] {
	kinds := plates.Kinds()
	if c.Kind != "all" {
		kinds = []plates.Kind{plates.Kind(c.Kind)}
	}
	return func(yield func(platesheets.Plate) bool) {
		random := rand.NewChaCha8([32]byte{c.Seed})
		for i, kind := range kinds {
			n := c.Sample / len(kinds)
			if i < c.Sample%len(kinds) {
				n++
			}
			for number := range n {
				token, err := plates.NewToken(random)
				if err != nil || !yield(samplePlate(config, kind, token, number+1)) {
					return
				}
			}
		}
	}
}

func samplePlate(c plateConfig, kind plates.Kind, token plates.Token, number int) platesheets.Plate {
	p := platesheets.Plate{
		Token: token, Face: c.face(kind), Name: "示例东路", Roman: "Shili Donglu", Number: fmt.Sprintf("%d号", number), Postcode: "100000", Mask: symbol.BestMask, Sample: true,
	}
	p.Payload, _ = c.payload(token)
	switch kind {
	case plates.Building:
		p.Name, p.Roman, p.Number, p.Postcode = "示例花园", "Shili Huayuan", fmt.Sprintf("%d号楼", number), ""
	case plates.Unit:
		p.Name, p.Roman, p.Number, p.Postcode = "示例花园1号楼", "Shili Huayuan", fmt.Sprintf("%d单元", number), ""
	case plates.Room:
		p.Name, p.Roman, p.Number, p.Postcode = "示例花园1号楼1单元", "Shili Huayuan", fmt.Sprintf("%d室", 100*((number-1)/4+1)+(number-1)%4+1), ""
	}
	p.Address = "示例市示例区" + p.Name + p.Number
	return p
}

// writeBeside writes a file that has the name of another but for its end.
func writeBeside(path, end string, write func(io.Writer) error) (err error) {
	f, err := os.Create(beside(path, end))
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return write(f)
}

func beside(path, end string) string { return strings.TrimSuffix(path, filepath.Ext(path)) + end }

// platesProofCmd reads a file of sheets back.
type platesProofCmd struct {
	File     string `arg:"" help:"版面 PDF / the PDF of sheets" placeholder:"FILE"`
	Manifest string `help:"清单，默认为旁边的 .manifest.json / the manifest; beside the PDF by default" placeholder:"JSON"`
}

// Run proves the file. Symbols that are not read are told one by one and the verb fails.
func (c *platesProofCmd) Run(ctx context.Context, a *app) error {
	tools, err := proof.Find()
	if err != nil {
		return err
	}
	f, err := os.Open(orDefault(c.Manifest, beside(c.File, ".manifest.json")))
	if err != nil {
		return usageError{err}
	}
	man, err := platesheets.ReadManifest(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return usageError{err}
	}
	told := 0
	report, err := tools.Check(ctx, c.File, man, proof.Options{Progress: func(done, total int) {
		if part := done * 10 / max(total, 1); part > told {
			told = part
			_, _ = fmt.Fprintf(a.stderr, "校样 proof  %d / %d\n", done, total) // progress only
		}
	}})
	switch {
	case errors.Is(err, proof.ErrOtherFile), errors.Is(err, os.ErrNotExist):
		return usageError{err}
	case err != nil:
		return err
	}
	for _, fail := range report.Failures {
		if err := a.say("第 %d 页 %d-%d  %s  %s：读出 read %q\n", fail.Entry.Page, fail.Entry.Row, fail.Entry.Column, fail.Entry.Grouped, fail.By, fail.Got); err != nil {
			return err
		}
	}
	if err := a.say("识读 read %d / %d（%s），误读 misread %d\n", report.Read, report.Plates, strings.Join(proof.Decoders(), "、"), report.Misread); err != nil {
		return err
	}
	if !report.Passed() {
		return proof.ErrUnread
	}
	return nil
}

// newPlateMaker draws plates with the bold fonts of the system.
func newPlateMaker(fonts func() (*pdf.Fonts, error)) (platesheets.Maker, error) {
	open, err := fonts()
	if err != nil {
		return platesheets.Maker{}, fmt.Errorf("draw plates: %w", err)
	}
	return platesheets.Maker{Encoder: new(symbol.Fast), Letters: faces.NewLetters(open.Outlines(true))}, nil
}
