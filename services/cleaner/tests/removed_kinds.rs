//! What is cut is told by its right name: the boxes that sites put around stories, in three languages.

use cleaner::extracted::{Known, RemovedKind as Kind};

/// A language: three paragraphs of a story, and the boxes around it.
struct Site {
    story: [&'static str; 3],
    boxes: &'static [(Kind, &'static str)],
}

const ENGLISH: Site = Site {
    story: [
        "The ferry to the outer islands left the new pier at dawn on Monday, ten years after the storm that took the old one.",
        "Four hundred people waved from the quay until the boat was out of sight, the harbour office said in the afternoon.",
        "Two boats a day will run until the spring, when a third one is expected from the yard across the bay.",
    ],
    boxes: &[
        (
            Kind::Share,
            "<div class='share-bar'><a href='#f'>Share on Facebook</a> <a href='#w'>Share on WhatsApp</a></div>",
        ),
        (
            Kind::Cookie,
            "<div id='cookie-banner'><p>We use cookies to give you the best experience on our site. Accept all or choose.</p></div>",
        ),
        (
            Kind::Related,
            "<div class='related'><h3>Related stories</h3><ul><li><a href='/a'>The storm that took the pier</a></li><li><a href='/b'>Who pays for the third boat</a></li></ul></div>",
        ),
        (
            Kind::Newsletter,
            "<div class='newsletter-box'><p>Sign up for our newsletter and get the news of the coast every morning.</p></div>",
        ),
        (
            Kind::AuthorBio,
            "<div class='author-bio'><p>Mara Quist is a reporter at the Daily Tide. She writes about ships and ports.</p></div>",
        ),
        (
            Kind::Caption,
            "<figure><img src='a.jpg'><figcaption>The ferry on its first morning. Photo: Jon Vale</figcaption></figure>",
        ),
        (
            Kind::Comments,
            "<section id='comments'><h3>3 Comments</h3><div class='comment'><p>I was there with my whole family, and it was cold.</p></div></section>",
        ),
        (
            Kind::Paywall,
            "<div class='paywall'><p>Subscribe to continue reading</p></div>",
        ),
        (
            Kind::Tags,
            "<div class='tags'><a href='/t/ferry'>ferry</a> <a href='/t/harbour'>harbour</a></div>",
        ),
        (Kind::Copyright, "<p>© 2026 Daily Tide. All rights reserved.</p>"),
        (
            Kind::PreviousNext,
            "<div class='post-links'><a href='/p'>Previous article</a> <br> <a href='/n'>Next article</a></div>",
        ),
    ],
};

const GERMAN: Site = Site {
    story: [
        "Die Fähre zu den äußeren Inseln legte am Montag im Morgengrauen vom neuen Anleger ab, zehn Jahre nach dem Sturm.",
        "Vierhundert Menschen winkten am Kai, bis das Schiff außer Sicht war, teilte das Hafenamt am Nachmittag mit.",
        "Bis zum Frühjahr fahren zwei Schiffe am Tag, dann wird ein drittes von der Werft jenseits der Bucht erwartet.",
    ],
    boxes: &[
        (
            Kind::Share,
            "<div class='teilen'><a href='#f'>Auf Facebook teilen</a> <a href='#w'>Per WhatsApp teilen</a></div>",
        ),
        (
            Kind::Cookie,
            "<div class='cmp-layer'><p>Wir verwenden Cookies, um Inhalte zu personalisieren. Alle akzeptieren oder Einstellungen wählen.</p></div>",
        ),
        (
            Kind::Related,
            "<div class='mehr'><h3>Mehr zum Thema</h3><ul><li><a href='/a'>Der Sturm, der den Anleger mitnahm</a></li><li><a href='/b'>Wer das dritte Schiff bezahlt</a></li></ul></div>",
        ),
        (
            Kind::Newsletter,
            "<div class='newsletter'><p>Abonnieren Sie unseren Newsletter mit den Nachrichten von der Küste.</p></div>",
        ),
        (
            Kind::AuthorBio,
            "<div class='author-box'><p>Mara Quist ist Redakteurin der Küstenzeitung. Sie schreibt über Schiffe und Häfen.</p></div>",
        ),
        (
            Kind::Caption,
            "<figure><img src='a.jpg'><figcaption>Die Fähre an ihrem ersten Morgen. Foto: Jon Vale</figcaption></figure>",
        ),
        (
            Kind::Comments,
            "<section id='kommentare'><h3>3 Kommentare</h3><div class='kommentar'><p>Ich war mit der ganzen Familie dort, und es war kalt.</p></div></section>",
        ),
        (
            Kind::Paywall,
            "<div class='piano'><p>Exklusiv für Abonnenten: Jetzt weiterlesen</p></div>",
        ),
        (
            Kind::Tags,
            "<div class='tag-list'><a href='/t/f'>Fähre</a> <a href='/t/h'>Hafen</a></div>",
        ),
        (Kind::Copyright, "<p>© 2026 Küstenzeitung. Alle Rechte vorbehalten.</p>"),
        (
            Kind::PreviousNext,
            "<div class='post-links'><a href='/p'>Vorheriger Artikel</a> <br> <a href='/n'>Nächster Artikel</a></div>",
        ),
    ],
};

const SPANISH: Site = Site {
    story: [
        "El transbordador de las islas exteriores zarpó el lunes al amanecer del muelle nuevo, diez años después del temporal.",
        "Cuatrocientas personas saludaron desde el puerto hasta perder de vista el barco, informó por la tarde la capitanía.",
        "Hasta la primavera saldrán dos barcos al día, y entonces se espera un tercero del astillero del otro lado de la bahía.",
    ],
    boxes: &[
        (
            Kind::Share,
            "<div class='compartir'><a href='#f'>Compartir en Facebook</a> <a href='#w'>Compartir en WhatsApp</a></div>",
        ),
        (
            Kind::Cookie,
            "<div class='consent'><p>Utilizamos cookies propias y de terceros para mejorar la navegación. Aceptar o configurar.</p></div>",
        ),
        (
            Kind::Related,
            "<div class='relacionadas'><h3>Noticias relacionadas</h3><ul><li><a href='/a'>El temporal que se llevó el muelle</a></li><li><a href='/b'>Quién paga el tercer barco</a></li></ul></div>",
        ),
        (
            Kind::Newsletter,
            "<div class='boletin'><p>Suscríbete a nuestro boletín y recibe cada mañana las noticias de la costa.</p></div>",
        ),
        (
            Kind::AuthorBio,
            "<div class='autor author-info'><p>Mara Quist es periodista del Diario de la Marea. Escribe sobre barcos y puertos.</p></div>",
        ),
        (
            Kind::Caption,
            "<figure><img src='a.jpg'><figcaption>El transbordador en su primera mañana. Foto: Jon Vale</figcaption></figure>",
        ),
        (
            Kind::Comments,
            "<section id='comentarios'><h3>3 comentarios</h3><div class='comentario'><p>Estuve allí con toda la familia y hacía mucho frío.</p></div></section>",
        ),
        (
            Kind::Paywall,
            "<div class='muro'><p>Suscríbete para seguir leyendo</p></div>",
        ),
        (
            Kind::Tags,
            "<div class='etiquetas tags'><a href='/t/b'>barcos</a> <a href='/t/p'>puertos</a></div>",
        ),
        (
            Kind::Copyright,
            "<p>© 2026 Diario de la Marea. Todos los derechos reservados.</p>",
        ),
        (
            Kind::PreviousNext,
            "<div class='post-links'><a href='/p'>Artículo anterior</a> <br> <a href='/n'>Artículo siguiente</a></div>",
        ),
    ],
};

#[test]
fn boxes_around_stories_are_cut_and_named() {
    let mut wrong = Vec::new();
    for site in [ENGLISH, GERMAN, SPANISH] {
        for (kind, markup) in site.boxes {
            let story = site.story.map(|text| format!("<p>{text}</p>")).concat();
            let page =
                format!("<html><title>x</title><body><main><article>{story}</article>{markup}</main></body></html>");
            let Ok(extracted) = cleaner::html::extract(&page, None, &Known::default()) else {
                wrong.push(format!("{kind:?}: no article"));
                continue;
            };
            assert!(
                site.story.iter().all(|text| extracted.text().contains(text)),
                "{}",
                extracted.text()
            );
            let cut: Vec<_> = extracted
                .removed
                .iter()
                .map(|cut| (cut.kind, cut.text.as_str()))
                .collect();
            if cut.is_empty() || cut.iter().any(|(found, _)| found != kind) || extracted.blocks.len() != 3 {
                wrong.push(format!("{kind:?}: {cut:?}, {} blocks", extracted.blocks.len()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
