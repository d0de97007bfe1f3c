package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func TestFound(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t).Pool()
	none := errors.New("none of them")
	numbers := postgres.Found[int]{What: "number", Missing: none, Scan: pgx.RowTo[int]}
	if n, err := numbers.One(pool.Query(t.Context(), `SELECT 7`)); n != 7 || err != nil {
		t.Errorf("one: %d, %v", n, err)
	}
	if n, err := numbers.One(pool.Query(t.Context(), `SELECT 7 WHERE false`)); n != 0 || !errors.Is(err, none) {
		t.Errorf("none: %d, %v", n, err)
	}
	if list, err := numbers.All(pool.Query(t.Context(), `SELECT generate_series(1, 3)`)); !slices.Equal(list, []int{1, 2, 3}) || err != nil {
		t.Errorf("all: %v, %v", list, err)
	}
	if list, err := numbers.All(pool.Query(t.Context(), `SELECT 1 WHERE false`)); len(list) != 0 || err != nil {
		t.Errorf("all of none: %v, %v", list, err)
	}
	for sql, want := range map[string]error{`SELECT 1 / 0`: nil, `SELECT`: nil, `SELECT generate_series(1, 2)`: pgx.ErrTooManyRows, `nonsense`: nil, `SELECT 'x'`: nil} {
		_, err := numbers.One(pool.Query(t.Context(), sql))
		if err == nil || errors.Is(err, none) || !strings.HasPrefix(err.Error(), "read number: ") || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v", sql, err)
		}
		if _, err := numbers.All(pool.Query(t.Context(), sql)); want == nil && (err == nil || !strings.HasPrefix(err.Error(), "list number: ")) {
			t.Errorf("all of %s: %v", sql, err)
		}
	}
	if _, err := numbers.One(pool.Query(t.Context(), `SELECT 1 / 0`)); postgres.Code(err) != "22012" {
		t.Errorf("the database's code is lost: %v", err)
	}
}
