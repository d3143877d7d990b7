package draft

// vietnamese are the words of Vietnamese declarations with the short forms that offices write:
// NK and XK for what comes in and goes out, DN for a company, HQ for the customs.
var vietnamese = []vocable{
	{sense{subject: "importer"}, "dn nk,doanh nghiep nk,cong ty nk,don vi nk,nguoi nk,doanh nghiep nhap khau,cong ty nhap khau,don vi nhap khau,doi tac nhap khau,doi tac nk"},
	{sense{subject: "exporter"}, "dn xk,doanh nghiep xk,cong ty xk,don vi xk,nguoi xk,doanh nghiep xuat khau,cong ty xuat khau,don vi xuat khau,doi tac xuat khau,doi tac xk"},
	{sense{subject: "importer", weak: true}, "nk,dn,doanh nghiep,cong ty,nguoi mua,ben mua"},
	{sense{subject: "exporter", weak: true}, "xk,doi tac,doi tac nuoc ngoai,nguoi ban,ben ban"},
	{sense{subject: "declarant"}, "dai ly hq,dai ly hai quan,dai ly lam thu tuc,dai ly khai hq,nguoi khai hq,nguoi khai hai quan,nguoi khai"},
	{sense{subject: "office", weak: true}, "hq"},
	{sense{subject: "office"}, "chi cuc hq,cuc hq,chi cuc,don vi hq,co quan hai quan"},
	{sense{subject: "origin"}, "nuoc xx,xx,nuoc xuat xu,nuoc sx"},
	{sense{subject: "departure"}, "nuoc xk"},
	{sense{subject: "destination"}, "nuoc nk,nuoc den"},
	{sense{subject: "loading"}, "cang xep hang,cang xep,dia diem xep hang,dd xep hang"},
	{sense{subject: "discharge"}, "cang do hang,cang do,dia diem do hang,dd do hang,cua khau nhap,cua khau nk"},
	{sense{Consignment, Number, false}, "so tk,to khai hq,so to khai hq"},
	{sense{Consignment, Document, false}, "so vd,van don,so van don"},
	{sense{Consignment, Date, false}, "ngay dk,ngay dang ky,ngay tk,ngay thong quan"},
	{sense{Consignment, "value", false}, "tri gia nt,tri gia nguyen te"},
	{sense{Consignment, "currency", false}, "nguyen te,ma nt,loai tien,ngoai te"},
	{sense{Consignment, "quantity", false}, "luong"},
	{sense{Consignment, "unit", false}, "dvt"},
	{sense{Consignment, "procedure", false}, "loai hinh,ma loai hinh,ma lh"},
	{sense{Consignment, Channel, false}, "phan luong,luong to khai"},
	{sense{Consignment, "duty", false}, "thue,thue nk,thue xk,thue nhap khau,thue xuat khau,thue gtgt"},
	{sense{Consignment, Result, false}, "kiem hoa,ket qua kiem hoa,kq kiem hoa"},
}
