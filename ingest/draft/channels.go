package draft

import "slices"

// Channel is the field of the lane in which a declaration is cleared.
const Channel Property = "channel"

// lanes are the colours of such lanes, folded.
var lanes = wordSet("green,yellow,orange,red,blue,verde,amarillo,naranja,rojo,amarelo,laranja,vermelho,cinza,vert,jaune,rouge,hijau,kuning,merah,xanh,vang,do,xanh la,luong xanh,luong vang,luong do," +
	"yesil,sari,kirmizi,mavi,зеленый,желтый,красный,绿,黄,红,綠,黃,紅,绿色,黄色,红色")

// colours are the words for columns of colours of goods.
var colours = []string{"colour", "color", "couleur", "farbe", "cor", "mau", "warna", "renk", "цвет", "颜色", "顏色"}

// channelled takes a column of these colours for the channel: in Vietnamese lane and quantity differ
// by their tones alone.
func (c *Column) channelled() bool {
	if c.Meaning != (Meaning{}) && c.Meaning != (Meaning{Consignment, "quantity"}) || len(c.values) < 2 || says(c.Name, colours) {
		return false
	}
	if slices.ContainsFunc(c.values, func(v string) bool { return !lanes[plainText(v)] }) {
		return false
	}
	c.Meaning, c.whole = Meaning{Consignment, Channel}, true
	c.say(0.8, "the cells are colours of channels")
	return true
}
