package identity

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
)

// quietZone is the light margin around a QR code in modules, without which cameras miss it
// (ISO/IEC 18004, section 9.1).
const quietZone = 4

// moduleSize is the side of one module of the PNG in pixels.
const moduleSize = 6

// EnrolmentJSON is an enrolment as it is shown, once, to whom it is for.
type EnrolmentJSON struct {
	Secret    string    `json:"secret" doc:"Base32, for authenticators without a camera"`
	URL       string    `json:"url" doc:"The otpauth address that the pictures hold"`
	PNG       []byte    `json:"png" doc:"The QR code"`
	SVG       string    `json:"svg" doc:"The same QR code"`
	ExpiresAt time.Time `json:"expires_at" doc:"When it can no longer be confirmed"`
}

// JSON draws the pictures.
func (e Enrolment) JSON() (EnrolmentJSON, error) {
	code, err := qr.Encode(e.URL, qr.M, qr.Auto)
	if err != nil {
		return EnrolmentJSON{}, fmt.Errorf("draw a QR code: %w", err)
	}
	m := modules{code}
	picture, err := m.png()
	return EnrolmentJSON{Secret: e.Secret, URL: e.URL, PNG: picture, SVG: m.svg(), ExpiresAt: e.ExpiresAt}, err
}

// modules are the squares of a QR code, one pixel each, without a quiet zone.
type modules struct{ image.Image }

// side is the length of a picture in modules.
func (m modules) side() int { return m.Bounds().Dx() + 2*quietZone }

// dark tells whether a module is; all those of the quiet zone are light.
func (m modules) dark(x, y int) bool {
	at := image.Pt(x-quietZone, y-quietZone)
	return at.In(m.Bounds()) && color.GrayModel.Convert(m.At(at.X, at.Y)).(color.Gray).Y == 0
}

func (m modules) png() ([]byte, error) {
	side := m.side() * moduleSize
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if m.dark(x/moduleSize, y/moduleSize) {
				picture.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, picture)
	return b.Bytes(), err
}

// svg draws each run of dark modules as one rectangle of a single path, a module being one unit.
func (m modules) svg() string {
	var path strings.Builder
	side := m.side()
	for y := range side {
		for x := 0; x < side; x++ {
			from := x
			for m.dark(x, y) {
				x++
			}
			if run := x - from; run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, run, run)
			}
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, side, side, side, side, path.String())
}
