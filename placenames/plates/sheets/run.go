package sheets

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"yike/placenames/plates/faces"
)

// ErrNoPlates is returned where there is nothing to write.
var ErrNoPlates = errors.New("there are no plates to be made")

// Fault tells which plate cannot be made, and why.
type Fault struct {
	Index int // in the list of plates
	Err   error
}

// Check draws all plates and keeps none: what cannot be made is found before anything is
// written.
func (m Maker) Check(list iter.Seq[Plate]) []Fault {
	var faults []Fault
	i := 0
	for p := range list {
		if _, err := m.Draw(p); err != nil {
			faults = append(faults, Fault{Index: i, Err: err})
		}
		i++
	}
	return faults
}

// Write writes all plates in their order as one PDF and gives the manifest, in which name is
// the name of the file. progress, which may be nil, is told after each plate how many are
// done; its error ends the writing and is returned, and so is the first plate that cannot be
// made. No plates are ErrNoPlates.
func (m Maker) Write(w io.Writer, name string, batch Batch, list iter.Seq[Plate], progress func(done int) error) (Manifest, error) {
	sum := sha256.New()
	counted := &counter{w: io.MultiWriter(w, sum)}
	file := NewPDF(counted, m.Letters, batch)
	man := Manifest{Format: Format, Batch: batch, Faces: []Faced{}, Plates: []Entry{}}
	at := map[*faces.Face]int{}
	for p := range list {
		d, err := m.Draw(p)
		if err != nil {
			return Manifest{}, err
		}
		if err := file.Add(p, d); err != nil {
			return Manifest{}, fmt.Errorf("write plate %s: %w", p.Token, err)
		}
		i, ok := at[d.Face]
		if !ok {
			i = len(man.Faces)
			at[d.Face] = i
			man.Faces = append(man.Faces, Faced{ID: d.Face.ID, ZH: d.Face.ZH, Width: d.Face.Width, Height: d.Face.Height})
		}
		man.Faces[i].Plates++
		if progress != nil {
			if err := progress(len(file.listed)); err != nil {
				return Manifest{}, err
			}
		}
	}
	if len(file.listed) == 0 {
		return Manifest{}, ErrNoPlates
	}
	if err := file.Close(); err != nil {
		return Manifest{}, err
	}
	man.Plates = append(man.Plates, file.Entries()...)
	man.File = File{Name: name, Bytes: counted.n, SHA256: hex.EncodeToString(sum.Sum(nil)), Pages: len(file.pages)}
	return man, nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err //nolint:wrapcheck // a writer in between
}

func appendInt(b []byte, v int) []byte { return strconv.AppendInt(b, int64(v), 10) }
