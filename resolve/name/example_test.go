package name_test

import (
	"fmt"

	"rummage/resolve/name"
)

func ExampleExplain() {
	a := name.Prepare(name.Company, "深圳市華強電子有限公司")
	b := name.Prepare(name.Company, "Shenzhen Hua Qiang Electronics Co., Ltd.")
	e := name.Explain(a, b)
	fmt.Println("one party:", e.Score >= 0.5)
	for _, p := range e.Pairs {
		fmt.Printf("%s = %s: %s, worth %.2f\n", p.A, p.B, p.How, p.Rarity)
	}
	fmt.Println("legal forms:", e.FormA, "and", e.FormB)
	// Output:
	// one party: true
	// 华强 (huaqiang) = hua qiang: joined, worth 1.40
	// 深圳市 (shenzhenshi) = shenzhen: same meaning, worth 0.35
	// 电子 (dianzi) = electronics: same meaning, worth 0.25
	// legal forms: 有限公司 and Company Limited
}
