//! Copies are found and other articles kept apart in languages with and without spaces, on texts of our own writing.

use deduper::deduper::{Article, Config, Deduper};

use crate::{HOUR, NOON, article, joined, take};

/// One language: a story, how an editor changes it, and another story of the same place and kind.
struct Language {
    name: &'static str,
    title: &'static str,
    paragraphs: [&'static str; 4],
    /// A wording of the story and what an editor makes of it.
    edit: (&'static str, &'static str),
    /// A paragraph that another outlet puts before it.
    added: &'static str,
    other: (&'static str, &'static str),
}

const LANGUAGES: [Language; 9] = [
    Language {
        name: "English",
        title: "Bridge over the Tamsel closed for repairs",
        paragraphs: [
            "The old bridge over the river Tamsel will be closed to cars for eleven weeks from Monday, because inspectors \
found cracks in two of its iron girders.",
            "Pedestrians and cyclists may still cross on the northern side, the roads office of Linden said on Friday. \
Buses take the ford road and need twelve minutes more.",
            "The repair costs 2.4 million crowns. The bridge was built in 1911 and carries nine thousand cars on a working \
day.",
            "Shopkeepers in the lower town fear for their Christmas trade and ask for free parking beyond the river.",
        ],
        edit: ("for eleven weeks from Monday", "for almost three months"),
        added: "Drivers in the valley have to be patient once again, as our reporter found out this weekend.",
        other: (
            "Linden opens a ferry for the time of the repairs",
            "A small ferry carries passengers over the river Tamsel from Tuesday while the bridge is being repaired. It \
holds forty people, runs every quarter of an hour until nine in the evening and costs nothing, the mayor said when she \
named the boat after a lock keeper of the last century.",
        ),
    },
    Language {
        name: "Indonesian",
        title: "Jembatan tua di Sungai Tamsel ditutup untuk perbaikan",
        paragraphs: [
            "Jembatan tua di atas Sungai Tamsel akan ditutup bagi mobil selama sebelas pekan mulai Senin karena petugas \
menemukan retakan pada dua balok besinya.",
            "Pejalan kaki dan pesepeda masih boleh melintas di sisi utara, kata dinas jalan Kota Linden pada Jumat. Bus \
melewati jalan lain dan membutuhkan waktu dua belas menit lebih lama.",
            "Perbaikan itu menelan biaya 2,4 miliar rupiah. Jembatan dibangun pada 1911 dan dilalui sembilan ribu mobil \
setiap hari kerja.",
            "Para pedagang di kota bawah khawatir akan penjualan akhir tahun dan meminta parkir gratis di seberang sungai.",
        ],
        edit: ("selama sebelas pekan mulai Senin", "selama hampir tiga bulan"),
        added: "Para pengemudi di lembah itu kembali harus bersabar, demikian pantauan wartawan kami akhir pekan ini.",
        other: (
            "Perahu penyeberangan dibuka selama perbaikan",
            "Sebuah perahu kecil mengangkut penumpang menyeberangi Sungai Tamsel mulai Selasa selama jembatan diperbaiki. \
Perahu itu memuat empat puluh orang, berangkat setiap lima belas menit sampai pukul sembilan malam, dan tidak dipungut \
biaya, kata wali kota ketika memberi nama perahu tersebut.",
        ),
    },
    Language {
        name: "Vietnamese",
        title: "Cầu cũ qua sông Tam đóng cửa để sửa chữa",
        paragraphs: [
            "Cây cầu cũ bắc qua sông Tam sẽ cấm ô tô trong mười một tuần kể từ thứ Hai, vì các thanh tra phát hiện vết nứt \
ở hai dầm sắt.",
            "Người đi bộ và xe đạp vẫn được qua ở phía bắc, sở giao thông thị xã Linden cho biết hôm thứ Sáu. Xe buýt đi \
đường vòng và mất thêm mười hai phút.",
            "Chi phí sửa chữa là 2,4 tỷ đồng. Cầu được xây năm 1911 và mỗi ngày làm việc có chín nghìn lượt ô tô qua lại.",
            "Các chủ cửa hàng ở khu phố dưới lo cho việc buôn bán cuối năm và xin chỗ đỗ xe miễn phí bên kia sông.",
        ],
        edit: ("trong mười một tuần kể từ thứ Hai", "trong gần ba tháng"),
        added: "Các tài xế trong thung lũng lại phải kiên nhẫn, phóng viên của chúng tôi ghi nhận cuối tuần này.",
        other: (
            "Mở bến đò trong thời gian sửa cầu",
            "Một chiếc đò nhỏ chở khách sang sông từ thứ Ba trong lúc cầu được sửa. Đò chở được bốn mươi người, cứ mười \
lăm phút có một chuyến đến chín giờ tối và không thu tiền, bà thị trưởng nói khi đặt tên cho con đò theo một người gác \
cống của thế kỷ trước.",
        ),
    },
    Language {
        name: "Spanish",
        title: "Cierran por obras el viejo puente del Tamsel",
        paragraphs: [
            "El viejo puente sobre el río Tamsel quedará cerrado a los coches durante once semanas desde el lunes, porque \
los inspectores hallaron grietas en dos de sus vigas de hierro.",
            "Peatones y ciclistas podrán cruzar por el lado norte, informó el viernes la oficina de carreteras de Linden. \
Los autobuses darán un rodeo y tardarán doce minutos más.",
            "La reparación cuesta 2,4 millones de coronas. El puente se construyó en 1911 y soporta nueve mil coches cada \
día laborable.",
            "Los comerciantes de la ciudad baja temen por las ventas de Navidad y piden aparcamiento gratuito al otro lado.",
        ],
        edit: ("durante once semanas desde el lunes", "durante casi tres meses"),
        added: "Los conductores del valle tendrán que armarse otra vez de paciencia, según comprobó este diario.",
        other: (
            "Una barca cruzará el río mientras duren las obras",
            "Una pequeña barca llevará pasajeros de una orilla a otra del Tamsel a partir del martes. Caben cuarenta \
personas, sale cada cuarto de hora hasta las nueve de la noche y es gratis, dijo la alcaldesa al bautizarla con el nombre \
de un antiguo guarda de la esclusa.",
        ),
    },
    Language {
        name: "German",
        title: "Alte Tamselbrücke wegen Reparatur gesperrt",
        paragraphs: [
            "Die alte Brücke über die Tamsel wird von Montag an für elf Wochen für Autos gesperrt, weil Prüfer Risse in \
zwei ihrer eisernen Träger gefunden haben.",
            "Fußgänger und Radfahrer dürfen auf der Nordseite weiter hinüber, teilte das Straßenamt von Linden am Freitag \
mit. Busse fahren einen Umweg und brauchen zwölf Minuten länger.",
            "Die Reparatur kostet 2,4 Millionen Kronen. Die Brücke wurde 1911 gebaut und trägt an einem Werktag \
neuntausend Autos.",
            "Händler in der Unterstadt fürchten um ihr Weihnachtsgeschäft und bitten um kostenlose Parkplätze am anderen \
Ufer.",
        ],
        edit: ("wird von Montag an für elf Wochen", "wird fast drei Monate lang"),
        added: "Autofahrer im Tal müssen wieder einmal Geduld haben, wie unser Reporter am Wochenende erfuhr.",
        other: (
            "Linden lässt während der Bauzeit eine Fähre fahren",
            "Eine kleine Fähre bringt ab Dienstag Fahrgäste über die Tamsel, solange gebaut wird. Sie fasst vierzig \
Personen, legt bis neun Uhr abends jede Viertelstunde ab und kostet nichts, sagte die Bürgermeisterin, als sie das Boot \
auf den Namen eines früheren Schleusenwärters taufte.",
        ),
    },
    Language {
        name: "Chinese",
        title: "塔姆河老桥因维修封闭",
        paragraphs: [
            "塔姆河上的老桥将从星期一起对汽车封闭十一周，因为检查人员在两根铁梁上发现了裂缝。",
            "林登市道路局星期五表示，行人和自行车仍可从北侧通过。公共汽车改走浅滩路，行程增加十二分钟。",
            "维修费用为二百四十万克朗。这座桥建于1911年，工作日每天有九千辆汽车通过。",
            "下城的店主担心年底的生意，要求在河对岸提供免费停车位。",
        ],
        edit: ("将从星期一起对汽车封闭十一周", "将对汽车封闭近三个月"),
        added: "本报记者周末走访发现，山谷里的司机又要多一些耐心了。",
        other: (
            "维修期间林登开通渡船",
            "老桥维修期间，一艘小渡船从星期二起运送乘客过河。渡船可载四十人，每一刻钟一班，一直开到晚上九点，不收费用。市长在给船命名时说，\
船名取自上个世纪的一位船闸看守人。",
        ),
    },
    Language {
        name: "Japanese",
        title: "タムゼル川の古い橋、補修で通行止め",
        paragraphs: [
            "タムゼル川にかかる古い橋が月曜日から十一週間、車両通行止めになる。点検で鉄桁二本に亀裂が見つかったためだ。",
            "歩行者と自転車は北側を引き続き通行できると、リンデン市の道路課が金曜日に発表した。バスは迂回し、所要時間は十二分長くなる。",
            "補修費は二百四十万クローネ。橋は1911年に建設され、平日には九千台の車が通る。",
            "下町の商店主らは年末の売り上げを心配し、対岸での無料駐車場を求めている。",
        ],
        edit: ("月曜日から十一週間、車両通行止めになる", "三か月近く車両通行止めになる"),
        added: "谷間の運転者たちはまたしても辛抱を強いられそうだと、本紙記者は週末の取材で感じた。",
        other: (
            "補修の間は渡し船を運航",
            "橋の補修が続く間、小さな渡し船が火曜日から乗客を対岸へ運ぶ。定員は四十人で、夜九時まで十五分おきに出て、運賃は無料だという。市長は前世紀の\
水門番にちなんで船に名前を付けた。",
        ),
    },
    Language {
        name: "Korean",
        title: "탐젤강 낡은 다리 보수로 통행금지",
        paragraphs: [
            "탐젤강을 가로지르는 낡은 다리가 월요일부터 십일 주 동안 자동차 통행이 금지된다. 점검에서 철제 들보 두 개에 금이 간 것이 발견됐기 때문이다.",
            "보행자와 자전거는 북쪽으로 계속 건널 수 있다고 린덴시 도로과가 금요일 밝혔다. 버스는 우회하며 십이 분이 더 걸린다.",
            "보수 비용은 이백사십만 크로네다. 다리는 1911년에 세워졌으며 평일에는 자동차 구천 대가 지나간다.",
            "아랫마을 상인들은 연말 장사를 걱정하며 강 건너편에 무료 주차장을 마련해 달라고 요청했다.",
        ],
        edit: ("월요일부터 십일 주 동안", "석 달 가까이"),
        added: "골짜기의 운전자들은 다시 한번 참을성을 가져야 할 것으로 보인다고 본지 기자가 주말에 전했다.",
        other: (
            "보수 기간 나룻배 운항",
            "다리를 고치는 동안 작은 나룻배가 화요일부터 승객을 강 건너로 나른다. 정원은 마흔 명이고 밤 아홉 시까지 십오 분마다 떠나며 요금은 받지 않는다고 \
시장이 배에 옛 수문지기의 이름을 붙이며 말했다.",
        ),
    },
    Language {
        name: "Thai",
        title: "สะพานเก่าข้ามแม่น้ำทัมเซลปิดซ่อม",
        paragraphs: [
            "สะพานเก่าข้ามแม่น้ำทัมเซลจะปิดไม่ให้รถยนต์ผ่านเป็นเวลาสิบเอ็ดสัปดาห์ตั้งแต่วันจันทร์ เพราะผู้ตรวจพบรอยร้าวในคานเหล็กสองท่อน",
            "คนเดินเท้าและจักรยานยังข้ามทางด้านเหนือได้ สำนักงานทางหลวงเมืองลินเดนกล่าวเมื่อวันศุกร์ รถเมล์ต้องอ้อมและใช้เวลาเพิ่มสิบสองนาที",
            "ค่าซ่อมอยู่ที่สองล้านสี่แสนโครน สะพานสร้างขึ้นในปี 1911 และมีรถผ่านวันละเก้าพันคันในวันทำงาน",
            "เจ้าของร้านในย่านเมืองล่างเป็นห่วงยอดขายปลายปีและขอที่จอดรถฟรีอีกฝั่งของแม่น้ำ",
        ],
        edit: ("เป็นเวลาสิบเอ็ดสัปดาห์ตั้งแต่วันจันทร์", "นานเกือบสามเดือน"),
        added: "คนขับรถในหุบเขาต้องอดทนกันอีกครั้ง ผู้สื่อข่าวของเราพบเมื่อสุดสัปดาห์ที่ผ่านมา",
        other: (
            "เปิดเรือข้ามฟากระหว่างซ่อมสะพาน",
            "เรือลำเล็กจะรับส่งผู้โดยสารข้ามฝั่งตั้งแต่วันอังคารระหว่างที่ซ่อมสะพาน เรือจุได้สี่สิบคน ออกทุกสิบห้านาทีจนถึงสามทุ่ม และไม่คิดค่าโดยสาร \
นายกเทศมนตรีกล่าวขณะตั้งชื่อเรือตามชื่อคนเฝ้าประตูน้ำในศตวรรษก่อน",
        ),
    },
];

/// A deduper that has seen the stories of all languages.
fn newsroom() -> Deduper {
    let mut deduper = Deduper::new(Config::default());
    for language in &LANGUAGES {
        let text = language.paragraphs.join("\n\n");
        let first = take(
            &mut deduper,
            &article(language.name, "agency", language.title, &text),
            NOON,
        );
        assert_eq!(joined(&first), None, "{}", language.name);
    }
    deduper
}

#[test]
fn an_edited_copy_is_found_in_every_language() {
    let deduper = newsroom();
    for language in &LANGUAGES {
        let Language { name, edit, added, .. } = language;
        let [lead, second, third, last] = language.paragraphs;
        let edited = lead.replace(edit.0, edit.1);
        assert_ne!(edited, lead, "{name}");
        for (kind, paragraphs) in [
            ("whole", vec![lead, second, third, last]),
            ("cut", vec![lead, second]),
            ("edited and cut", vec![&edited, second, third]),
            ("with a paragraph added", vec![added, lead, second, third, last]),
            ("with paragraphs moved", vec![lead, third, second, last]),
        ] {
            let text = paragraphs.join("\n\n");
            let copy = Article {
                published: Some(NOON + HOUR),
                ..article("copy", "paper", language.title, &text)
            };
            let outcome = deduper.decide(&copy, NOON + HOUR);
            assert_eq!(joined(&outcome), Some(*name), "{name}, {kind}");
        }
    }
}

#[test]
fn another_article_is_kept_apart_in_every_language() {
    let deduper = newsroom();
    for language in &LANGUAGES {
        let (title, text) = language.other;
        let outcome = deduper.decide(&article("other", "paper", title, text), NOON + HOUR);
        assert_eq!(joined(&outcome), None, "{}", language.name);
    }
}
