package browsertest

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"image"
	"image/color"
	"image/png"
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

// palette writes a picture with its 256 most frequent colours, the others as the nearest of them: a page has few.
func palette(t *testing.T, data []byte) []byte {
	t.Helper()
	from, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bounds, count := from.Bounds(), map[color.Color]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[from.At(x, y)]++
		}
	}
	var colours color.Palette
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.Color) int {
		r, g, bl, _ := a.RGBA()
		r2, g2, bl2, _ := b.RGBA()
		return cmp.Or(count[b]-count[a], cmp.Compare(r, r2), cmp.Compare(g, g2), cmp.Compare(bl, bl2))
	})
	all := colours
	colours = colours[:min(256, len(colours))]
	nearest := map[color.Color]uint8{}
	for _, c := range all {
		nearest[c] = uint8(colours.Index(c)) //nolint:gosec // of 256
	}
	to := image.NewPaletted(bounds, colours)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			to.SetColorIndex(x, y, nearest[from.At(x, y)])
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, to); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
