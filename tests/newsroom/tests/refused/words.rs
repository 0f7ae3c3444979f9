//! Sentences of our own in ten languages: what happened, what somebody said of it, what comes next, and a headline.

/// A language's texts.
pub(crate) struct Words {
    pub(crate) language: &'static str,
    pub(crate) headline: &'static str,
    pub(crate) story: [&'static str; 3],
    /// What a site says where a page is not found: headline and text.
    pub(crate) lost: (&'static str, &'static str),
    /// What it says where a story goes on for payment only.
    pub(crate) pay: &'static str,
}

/// All languages.
pub(crate) const ALL: [Words; 12] = [
    Words {
        language: "en",
        headline: "Lighthouse on the western pier gets a new lamp",
        story: [
            "The lighthouse on the western pier has got a new lamp after forty years, the harbour office said on Tuesday.",
            "Two keepers carried the old one down the hundred and twelve steps and gave it to the town museum.",
            "The new lamp can be seen from twenty miles away and needs a tenth of the power, the engineer in charge said.",
        ],
        lost: (
            "Page not found",
            "Sorry, the page you are looking for does not exist or has been moved. Please check the address or go back to the front page.",
        ),
        pay: "Subscribe now to continue reading this article",
    },
    Words {
        language: "de",
        headline: "Leuchtturm an der Westmole bekommt eine neue Lampe",
        story: [
            "Der Leuchtturm an der Westmole hat nach vierzig Jahren eine neue Lampe bekommen, teilte das Hafenamt am Dienstag mit.",
            "Zwei Wärter trugen die alte die hundertzwölf Stufen hinunter und übergaben sie dem Stadtmuseum.",
            "Die neue Lampe ist zwanzig Meilen weit zu sehen und braucht ein Zehntel des Stroms, sagte der zuständige Ingenieur.",
        ],
        lost: (
            "Seite nicht gefunden",
            "Die von Ihnen gesuchte Seite existiert leider nicht oder wurde verschoben. Bitte prüfen Sie die Adresse oder gehen Sie zur Startseite.",
        ),
        pay: "Jetzt abonnieren und weiterlesen",
    },
    Words {
        language: "fr",
        headline: "Le phare de la jetée ouest reçoit une nouvelle lampe",
        story: [
            "Le phare de la jetée ouest a reçu une nouvelle lampe après quarante ans, a annoncé mardi la capitainerie du port.",
            "Deux gardiens ont descendu l'ancienne par les cent douze marches et l'ont remise au musée de la ville.",
            "La nouvelle lampe est visible à vingt milles et consomme dix fois moins de courant, a précisé l'ingénieur responsable.",
        ],
        lost: (
            "Page introuvable",
            "Désolé, la page que vous recherchez n'existe pas ou a été déplacée. Veuillez vérifier l'adresse ou revenir à la page d'accueil.",
        ),
        pay: "Abonnez-vous pour lire la suite de cet article",
    },
    Words {
        language: "es",
        headline: "El faro del muelle oeste estrena lámpara",
        story: [
            "El faro del muelle oeste estrenó una lámpara después de cuarenta años, informó el martes la oficina del puerto.",
            "Dos fareros bajaron la antigua por los ciento doce escalones y la entregaron al museo de la ciudad.",
            "La nueva lámpara se ve a veinte millas y gasta la décima parte de la energía, dijo el ingeniero responsable.",
        ],
        lost: (
            "Página no encontrada",
            "Lo sentimos, la página que busca no existe o ha sido movida. Compruebe la dirección o vuelva a la portada.",
        ),
        pay: "Suscríbete para seguir leyendo este artículo",
    },
    Words {
        language: "it",
        headline: "Il faro del molo ovest ha una nuova lampada",
        story: [
            "Il faro del molo ovest ha una nuova lampada dopo quarant'anni, ha annunciato martedì la capitaneria di porto.",
            "Due guardiani hanno portato giù quella vecchia per i centododici gradini e l'hanno consegnata al museo della città.",
            "La nuova lampada si vede a venti miglia e consuma un decimo della corrente, ha detto l'ingegnere responsabile.",
        ],
        lost: (
            "Pagina non trovata",
            "Spiacenti, la pagina che stai cercando non esiste o è stata spostata. Controlla l'indirizzo o torna alla pagina iniziale.",
        ),
        pay: "Abbonati per continuare a leggere questo articolo",
    },
    Words {
        language: "pt",
        headline: "Farol do molhe oeste ganha lâmpada nova",
        story: [
            "O farol do molhe oeste ganhou uma lâmpada nova depois de quarenta anos, informou a capitania do porto na terça-feira.",
            "Dois faroleiros desceram a antiga pelos cento e doze degraus e a entregaram ao museu da cidade.",
            "A nova lâmpada é vista a vinte milhas e gasta um décimo da energia, disse o engenheiro responsável.",
        ],
        lost: (
            "Página não encontrada",
            "Desculpe, a página que você procura não existe ou foi movida. Verifique o endereço ou volte para a página inicial.",
        ),
        pay: "Assine para continuar lendo esta reportagem",
    },
    Words {
        language: "nl",
        headline: "Vuurtoren op de westpier krijgt nieuwe lamp",
        story: [
            "De vuurtoren op de westpier heeft na veertig jaar een nieuwe lamp gekregen, meldde het havenkantoor dinsdag.",
            "Twee wachters droegen de oude de honderdtwaalf treden af en gaven hem aan het stadsmuseum.",
            "De nieuwe lamp is twintig mijl ver te zien en gebruikt een tiende van de stroom, zei de verantwoordelijke ingenieur.",
        ],
        lost: (
            "Pagina niet gevonden",
            "Sorry, de pagina die u zoekt bestaat niet of is verplaatst. Controleer het adres of ga terug naar de voorpagina.",
        ),
        pay: "Word abonnee en lees verder",
    },
    Words {
        language: "pl",
        headline: "Latarnia na zachodnim molo ma nową lampę",
        story: [
            "Latarnia na zachodnim molo po czterdziestu latach dostała nową lampę, poinformował we wtorek kapitanat portu.",
            "Dwaj latarnicy znieśli starą po stu dwunastu stopniach i przekazali ją muzeum miejskiemu.",
            "Nową lampę widać z dwudziestu mil i zużywa ona dziesiątą część prądu, powiedział odpowiedzialny inżynier.",
        ],
        lost: (
            "Nie znaleziono strony",
            "Przepraszamy, strona, której szukasz, nie istnieje lub została przeniesiona. Sprawdź adres albo wróć na stronę główną.",
        ),
        pay: "Wykup dostęp, aby czytać dalej",
    },
    Words {
        language: "ru",
        headline: "Маяк на западном молу получил новую лампу",
        story: [
            "Маяк на западном молу получил новую лампу спустя сорок лет, сообщила во вторник администрация порта.",
            "Двое смотрителей снесли старую по ста двенадцати ступеням и передали её городскому музею.",
            "Новую лампу видно за двадцать миль, и она расходует вдесятеро меньше энергии, сказал главный инженер.",
        ],
        lost: (
            "Страница не найдена",
            "К сожалению, страница, которую вы ищете, не существует или была перемещена. Проверьте адрес или вернитесь на главную.",
        ),
        pay: "Оформите подписку, чтобы читать дальше",
    },
    Words {
        language: "ja",
        headline: "西の桟橋の灯台に新しいランプ",
        story: [
            "西の桟橋にある灯台に四十年ぶりに新しいランプが取り付けられたと、港湾事務所が火曜日に発表した。",
            "二人の灯台守が古いランプを百十二段の階段から運び下ろし、町の博物館に寄贈した。",
            "新しいランプは二十海里先からも見え、使う電力は十分の一になると担当の技師は話している。",
        ],
        lost: (
            "ページが見つかりません",
            "申し訳ございません。お探しのページは存在しないか、移動された可能性があります。アドレスをご確認いただくか、トップページにお戻りください。",
        ),
        pay: "この記事は会員限定です。登録して続きを読む",
    },
    Words {
        language: "id",
        headline: "Mercusuar di dermaga barat mendapat lampu baru",
        story: [
            "Mercusuar di dermaga barat mendapat lampu baru setelah empat puluh tahun, kata kantor pelabuhan pada Selasa.",
            "Dua penjaga membawa lampu lama menuruni seratus dua belas anak tangga dan menyerahkannya kepada museum kota.",
            "Lampu baru itu terlihat dari jarak dua puluh mil dan hanya memakai sepersepuluh listrik, kata insinyur yang bertugas.",
        ],
        lost: (
            "Halaman tidak ditemukan",
            "Maaf, halaman yang Anda cari tidak ada atau telah dipindahkan. Silakan periksa alamatnya atau kembali ke beranda.",
        ),
        pay: "Berlangganan untuk melanjutkan membaca artikel ini",
    },
    Words {
        language: "tr",
        headline: "Batı iskelesindeki fenere yeni lamba",
        story: [
            "Batı iskelesindeki fenere kırk yıl sonra yeni bir lamba takıldığını liman idaresi salı günü açıkladı.",
            "İki bekçi eski lambayı yüz on iki basamaktan indirip kent müzesine teslim etti.",
            "Yeni lamba yirmi milden görülebiliyor ve onda bir elektrik harcıyor, dedi görevli mühendis.",
        ],
        lost: (
            "Sayfa bulunamadı",
            "Üzgünüz, aradığınız sayfa mevcut değil veya taşınmış. Lütfen adresi kontrol edin ya da ana sayfaya dönün.",
        ),
        pay: "Haberin devamını okumak için abone olun",
    },
];
