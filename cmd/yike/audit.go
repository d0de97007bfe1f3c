package main

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"yike/internal/audit"
	"yike/internal/keys"
	"yike/internal/postgres"
)

// auditCmd verifies and exports the audit log.
type auditCmd struct {
	Verify    auditVerifyCmd `cmd:"" help:"核对审计日志是否被改动 / find out whether the audit log was tampered with"`
	Export    auditExportCmd `cmd:"" help:"导出审计日志，供外部核对 / write the audit log to a file that outsiders can verify"`
	PublicKey auditKeyCmd    `cmd:"" help:"核对所用的公钥 / print the public key that outsiders verify with"`
}

// headsFile is where heads of the audit log are written down, below the state folder.
func (a *app) headsFile() string { return filepath.Join(a.config.StateDir, "audit", "heads.log") }

func (a *app) openKeys() (*keys.Ring, error) { return keys.Open(keyDir(a.config)) }

// errBroken ends a verification that found something.
var errBroken = errors.New("审计日志有损坏，见上 / the audit log is broken, see above")

// auditVerifyCmd recomputes the chain. With --file it needs no database, no state folder
// and nothing secret.
type auditVerifyCmd struct {
	File      string   `help:"核对导出的文件，不需要数据库 / verify an exported file; needs no database" placeholder:"FILE"`
	Heads     string   `help:"库外记下的链头，默认为状态目录下的 audit/heads.log / heads written down outside of the database; audit/heads.log of the state folder by default" placeholder:"FILE"`
	PublicKey []string `help:"签名公钥，可重复；默认用本机的密钥 / public key of the signatures, may be repeated; this installation's by default" placeholder:"HEX"`
}

// Run ends with an error when anything is broken.
func (c *auditVerifyCmd) Run(ctx context.Context, a *app) error {
	known, err := c.keys(a)
	if err != nil {
		return err
	}
	heads, err := c.heads(a)
	if err != nil {
		return err
	}
	o := audit.Options{Keys: known, Heads: heads}
	began := time.Now()
	report, err := c.verify(ctx, a, o)
	if err != nil {
		return err
	}
	printReport(a.stdout, report)
	if heads.Unreadable > 0 {
		say(a.stdout, "链头文件有 %d 行不可读 / %d lines of the heads cannot be read\n", heads.Unreadable, heads.Unreadable)
	}
	if heads.Lines == 0 {
		say(a.stdout, "没有库外的链头可比对，链尾若被截去则无从发现 / there are no heads to compare with: a tail that was cut off would not show\n")
	}
	if !report.OK() {
		return errBroken
	}
	say(a.stdout, "完好：%d 块，%d 条记录，用时 %s / whole: %d blocks, %d entries, in %s\n",
		report.Blocks(), report.Entries(), since(began), report.Blocks(), report.Entries(), since(began))
	return nil
}

func since(began time.Time) time.Duration { return time.Since(began).Round(time.Millisecond) }

func (c *auditVerifyCmd) verify(ctx context.Context, a *app, o audit.Options) (audit.Report, error) {
	if c.File != "" {
		file, err := os.Open(c.File)
		if err != nil {
			return audit.Report{}, usageError{fmt.Errorf("--file: %w", err)}
		}
		defer func() { _ = file.Close() }()
		return audit.VerifyFile(file, o)
	}
	db, err := a.openDB(ctx)
	if err != nil {
		return audit.Report{}, err
	}
	defer db.Close()
	return audit.Verify(ctx, db.Pool(), o)
}

// keys gives the keys of the command, or this installation's. A file comes from
// elsewhere, so its key must be named: the one inside it proves nothing.
func (c *auditVerifyCmd) keys(a *app) (audit.Keys, error) {
	var public []ed25519.PublicKey
	for _, text := range c.PublicKey {
		key, err := hex.DecodeString(text)
		if err != nil || len(key) != ed25519.PublicKeySize {
			return nil, badInput("--public-key 应为 64 位十六进制数", "--public-key must be 64 hexadecimal digits")
		}
		public = append(public, key)
	}
	if len(public) > 0 {
		return audit.KeysOf(public...), nil
	}
	if c.File != "" {
		return nil, badInput("核对文件须给出 --public-key，可在导出方运行 yike audit public-key 得到",
			"a file needs --public-key; yike audit public-key prints it where the file comes from")
	}
	ring, err := a.openKeys()
	if err != nil {
		return nil, err
	}
	return audit.KeysOf(ring.AuditPublic()), nil
}

// heads reads the file of the command, which must be there, or this installation's.
func (c *auditVerifyCmd) heads(a *app) (audit.HeadList, error) {
	if c.Heads == "" && c.File != "" {
		return audit.HeadList{}, nil
	}
	if c.Heads == "" {
		return audit.ReadHeadsFile(a.headsFile())
	}
	if _, err := os.Stat(c.Heads); err != nil {
		return audit.HeadList{}, usageError{fmt.Errorf("--heads: %w", err)}
	}
	return audit.ReadHeadsFile(c.Heads)
}

func printReport(w io.Writer, r audit.Report) {
	table := textTable{right: []bool{false, true, true, true, true, true, false, false}}
	table.add("机构", "首块", "末块", "记录", "待封存", "已比对链头", "末块封存于", "末块哈希")
	table.add("authority", "first", "last", "entries", "unsealed", "heads", "last sealed at", "hash of the last")
	for _, c := range r.Chains {
		n := func(n int64) string { return strconv.FormatInt(n, 10) }
		table.add(c.AdCode, n(c.First), n(c.Last), n(c.Entries), n(c.Unsealed), strconv.Itoa(c.Heads), c.SealedAt, c.Hash)
	}
	table.print(w)
	for _, f := range r.Faults {
		say(w, "%s\n", f.Error())
	}
}

// auditExportCmd writes the sealed log of a period.
type auditExportCmd struct {
	Out       string `help:"写入的文件 / file to write" placeholder:"FILE" required:""`
	From      string `help:"自该日或时刻起 / from this day or moment on" placeholder:"DAY"`
	To        string `help:"至该日（含）或时刻（不含） / until the end of this day, or before this moment" placeholder:"DAY"`
	Authority string `help:"仅该机构 / only this authority" placeholder:"ADCODE"`
}

// Run leaves an entry before it writes anything.
func (c *auditExportCmd) Run(ctx context.Context, a *app) error {
	period, err := audit.ParsePeriod(c.From, c.To)
	if err != nil {
		return err
	}
	ring, err := a.openKeys()
	if err != nil {
		return err
	}
	db, err := a.openDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	err = db.Write(ctx, postgres.System(c.Authority, "yike audit export"), "导出审计日志 / export the audit log", func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{Action: "audit.export", Kind: "audit", After: map[string]string{"from": c.From, "to": c.To, "file": filepath.Base(c.Out)}})
		return nil
	})
	if err != nil {
		return err
	}
	var done audit.Exported
	err = writeWhole(c.Out, func(w io.Writer) error {
		done, err = audit.Export(ctx, db.Pool(), w, audit.ExportOptions{Period: period, AdCode: c.Authority, Public: ring.AuditPublic(), Now: time.Now()})
		return err
	})
	if err != nil {
		return err
	}
	if err := os.Chmod(c.Out, 0o600); err != nil { // the log names people
		return fmt.Errorf("keep %s to its owner: %w", c.Out, err)
	}
	return a.say("已写出 %d 块、%d 条记录 / wrote %d blocks with %d entries\n", done.Blocks, done.Entries, done.Blocks, done.Entries)
}

// auditKeyCmd prints the public key.
type auditKeyCmd struct{}

// Run prints the key alone on the standard output, and its id beside it.
func (auditKeyCmd) Run(a *app) error {
	ring, err := a.openKeys()
	if err != nil {
		return err
	}
	say(a.stderr, "密钥编号 / key id: %s\n", ring.AuditKeyID())
	return a.say("%s\n", hex.EncodeToString(ring.AuditPublic()))
}
