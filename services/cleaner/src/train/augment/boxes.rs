//! What is inserted: boxes around, below and within stories, as designers of many countries build them.

/// Names that designers give to such boxes; some say nothing.
const NAMES: [&str; 16] = [
    "comment-list",
    "thread",
    "c-box",
    "below",
    "discussion__items",
    "post-content",
    "entry",
    "wrap",
    "box-text",
    "rb-12",
    "more",
    "story-next",
    "",
    "article__body",
    "module",
    "sc-xkqpw",
];

/// Words that stand over lists of other stories.
const MORE: [&str; 14] = [
    "More on this",
    "Also",
    "In case you missed it",
    "Mehr dazu",
    "Lesen Sie auch",
    "Lire aussi",
    "Lea también",
    "Leggi anche",
    "Leia mais",
    "Lees ook",
    "Les også",
    "Czytaj też",
    "Baca juga",
    "関連記事",
];

/// The markup of a box of a kind, out of the paragraphs of another story.
pub(super) fn make(paragraphs: &[&str], variant: usize, seed: usize) -> String {
    let name = NAMES[seed % NAMES.len()];
    match variant {
        0 => thread(paragraphs, name, 4 + seed % 12, seed),
        1 => second_article(paragraphs, name, seed),
        2 => appeal(paragraphs, name, seed),
        3 | 4 => links(paragraphs, name, 2 + seed % 6, seed),
        5 => teasers(paragraphs, name, 3 + seed % 5),
        6 => biography(paragraphs, name, seed),
        7 => following(paragraphs, name, seed),
        8 => inline_links(paragraphs, seed),
        9 => consent(paragraphs, name, seed),
        10 => inset(paragraphs, name, seed),
        _ => about(paragraphs, name, seed),
    }
}

/// Whether boxes of this kind stand within the story.
pub(super) fn is_within(variant: usize) -> bool {
    matches!(variant, 3 | 8 | 10)
}

/// Whether this box stands above the story.
pub(super) fn is_above(variant: usize, seed: usize) -> bool {
    matches!(variant, 9) || matches!(variant, 2 | 5) && seed % 5 == 4
}

fn paragraph<'a>(paragraphs: &[&'a str], at: usize) -> &'a str {
    paragraphs
        .get(at % paragraphs.len().max(1))
        .copied()
        .unwrap_or_default()
}

/// The first words of a paragraph, as a headline.
fn headline(text: &str, letters: usize) -> String {
    let end = text.char_indices().nth(letters).map_or(text.len(), |(end, _)| end);
    let cut = &text[..end];
    let whole_words = cut.rfind(' ').filter(|_| end < text.len()).unwrap_or(cut.len());
    cut[..whole_words].trim_end_matches(['.', ',', ';', '。']).to_owned()
}

fn thread(paragraphs: &[&str], name: &str, count: usize, seed: usize) -> String {
    const PEOPLE: [&str; 6] = ["Rosa K.", "tomato77", "J. Meyer", "old_salt", "Anonymous", "María G"];
    const REPLY: [&str; 5] = ["Reply", "Antworten", "Répondre", "Responder", "Balas"];
    let count = if paragraphs.is_empty() { 0 } else { count };
    let items: String = (0..count)
        .map(|index| {
            let person = PEOPLE[(index + seed) % PEOPLE.len()];
            let reply = REPLY[seed % REPLY.len()];
            let text = paragraph(paragraphs, index);
            match seed % 3 {
                0 => format!("<li><div class=\"{name}-item\"><b>{person}</b><span class=\"when\">{} hours ago</span><p>{text}</p><a href=\"#r\">{reply}</a></div></li>", index + 2),
                1 => format!("<div class=\"{name}-item\"><p>{person}, {}.{}.2024 {}:15</p><div>{text}</div></div>", index + 3, 1 + index % 12, index % 24),
                _ => format!("<article class=\"{name}\"><h4>{person}</h4><p>{text}</p><span>{}</span> <a href=\"#r\">{reply}</a></article>", index * 3),
            }
        })
        .collect();
    format!("<div class=\"{name}\"><h3>{count} Comments</h3><ul>{items}</ul></div>")
}

fn second_article(paragraphs: &[&str], name: &str, seed: usize) -> String {
    let body: String = paragraphs
        .iter()
        .take(3 + seed % 9)
        .map(|text| format!("<p>{text}</p>"))
        .collect();
    let head = headline(paragraph(paragraphs, 0), 60);
    match seed % 3 {
        0 => format!("<article class=\"{name}\"><h2><a href=\"/next\">{head}</a></h2>{body}</article>"),
        1 => format!("<div class=\"{name}\"><h1>{head}</h1><div class=\"{name}\">{body}</div></div>"),
        _ => format!("<section><h2>{head}</h2><div>{body}</div></section>"),
    }
}

/// What an endless page loads behind the story: whole articles, built as the first one is.
fn following(paragraphs: &[&str], name: &str, seed: usize) -> String {
    let count = 1 + seed % 3;
    let size = paragraphs.len().div_ceil(count).max(1);
    paragraphs
        .chunks(size)
        .map(|part| {
            let body: String = part.iter().map(|text| format!("<p>{text}</p>")).collect();
            let head = headline(paragraph(part, 0), 70);
            let byline = match seed % 4 {
                0 => "<p class=\"byline\">By Ana Lim</p><time>3 May 2024</time>",
                1 => "<span>J. Meyer</span><span>12.05.2024, 14:30</span>",
                2 => "<div class=\"meta\">May 4, 2024</div>",
                _ => "",
            };
            format!("<article class=\"{name}\"><header><h1>{head}</h1>{byline}</header><figure><img src=\"/a.jpg\"><figcaption>{}</figcaption></figure><div class=\"{name}\">{body}</div></article>", headline(paragraph(part, 1), 80))
        })
        .collect()
}

fn appeal(paragraphs: &[&str], name: &str, seed: usize) -> String {
    let text = paragraph(paragraphs, seed);
    match seed % 6 {
        0 => format!(
            "<div class=\"{name}\"><p><b>Before you go:</b> we have no owner but our readers. {text}</p><p>Give what you can today, from two euros a month.</p><a href=\"/give\">Give now</a></div>"
        ),
        1 => format!(
            "<div class=\"{name}\"><p>Our reporting is free for all because some of our readers pay for it. If you can, please consider a gift of any size to our newsroom.</p><p>{text}</p><a href=\"/give\">Donate</a></div>"
        ),
        2 => format!(
            "<div class=\"{name}\"><h4>Never miss a story</h4><p>Get our letter every morning, free of charge. {text}</p><form><input name=\"mail\"></form></div>"
        ),
        3 => format!(
            "<div class=\"{name}\"><p>Unabhängiger Journalismus kostet Geld. Unterstützen Sie uns mit einem Abo oder einer Spende.</p><p>{text}</p></div>"
        ),
        4 => format!(
            "<div class=\"{name}\"><p>Notre rédaction vit de ses lecteurs. Soutenez-nous par un abonnement ou par un don, à partir d'un euro par mois.</p><p>{text}</p></div>"
        ),
        _ => format!(
            "<div class=\"{name}\"><p>El periodismo independiente te necesita. Hazte socio desde cinco euros al mes y recibe nuestro boletín.</p><p>{text}</p></div>"
        ),
    }
}

fn biography(paragraphs: &[&str], name: &str, seed: usize) -> String {
    let text = headline(paragraph(paragraphs, seed), 160);
    let words = match seed % 7 {
        0 => {
            "Ana Lim writes about the coast and its people. She joined the desk in 2012 after ten years with a daily in the capital, and has won two prizes for her reports."
        }
        1 => {
            "J. Meyer is a senior correspondent who covers trade and the seas. Reach him by mail at the newsroom, or follow him where he posts."
        }
        2 => {
            "Rosa Kern, Jahrgang 1979, ist Redakteurin im Ressort Politik und schreibt über Verkehr und Städte. Zuvor arbeitete sie als freie Autorin."
        }
        3 => "Paul Morin est journaliste au service économie. Il suit les transports et l'énergie depuis dix ans.",
        4 => {
            "María Gil es redactora de la sección de Sociedad. Ha trabajado antes en la radio y es máster en periodismo."
        }
        5 => "Anna Berg är reporter på nyhetsredaktionen. Hon har tidigare skrivit om sport och kultur.",
        _ => "Luca Neri è redattore dal 2009. Si occupa di esteri e ha pubblicato due libri di viaggio.",
    };
    match seed % 4 {
        0 => format!("<div class=\"{name}\"><img src=\"/a.jpg\"><h4>About the author</h4><p>{words}</p></div>"),
        1 => format!("<p><i>{words}</i></p>"),
        2 => format!("<hr><p>{words} {text}.</p>"),
        _ => format!(
            "<div class=\"{name}\"><div><b>{}</b></div><div>{words}</div><a href=\"/a\">@desk</a></div>",
            headline(words, 10)
        ),
    }
}

fn links(paragraphs: &[&str], name: &str, count: usize, seed: usize) -> String {
    let heads: Vec<String> = paragraphs.iter().take(count).map(|text| headline(text, 70)).collect();
    let more = MORE[seed % MORE.len()];
    match seed % 4 {
        0 => format!(
            "<div class=\"{name}\"><h3>{more}</h3><ul>{}</ul></div>",
            heads
                .iter()
                .map(|head| format!("<li><a href=\"/x\">{head}</a></li>"))
                .collect::<String>()
        ),
        1 => heads
            .iter()
            .take(2)
            .map(|head| format!("<p><b>{more}: <a href=\"/x\">{head}</a></b></p>"))
            .collect(),
        2 => heads
            .iter()
            .take(3)
            .map(|head| format!("<p><a href=\"/x\">{head}</a></p>"))
            .collect(),
        _ => format!(
            "<aside>{}</aside>",
            heads.iter().map(|head| format!("<p>{head}</p>")).collect::<String>()
        ),
    }
}

/// Links to other stories as paragraphs of their own, between those of the story.
fn inline_links(paragraphs: &[&str], seed: usize) -> String {
    let head = headline(paragraph(paragraphs, seed), 75);
    let more = MORE[seed % MORE.len()];
    match seed % 6 {
        0 => format!("<p><strong>{more}: </strong><a href=\"/x\">{head}</a></p>"),
        1 => format!("<p>{more} | <a href=\"/x\">{head}</a></p>"),
        2 => format!("<p><a href=\"/x\"><strong>{head}</strong></a></p>"),
        3 => format!("<p>&gt;&gt; <a href=\"/x\">{head}</a> &lt;&lt;</p>"),
        4 => format!("<blockquote><p>{more}<br><a href=\"/x\">{head}</a></p></blockquote>"),
        _ => format!("<ul><li><a href=\"/x\">{head}</a></li></ul>"),
    }
}

fn teasers(paragraphs: &[&str], name: &str, count: usize) -> String {
    let cards: String = paragraphs
        .iter()
        .take(count)
        .map(|text| {
            let (head, lead) = (headline(text, 50), headline(text, 180));
            format!("<div class=\"{name}-card\"><a href=\"/x\"><h3>{head}</h3></a><p>{lead}</p><time>2 days ago</time></div>")
        })
        .collect();
    format!("<div class=\"{name}\">{cards}</div>")
}

fn consent(paragraphs: &[&str], name: &str, seed: usize) -> String {
    let partner = headline(paragraph(paragraphs, seed), 40);
    match seed % 3 {
        0 => format!(
            "<div class=\"{name}\"><h2>We value your privacy</h2><p>We and our partners store and read information on your device, such as cookies, to measure and to show advertisements that fit you. You can change your mind at any time in the settings at the foot of the page.</p><p>Partners process your data on the ground of legitimate interest. {partner}</p><a href=\"#\">Accept all</a></div>"
        ),
        1 => format!(
            "<div class=\"{name}\"><p>Wir und unsere Partner verarbeiten personenbezogene Daten, um Inhalte und Anzeigen auszuspielen und ihre Leistung zu messen. Die Einwilligung kann jederzeit widerrufen werden.</p><a href=\"#\">Alle akzeptieren</a></div>"
        ),
        _ => format!(
            "<div class=\"{name}\"><p>At this place you find content of another service that adds to the article. It is shown only after you agree that data is sent there. {partner}</p><a href=\"#\">Show content</a></div>"
        ),
    }
}

/// A box within the story: the start of another one, with its headline and a link.
fn inset(paragraphs: &[&str], name: &str, seed: usize) -> String {
    let text = paragraph(paragraphs, seed);
    let (head, lead) = (headline(text, 60), headline(text, 150));
    match seed % 3 {
        0 => format!("<div class=\"{name}\"><a href=\"/x\"><h4>{head}</h4><p>{lead}</p></a></div>"),
        1 => format!(
            "<aside class=\"{name}\"><h3>{head}</h3><p>{lead}</p><a href=\"/x\">Read the full story</a></aside>"
        ),
        _ => format!(
            "<figure class=\"{name}\"><img src=\"/b.jpg\"><figcaption>{lead}. Photo: A. Lim</figcaption></figure>"
        ),
    }
}

/// What companies and papers say of themselves below their texts.
fn about(paragraphs: &[&str], name: &str, seed: usize) -> String {
    let text = headline(paragraph(paragraphs, seed), 120);
    match seed % 4 {
        0 => format!(
            "<div class=\"{name}\"><h3>About the company</h3><p>Founded in 1987, the company builds and runs ferries on three seas and has more than two thousand people on its pay-roll. {text}.</p></div>"
        ),
        1 => format!(
            "<p><strong>Disclaimer:</strong> This text is for information only and no advice to buy or to sell. {text}.</p>"
        ),
        2 => format!(
            "<p><em>Editor's note: links in this text may earn us a commission. {text}.</em></p><p><em>This piece was first published elsewhere and is used with permission.</em></p>"
        ),
        _ => format!(
            "<div class=\"{name}\"><p>Have you seen something? Send us a tip or a picture by mail or by messenger; we read everything.</p><p>© 2024. All rights reserved. No part of this text may be used again without a licence.</p></div>"
        ),
    }
}
