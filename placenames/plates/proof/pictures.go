package proof

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// pictures are pages as pdftoppm writes them, one after another.
type pictures struct {
	cmd   *exec.Cmd
	out   *bufio.Reader
	pipe  io.ReadCloser
	notes bytes.Buffer
}

// maxPicture is how many pixels a page may have: a sheet of 2 × 2 m at 4 pixels a millimetre.
const maxPicture = 64 << 20

func (t Tools) pictures(ctx context.Context, path string, r run) (*pictures, error) {
	p := &pictures{}
	p.cmd = exec.CommandContext(ctx, t.rasterise, "-gray", "-q", "-r", strconv.Itoa(r.dpi),
		"-f", strconv.Itoa(r.first), "-l", strconv.Itoa(r.first+len(r.pages)-1), path) //nolint:gosec // a program that was looked up, on a file of ours
	p.cmd.Stderr = &p.notes
	pipe, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start pdftoppm: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start pdftoppm: %w", err)
	}
	p.pipe, p.out = pipe, bufio.NewReaderSize(pipe, 1<<20)
	return p, nil
}

// next reads the next picture, a grey PGM of one byte a pixel.
func (p *pictures) next() (*image.Gray, error) {
	var kind string
	var w, h, most int
	if _, err := fmt.Fscanf(p.out, "%s\n%d %d\n%d\n", &kind, &w, &h, &most); err != nil {
		return nil, p.told(err)
	}
	if kind != "P5" || most != 255 || w < 1 || h < 1 || w > maxPicture/h {
		return nil, p.told(fmt.Errorf("%s of %d × %d with %d greys is no picture that is read here", kind, w, h, most))
	}
	img := image.NewGray(image.Rect(0, 0, w, h))
	if _, err := io.ReadFull(p.out, img.Pix); err != nil {
		return nil, p.told(err)
	}
	return img, nil
}

func (p *pictures) told(err error) error {
	if said := strings.TrimSpace(p.notes.String()); said != "" {
		return fmt.Errorf("pdftoppm: %w: %s", err, said)
	}
	return fmt.Errorf("pdftoppm: %w", err)
}

// close waits for the program. What it had still to write is thrown away.
func (p *pictures) close() error {
	_, drained := io.Copy(io.Discard, p.pipe)
	if err := p.cmd.Wait(); err != nil {
		return p.told(err)
	}
	if drained != nil && !errors.Is(drained, io.ErrClosedPipe) {
		return p.told(drained)
	}
	return nil
}
