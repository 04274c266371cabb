package identity_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/pquerna/otp"

	"github.com/usher-desk/usher/internal/identity"
)

// The margin around a QR code, and the pixels of a module of the PNG.
const margin, pixels = 4, 6

// Both pictures are the code that the library draws of the same address, module by module.
func TestBothPicturesAreOneCode(t *testing.T) {
	for _, account := range []string{"ann", strings.Repeat("%F0%9F%A6%8A", 64)} {
		address := "otpauth://totp/Usher%20acme:" + account + "?issuer=Usher%20acme&secret=" + identity.NewFactorSecret()
		shown, err := identity.Enrolment{URL: address}.JSON()
		if err != nil {
			t.Fatal(err)
		}
		raster, err := png.Decode(bytes.NewReader(shown.PNG))
		if err != nil {
			t.Fatal(err)
		}
		drawn := squares(t, shown.SVG)
		side := raster.Bounds().Dx() / pixels
		if raster.Bounds() != image.Rect(0, 0, side*pixels, side*pixels) || drawn.side != side {
			t.Fatalf("the PNG is %s, the SVG has %d modules", raster.Bounds(), drawn.side)
		}
		want := libraryCode(t, address, side-2*margin)
		for y := range side * pixels {
			for x := range side * pixels {
				at := image.Pt(x/pixels, y/pixels)
				inside := at.Sub(image.Pt(margin, margin))
				dark := inside.In(want.Bounds()) && black(want, inside)
				if black(raster, image.Pt(x, y)) != dark || drawn.dark[at] != dark {
					t.Fatalf("at %s: PNG %t, SVG %t, want %t", at, black(raster, image.Pt(x, y)), drawn.dark[at], dark)
				}
			}
		}
	}
}

// libraryCode is the code as the library draws it, one pixel each module.
func libraryCode(t *testing.T, address string, side int) image.Image {
	t.Helper()
	key, err := otp.NewKeyFromURL(address)
	if err != nil {
		t.Fatal(err)
	}
	code, err := key.Image(side, side)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func black(m image.Image, at image.Point) bool {
	return color.GrayModel.Convert(m.At(at.X, at.Y)).(color.Gray).Y == 0
}

// drawing is what an SVG shows, in modules.
type drawing struct {
	side int
	dark map[image.Point]bool
}

// squares reads the SVG as strictly as it is written: a light ground and one path of bars.
func squares(t *testing.T, svg string) drawing {
	t.Helper()
	var parsed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		ViewBox string   `xml:"viewBox,attr"`
		Paths   []struct {
			D    string `xml:"d,attr"`
			Fill string `xml:"fill,attr"`
		} `xml:"path"`
		Others []struct{ XMLName xml.Name } `xml:",any"`
	}
	if err := xml.Unmarshal([]byte(svg), &parsed); err != nil {
		t.Fatal(err)
	}
	d := drawing{dark: map[image.Point]bool{}}
	if _, err := fmt.Sscanf(parsed.ViewBox, "0 0 %d", &d.side); err != nil || len(parsed.Paths) != 2 || len(parsed.Others) != 0 {
		t.Fatalf("the SVG has %d paths, viewBox %q, and %v", len(parsed.Paths), parsed.ViewBox, parsed.Others)
	}
	if ground := parsed.Paths[0]; ground.Fill != "#fff" || ground.D != fmt.Sprintf("M0 0h%[1]dv%[1]dH0z", d.side) {
		t.Errorf("the ground is %+v", ground)
	}
	for bar := range strings.SplitSeq(strings.TrimSuffix(parsed.Paths[1].D, "z"), "z") {
		var x, y, width, back int
		if _, err := fmt.Sscanf(bar, "M%d %dh%dv1h-%d", &x, &y, &width, &back); err != nil || width != back {
			t.Fatalf("bar %q: %v", bar, err)
		}
		for i := range width {
			d.dark[image.Pt(x+i, y)] = true
		}
	}
	return d
}
