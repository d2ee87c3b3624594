package browsertest

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

var screenshots = flag.Bool("screenshots", false, "write docs/images from the demo's page, to be looked at by a person")

// A screenshot is small enough for everybody who clones the project.
const (
	images  = "../../../docs/images"
	largest = 250_000
)

// shot is a screenshot of the documents.
type shot struct {
	name, page string
	look
	height int64
}

// shots gives the screenshots.
func shots() []shot {
	return []shot{
		{"overview-light-1200.png", "", desk, 1400},
		{"overview-dark-390.png", "", phone, 1400},
		{"quality-light-1200.png", "quality", desk, 1400},
		{"explore-dark-1200.png", "explore", look{"dark", 1200, "no-preference"}, 1250},
	}
}

// shoot takes the screenshots, and writes them if it is told to. They are not compared: a person looks at them.
func shoot(browser context.Context, t *testing.T, c *centre) {
	for _, s := range shots() {
		ctx, _ := tab(browser, t, s.look)
		do(ctx, t, chromedp.EmulateViewport(s.width, s.height, narrow(s.look)), chromedp.Navigate(c.address(t, everything, s.page)))
		picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		small := palette(t, picture)
		if len(small) > largest {
			t.Errorf("%s has %d bytes, of at most %d", s.name, len(small), largest)
		}
		if *screenshots {
			if err := os.WriteFile(filepath.Join(images, s.name), small, 0o644); err != nil { //nolint:gosec // a picture is to be seen
				t.Fatal(err)
			}
		}
	}
}

// TestScreenshotsCommitted finds each screenshot in the documents' folder, whole and small, and no other picture there.
func TestScreenshotsCommitted(t *testing.T) {
	want := map[string]shot{}
	for _, s := range shots() {
		want[s.name] = s
	}
	entries, err := os.ReadDir(images)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		s, known := want[e.Name()]
		if !known {
			t.Errorf("%s is no screenshot that is taken here", e.Name())
			continue
		}
		delete(want, e.Name())
		data, err := os.ReadFile(filepath.Join(images, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		if size := picture.Bounds().Size(); int64(size.X) != s.width || int64(size.Y) != s.height || len(data) > largest {
			t.Errorf("%s has %v pixels and %d bytes, where %d×%d and at most %d belong", e.Name(), size, len(data), s.width, s.height, largest)
		}
	}
	for name := range want {
		t.Errorf("%s is missing: run go test ./dashboards/web/browsertest -screenshots", name)
	}
}

// palette writes a picture with 256 colours, the others as the nearest of them: a page has few. Of colours that are alike, of which
// the edges of letters have many, the most frequent one is taken.
func palette(t *testing.T, data []byte) []byte {
	t.Helper()
	from, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bounds, count := from.Bounds(), map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(from.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	colours := frequent(count, 256)
	nearest := map[color.RGBA]uint8{}
	for c := range count {
		nearest[c] = uint8(colours.Index(c)) //nolint:gosec // of 256
	}
	to := image.NewPaletted(bounds, colours)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			to.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, to); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// frequent gives at most so many colours, one of each kind, those of the most frequent kinds.
func frequent(count map[color.RGBA]int, most int) color.Palette {
	type kind struct{ r, g, b uint8 }
	of := func(c color.RGBA) kind { return kind{c.R >> 4, c.G >> 4, c.B >> 4} }
	weight, first := map[kind]int{}, map[kind]color.RGBA{}
	for c, n := range count {
		k := of(c)
		weight[k] += n
		best, known := first[k]
		if !known || cmp.Or(cmp.Compare(n, count[best]), cmp.Compare(c.R, best.R), cmp.Compare(c.G, best.G), cmp.Compare(c.B, best.B)) > 0 {
			first[k] = c
		}
	}
	kinds := slices.SortedFunc(maps.Keys(weight), func(a, b kind) int {
		return cmp.Or(weight[b]-weight[a], cmp.Compare(a.r, b.r), cmp.Compare(a.g, b.g), cmp.Compare(a.b, b.b))
	})
	var all color.Palette
	for _, k := range kinds[:min(most, len(kinds))] {
		all = append(all, first[k])
	}
	return all
}
