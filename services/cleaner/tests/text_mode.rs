//! Documents that another program extracted before: what must go and what must stay. All texts are our own writing.

use cleaner::extracted::{Extracted, Known};

fn extract(text: &str) -> Extracted {
    let extracted = cleaner::text::extract(text, None, &Known::default());
    assert!(extracted.is_ok(), "{extracted:?}");
    extracted.unwrap_or_default()
}

/// Lines marked with `+` are the story, the one with `=` is the headline, the rest must go.
fn check(marked: &str) {
    let lines: Vec<&str> = marked.lines().map(str::trim).collect();
    let unmarked = |line: &str| line.strip_prefix(['+', '=']).unwrap_or(line).to_owned();
    let text: Vec<String> = lines.iter().map(|line| unmarked(line)).collect();
    let story: Vec<String> = lines
        .iter()
        .filter(|line| line.starts_with('+'))
        .map(|line| unmarked(line))
        .collect();
    let title = lines
        .iter()
        .find(|line| line.starts_with('='))
        .map(|line| unmarked(line))
        .unwrap_or_default();
    let extracted = extract(&text.join("\n"));
    let found: Vec<String> = extracted.blocks.iter().map(|block| block.text.clone()).collect();
    assert_eq!(found, story, "{:#?}", extracted.removed);
    assert_eq!(extracted.title, title);
}

/// A story that must come out whole, headline aside.
fn check_whole(title: &str, story: &str) {
    let lines: Vec<&str> = story.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let extracted = extract(&format!("{title}\n\n{}", lines.join("\n")));
    let found: Vec<&str> = extracted.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(found, lines, "{:#?}", extracted.removed);
    assert_eq!(extracted.title, title);
}

#[test]
fn an_advertisement_first_and_neighbours_last() {
    check(
        "smartwave smartwave

        =Fishing towns sign a pact on shared waters

        Port Authority / Coast Courier Share:
        TIDEPRESS/Lena Moor

        +Officials of nine fishing towns who met on the island of Sund last week signed a pact on shared waters, and promised to keep their boats out of the spawning grounds until the end of May.

        +The pact replaces a patchwork of older rules that the towns had made one by one, said the chair of the meeting, and it gives the harbour masters the right to check each other's catch.

        +“We have fished the same waters for three hundred years,” she said. “It was time to write it down.”

        Previous Article

        Will the old lighthouse ever shine again?

        Next Article

        The chef who only cooks with seaweed",
    );
}

#[test]
fn a_trail_glued_to_the_title_and_a_long_list_of_other_stories() {
    let others = [
        "- Bakery chain to shut a third of its shops, filing in state court reveals",
        "- Heavy fog grounds planes across the northern plain for a fourth day",
        "- His dog ran off in the flood. Two years later a stranger rang the bell, and he could not believe it.",
        "- Analysis: It's unclear whether the tram plan has the votes it needs",
        "- The Money Minute: Your streaming bill is going up again",
        "- Pop star Mila Voss shares first look at her twins",
        "- In bridge trial, engineer testifies, I told them twice that the bolts were wrong",
        "- What is a leap second, and who decides when we need one?",
        "- Record crowd sees Rovers win the cup in extra time",
        "- Volcano tourism is booming. Should it be?",
        "Ranking",
        "- High court orders a new count in the mayor's race",
        "- Your guests will thank you for these seven salads",
        "- Can you return a sofa? How to ask for your money back",
        "- Thieves take $2 million worth of cheese from warehouse, police say",
        "Recommendation",
        "Train to the coast turns back after 'strange noise' in the dining car",
        "'We know how to win': New coach wants to fill the stadium by summer",
        "Winter sales in other words: bargains, queues and one lost glove",
        "How the heads of three banks explained themselves to angry savers",
        "Actress Dana Bell Hugs Grown-Up Son in Holiday Snap",
    ];
    let text = format!(
        "Current:Home > SportRiver states agree to share water in dry years -Quantoria
        =River states agree to share water in dry years
        GoldenPath Wealth Academy
        Date:2025-02-03 04:05:06
        +BASEL (AP) — Ministers of five states along the river, who had quarrelled for a decade over its water, agreed on Friday to share what there is in dry years and to measure it in the same way.
        +The agreement ends a row that began when a drought emptied the lower reservoirs and ships with grain were stuck for weeks. Farmers downstream blamed the dams, and the dams blamed the farmers.
        +“Nobody leaves this table with everything, and nobody leaves it thirsty,” the chair said in the evening.
        +Under the deal each state keeps its own reservoirs but must open them when the gauge at the last bridge falls below two metres.
        nice! (87)
        Related
        {}",
        others.join("\n        ")
    );
    check(&text);
    let extracted = extract(&text.replace(['+', '='], ""));
    assert_eq!(
        extracted.published_at, None,
        "the day of a site that posts again what others wrote"
    );
    assert_eq!(extracted.agency.map(|agency| agency.name).as_deref(), Some("AP"));
}

#[test]
fn a_repeated_title_captions_twice_and_thanks_in_another_language() {
    check(
        "=Island school opens a library on a boat

        Island school opens a library on a boat

        On a windy Tuesday pupils carry boxes of books aboard the old ferry. (Photo: Coast Courier)
        On a windy Tuesday pupils carry boxes of books aboard the old ferry. (Photo: Coast Courier).
        +The school on the smallest of the islands has opened a library on a boat, so that children on the others can borrow books without a day's journey. The boat was a ferry until last year.

        +It calls at six piers a week, always in the morning, and stays until the last child has chosen.

        +“We had more books than shelves and more sea than roads,” the head teacher said.

        Tran Mai

        Terima kasih telah membaca berita ini sampai selesai",
    );
}

#[test]
fn a_comment_form_and_the_day_in_the_first_line() {
    let text = "CoastWatch Online

        Growth of Island Trade Under Review


        Vietnam News Agency, 3 March 2016 – The growth of trade between the islands was the subject of a workshop held in the harbour town on March 3 by the institute for island studies.

        More than eighty traders and scholars took part and spoke about the growth of island trade in the past ten years, about ferries and about fees.

        Leave a Comment

        Your email address will not be published. Required fields are marked *";
    let extracted = extract(text);
    assert_eq!(extracted.title, "Growth of Island Trade Under Review");
    assert_eq!(extracted.blocks.len(), 2);
    assert_eq!(
        extracted.published_at.map(|found| found.at.to_string()).as_deref(),
        Some("2016-03-03T00:00:00.000Z")
    );
    assert!(extracted.authors.is_empty(), "{:?}", extracted.authors);
}

#[test]
fn the_same_cuts_in_other_languages() {
    check(
        "Beranda > Ekonomi > Pelabuhan
        =Pelabuhan baru di pulau utara mulai beroperasi pekan depan
        Oleh: Siti Rahma
        Senin, 7 Maret 2022 10:15 WIB
        Bagikan:
        +Pelabuhan baru di pulau utara mulai beroperasi pekan depan setelah dibangun selama empat tahun, kata kepala dinas perhubungan dalam jumpa pers di kantornya pada hari Senin.
        Baca juga: Harga beras turun di pasar induk
        +Menurut dia, kapal penumpang akan singgah dua kali sehari dan ongkosnya tidak naik sampai akhir tahun.
        +“Warga sudah lama menunggu pelabuhan ini,” ujarnya.
        Tag: pelabuhan, kapal
        Berita Terkait
        Resep sambal matah untuk akhir pekan
        Tim nasional voli menang telak di laga pembuka
        Cuaca buruk, penerbangan ke timur ditunda lagi",
    );
    check(
        "首页 > 国际 > 正文
        =北岛新港口下周开始运营
        来源：海岸信使报
        2022-03-07 10:15
        +经过四年建设，北岛新港口将于下周开始运营，交通部门负责人周一在新闻发布会上表示，客船每天停靠两次，票价到年底不变。
        +他说，居民们等待这个港口已经很久了，第一艘船将在清晨抵达。
        上一篇：周末菜谱推荐
        下一篇：排球队首战大胜
        相关新闻
        东部航班再次延误
        博物馆展出古代陶器",
    );
    check(
        "=El nuevo puerto de la isla norte abre la próxima semana
        Por Ana Lim
        7 de marzo de 2022
        +El nuevo puerto de la isla norte abrirá la próxima semana después de cuatro años de obras, dijo el lunes el director de transporte en una rueda de prensa en su oficina.
        +Los barcos de pasajeros harán escala dos veces al día y el precio del billete no subirá hasta fin de año.
        Gracias por leer hasta el final
        Deja un comentario
        Tu dirección de correo electrónico no será publicada. Los campos obligatorios están marcados con *",
    );
}

#[test]
fn a_link_between_paragraphs_takes_no_paragraph_with_it() {
    check(
        "Startseite > Wirtschaft
        =Neuer Hafen auf der Nordinsel öffnet nächste Woche
        Von Karl Ernst
        07.03.2022, 10:15 Uhr
        +Der neue Hafen auf der Nordinsel öffnet nach vier Jahren Bauzeit in der nächsten Woche, wie der Leiter des Verkehrsamts am Montag mitteilte.
        Lesen Sie auch: Reispreise fallen
        +Passagierschiffe werden zweimal am Tag anlegen, der Fahrpreis bleibt bis zum Jahresende gleich.
        +Das sagen die Anwohner
        +„Wir haben lange gewartet“, sagte eine Fischerin. „Jetzt können die Kinder abends nach Hause.“
        (dpa)
        Danke fürs Lesen
        Vorheriger Artikel
        Volleyballteam verliert zum Auftakt deutlich
        Nächster Artikel
        Museum zeigt antike Keramik",
    );
    check(
        "ホーム > 経済
        =北の島の新しい港、来週開業へ
        2022年3月7日 10時15分
        シェアする
        +北の島の新しい港は、四年間の工事を経て来週開業すると、交通局の局長が月曜日の記者会見で明らかにした。
        +旅客船は一日に二回寄港し、運賃は年末まで据え置かれるという。
        【写真】桟橋で船を待つ住民＝海岸新聞提供
        +「住民は長い間この港を待っていた」と局長は述べた。
        関連記事
        バレーボール代表、初戦で大敗
        アクセスランキング
        1 週末のレシピ
        2 博物館で古代の陶器展",
    );
}

#[test]
fn a_story_without_a_headline_keeps_its_first_sentence() {
    check(
        "+The museum said on Monday that it would close its north wing for two years so that the roof can be mended.
        +Visitors can still see the ship, which was moved to the hall beside the gate in the spring of last year.
        +The director called the decision hard. \"We waited too long,\" she said.
        John Carter
        Why Your Cat Ignores You, According to Science
        Ten Beaches You Must See Before Summer Ends",
    );
}

#[test]
fn other_headlines_go_without_a_heading_or_bullets() {
    check(
        "=Town hall clock to run again after thirty years
        +The clock on the town hall, which stopped in a storm thirty years ago, will run again from Sunday, the council said.
        +Two sisters who learned the trade from their grandfather took it apart in the winter and made forty new wheels.
        Minister Resigns After Leak of Private Letters
        Five Ways to Keep Tomatoes Fresh for a Month
        Champions Lose at Home to Second-Tier Side
        Why Pilots Fear the Northern Lights",
    );
}

#[test]
fn an_interview_comes_out_whole() {
    check_whole(
        "A baker on the price of bread",
        "Why is bread dear?
         Because flour is dear.
         And why is flour dear?
         Ask the weather.
         Will it last?
         I have seen three such years. Each ended.
         What do your customers say?
         They buy half a loaf.",
    );
}

#[test]
fn verse_comes_out_whole() {
    check_whole(
        "The Ferry",
        "Out of the fog a bell,
         under the bell a light,
         under the light a shell
         of iron carrying night
         from one side to the other
         where somebody's young brother
         counts out the fare in rain
         And carries it home again",
    );
}

#[test]
fn lists_within_and_after_prose_stay() {
    check_whole(
        "What the new ferry timetable brings",
        "The harbour office has published the timetable for the summer, and it brings more boats than the last one did.
         What changes
         The office named the following points:
         - Two boats a day to the outer islands
         - A night boat on Fridays
         - Lower fares for pupils
         Passengers who hold a winter card can use it until the end of May, the office said on Tuesday.
         The piers with a night boat are:
         - Sund
         - Northholm
         - Lower Quay",
    );
}

#[test]
fn a_paragraph_that_says_what_forms_say_stays() {
    check_whole(
        "Court rules on newsletters",
        "A court has ruled that shops may not sign up customers for newsletters without asking them first. The case began when a woman who had bought a kettle got ninety letters in a year, and it ended on Monday.
         By Monday evening three shops had said that they would change their forms. Published rules will follow in May, the ministry said.
         Photo shops are not affected, because they send nothing.",
    );
}

#[test]
fn headlines_alone_are_no_article() {
    let list: Vec<String> = (1..20)
        .map(|number| format!("Minister number {number} opens another bridge in the north"))
        .collect();
    assert!(cleaner::text::extract(&list.join("\n"), None, &Known::default()).is_err());
}

#[test]
fn the_headline_of_a_whole_page_stands_by_its_story_and_not_among_its_menus() {
    check(
        "The Quay Gazette
        Home
        Harbour news for the whole coast
        Sport
        Weather
        Boats for sale
        Letters
        Jobs
        Archive
        Subscribe
        Log in
        Most read
        Ferry fares will rise again
        Lighthouse sold to a baker
        =Fishing towns sign a pact on shared waters
        By Lena Moor
        12 May 2026
        Share
        Facebook
        Print
        +Officials of nine fishing towns who met on the island of Sund last week signed a pact on shared waters, and promised to keep their boats out of the spawning grounds until the end of May.
        +The pact replaces a patchwork of older rules that the towns had made one by one, said the chair of the meeting, and it gives the harbour masters the right to check each other's catch.
        +“We have fished the same waters for three hundred years,” she said. “It was time to write it down.”
        +The towns will meet again in autumn, when the first figures on the spawning grounds are expected.
        Leave a comment
        Your name
        Related articles
        Will the old lighthouse ever shine again?
        The chef who only cooks with seaweed
        About us
        Contact
        Privacy policy
        Terms of use
        All rights reserved",
    );
}
