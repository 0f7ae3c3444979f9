//! Articles of our own writing.

/// A story of agency length.
pub(crate) const FERRY: (&str, &str) = (
    "Ferry with 212 aboard runs aground off Karst Island, all rescued",
    "PORT ALMA, June 3 (Coastal Press) - A passenger ferry with 212 people aboard ran aground on a sandbank off Karst \
Island early on Wednesday, and all of them were brought to safety within six hours, the harbour authority said.\n\n\
The vessel, the Northern Heron, was on its way from Port Alma to Sorrel Bay when it left the marked channel in thick \
fog at about 4:40 a.m., according to Captain Ines Varga, who heads the authority's rescue service.\n\n\
Nine passengers were treated for bruises and two crew members for smoke, after a pump in the engine room overheated. \
Nobody was seriously hurt.\n\n\
\"We heard a long scrape and then everything stood still,\" said Tomas Lindgren, a teacher who was travelling with 31 \
pupils. \"The crew handed out blankets and told jokes until the boats came.\"\n\n\
The operator, Alma Lines, said the ship had passed its yearly inspection in March. It was built in 1998 and refitted \
in 2016 at a cost of 14.5 million crowns.\n\n\
Divers found no leak in the hull, and tugs were expected to pull the ferry free at high tide on Thursday. The channel \
stays closed to vessels of more than 500 tonnes until then.\n\n\
It was the third grounding off Karst Island in five years. Fishermen have asked for a second light on the southern \
spit since 2021, a request that the transport ministry has put off twice for lack of money.",
);

/// Another reporter's story of the same event, with one of the same quotes.
pub(crate) const FERRY_OTHER_REPORTER: (&str, &str) = (
    "Fog blamed as island ferry gets stuck with school class on board",
    "Thirty-one pupils and their teacher spent a cold morning on the deck of a stranded ship on Wednesday, wrapped in \
grey blankets and waiting for the lifeboats of Sorrel Bay.\n\n\
Their ferry had missed the entrance to the strait in dense fog and slid onto the flats near Karst Island before dawn. \
By eleven o'clock the last of more than two hundred travellers had stepped onto the quay, where the Red Cross served \
soup.\n\n\
\"We heard a long scrape and then everything stood still,\" teacher Tomas Lindgren told reporters. One girl had sung \
to calm the smaller children, he recalled.\n\n\
Local skippers were not surprised. The flats shift every winter, they say, and a lamp that was promised years ago has \
never been put up. \"You steer by memory here,\" said Oda Brekke, who fishes for shrimp.\n\n\
An inquiry will look at the radar records of the ship. Prosecutors in the district capital declined to say whether \
they are investigating the captain.",
);

/// A market note in a fixed form.
pub(crate) fn market(day: &str, index: &str, points: &str, volume: &str, leader: &str) -> String {
    format!(
        "The Alma Stock Exchange closed on {day} with its main index at {index} points, a change of {points} points from \
the day before.\n\nTurnover reached {volume} million crowns. {leader} led the gainers, while shipping shares were the \
weakest.\n\nTraders said that investors were waiting for the central bank's decision on interest rates next week. The \
index counts the forty largest companies of the exchange."
    )
}

/// A short notice.
pub(crate) const BRIEF: (&str, &str) = (
    "Sorrel Bay library reopens after flood repairs",
    "The public library of Sorrel Bay opens its doors again on Monday, eleven months after a burst main flooded its \
reading rooms.\n\nSome 6,400 volumes were lost, head librarian Petra Holm said, but the town's sea charts of 1780 were \
saved.",
);

/// Scripts without spaces between words.
pub(crate) const JAPANESE: (&str, &str) = (
    "港町の図書館、浸水から再開",
    "ソレル湾の公共図書館は月曜日、水道管の破裂による浸水から十一か月ぶりに再開する。館長のペトラ・ホルム氏によると、約六千四百冊が\
失われたが、町の古い海図は無事だった。改修費は三百万クローネで、半分は保険で賄われ、残りは町が負担した。再開の日には子ども向けの朗読会が\
開かれる予定だ。",
);

/// A language with accents that some outlets leave out.
pub(crate) const VIETNAMESE: (&str, &str) = (
    "Thư viện thị trấn mở cửa trở lại sau trận ngập",
    "Thư viện công cộng của thị trấn ven biển sẽ mở cửa trở lại vào thứ Hai, mười một tháng sau khi ống nước vỡ làm ngập \
các phòng đọc. Khoảng 6.400 cuốn sách đã bị mất, giám đốc Petra Holm cho biết, nhưng những tấm hải đồ cổ vẫn còn nguyên \
vẹn. Chi phí sửa chữa là ba triệu, một nửa do bảo hiểm chi trả, phần còn lại do thị trấn chịu.",
);

/// Stories that have nothing to do with the others, except that they end alike.
pub(crate) const BACKGROUND: [(&str, &str); 4] = [
    (
        "Council votes to plant 2,000 trees along the ring road",
        "The city council of Alma voted on Tuesday to plant 2,000 trees along the ring road before the end of next year, \
after a debate that lasted into the night. Lime and hornbeam were chosen because they stand salt and drought.\n\nRead more \
on our website and follow us for the latest news from the region. All rights reserved by Gazette Media.",
    ),
    (
        "Cheesemaker of Dunmere wins national prize for the third time",
        "For the third time in a row the national cheese prize goes to the Dunmere dairy of Greta Olsen, whose blue cheese \
ripens for fourteen weeks in an old slate mine. The jury tasted 340 entries over two days.\n\nRead more on our website and \
follow us for the latest news from the region. All rights reserved by Gazette Media.",
    ),
    (
        "Night trains to return between the capital and the coast",
        "Sleeping cars will run again between the capital and the coast from December, the state railway announced, eight \
years after the last night train was withdrawn. Tickets start at 49 crowns and go on sale in September.\n\nRead more on our \
website and follow us for the latest news from the region. All rights reserved by Gazette Media.",
    ),
    (
        "Hospital strike enters second week without talks",
        "Nurses at the district hospital walked out for a second week on Monday, and neither side spoke of new talks. The \
union asks for one nurse to eight beds at night; the hospital trust says that it cannot find the 60 people this would \
take.\n\nRead more on our website and follow us for the latest news from the region. All rights reserved by Gazette Media.",
    ),
];
