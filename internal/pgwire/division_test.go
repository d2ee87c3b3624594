package pgwire

import "testing"

// A division means what it does in PostgreSQL: of whole numbers it gives a whole one. Views of the file keep the meaning of the engine.
func TestDivision(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	makeFile(t, s.file, "create view halves as select 7 / 2 as half")
	conn := s.connect(t, "")
	for query, want := range map[string]float64{
		"7 / 2": 3, "-7 / 2": -3, "7.0 / 2": 3.5, "7::double precision / 2": 3.5, "cast(7 as numeric(8, 2)) / 2": 3.5, "(select sum(7)) / 2": 3,
		"(select half from halves)": 3.5,
	} {
		got := ask(t, conn, "select cast("+query+" as double precision)")
		if got[0][0] != want {
			t.Errorf("%s is %v, want %v", query, got[0][0], want)
		}
	}
}
