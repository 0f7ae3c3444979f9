//! Pages that hold no article.

use super::words::{ALL, Words};
use super::{Sample, framed};

/// All of them. The first word of a name is the kind.
pub(crate) fn all() -> Vec<Sample> {
    let mut pages = Vec::new();
    for words in &ALL {
        let (title, text) = words.lost;
        pages.push(sample(
            "error",
            words,
            framed(title, "", &format!("<h1>{title}</h1><p>{text}</p>")),
        ));
        pages.push(sample("stub", words, stub(words)));
    }
    for (index, words) in ALL.iter().enumerate() {
        for shape in 0..2 {
            let name = ["front", "tag", "search", "author", "endless"][(index + shape) % 5];
            let html = listing(words, 12 + 4 * index, shape == 1, name);
            pages.push(sample(&format!("listing {name}"), words, html));
        }
    }
    pages.extend(notices());
    pages.extend(pictures());
    pages.extend(scripts());
    pages
}

fn sample(name: &str, words: &Words, html: String) -> Sample {
    Sample {
        name: format!("{name} {}", words.language),
        html,
    }
}

/// A list of stories: headlines, some with a sentence of each and a date.
fn listing(words: &Words, count: usize, with_teasers: bool, name: &str) -> String {
    let items: String = (0..count)
        .map(|index| {
            let teaser = words.story[index % 3];
            let teaser = if with_teasers { format!("<p class=teaser>{} {teaser}</p>", index + 7) } else { String::new() };
            let headline = words.headline;
            format!(
                "<article class=card><h2><a href='/{name}/{index}'>{headline} ({index})</a></h2><time>2026-11-{:02}</time>{teaser}\
                 </article>",
                1 + index % 28
            )
        })
        .collect();
    let title = ["All stories", "Topic: harbour", "142 results"][count % 3];
    framed(
        title,
        "",
        &format!("<h1>{title}</h1><section class=list>{items}</section><a href='?page=2'>2</a>"),
    )
}

/// The beginning of a story that goes on for payment only.
fn stub(words: &Words) -> String {
    let start: String = words.story[0]
        .chars()
        .take(words.story[0].chars().count() * 3 / 4)
        .collect();
    let content = format!(
        "<article><h1>{}</h1><p>{start} …</p></article><div class=paywall><p>{}</p><a href='/login'>Log in</a></div>",
        words.headline, words.pay
    );
    framed(
        words.headline,
        "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\"headline\":\"The lamp\",\"isAccessibleForFree\":false}</script>",
        &content,
    )
}

/// What sites put in place of a page: kind, headline and text.
const NOTICES: [(&str, &str, &str); 10] = [
    (
        "moved",
        "This page has moved",
        "The page that you asked for has a new address. You will be taken there in five seconds.",
    ),
    (
        "maintenance",
        "We will be back soon",
        "Our site is down for maintenance. We are working on it and expect to be back by six in the evening. Thank you for your patience.",
    ),
    (
        "maintenance",
        "Wartungsarbeiten",
        "Unsere Seite wird gerade gewartet. Wir sind in Kürze wieder für Sie da und bitten um Ihr Verständnis.",
    ),
    (
        "login",
        "Log in to your account",
        "Please log in with your e-mail address and password to see this page. Not registered yet? Create an account.",
    ),
    (
        "login",
        "Anmelden",
        "Bitte melden Sie sich mit Ihrer E-Mail-Adresse und Ihrem Passwort an, um diese Seite zu sehen.",
    ),
    (
        "gone",
        "This article is no longer available",
        "The rights to this story have ended, so that we can't show it any more.",
    ),
    (
        "gone",
        "Dieser Artikel ist nicht mehr verfügbar",
        "Die Rechte an diesem Beitrag sind abgelaufen, wir können ihn daher nicht mehr zeigen.",
    ),
    (
        "busy",
        "Service unavailable",
        "The server can't answer your request right now because too many people ask at the same time. Please try again later.",
    ),
    (
        "region",
        "Not available in your region",
        "We are sorry, but this site is not available in the country that you are visiting from.",
    ),
    (
        "consent",
        "Your privacy",
        "We and our partners store cookies on your device to show you personal advertisements and measure their performance. Accept all or manage your choices.",
    ),
];

/// A page for each notice.
fn notices() -> Vec<Sample> {
    NOTICES
        .iter()
        .enumerate()
        .map(|(index, (name, title, text))| Sample {
            name: format!("{name} {index}"),
            html: framed(title, "", &format!("<h1>{title}</h1><p>{text}</p>")),
        })
        .collect()
}

/// Galleries, and videos with a line of text.
fn pictures() -> Vec<Sample> {
    let mut pages = Vec::new();
    for index in 0..4 {
        let pictures: String = (0..20)
            .map(|number| format!("<figure><img src='/{number}.jpg' alt=''><figcaption>Lamp {number} of {index}. Photo: M. Quist</figcaption></figure>"))
            .collect();
        pages.push(Sample {
            name: format!("gallery {index}"),
            html: framed(
                "Pictures of the lighthouse",
                "",
                &format!("<h1>Pictures of the lighthouse</h1>{pictures}"),
            ),
        });
        let head = "<meta property=og:type content=video.other>";
        let content = "<h1>Watch: the new lamp is lit</h1><div class=player><video src='/a.mp4'></video></div><p>1:42</p>\
            <p>12,345 views</p><button>Share</button>";
        pages.push(Sample {
            name: format!("video {index}"),
            html: framed("Watch: the new lamp is lit", head, content),
        });
    }
    pages
}

/// Pages that are nothing before their scripts have run, and gates that want to see them run.
fn scripts() -> Vec<Sample> {
    let program = "window.state={stories:[1,2,3]};".repeat(400);
    let shells = [
        "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>",
        "<noscript><p>Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.</p></noscript><div id=app></div>",
        "<div id=__next></div>",
        "<div id=root><div class=spinner>Loading…</div></div>",
        "<p>Please enable JavaScript and cookies to continue</p><div id=challenge></div>",
        "<h1>Just a moment...</h1><p>Checking your browser before you go on. This site needs JavaScript.</p>",
    ];
    let page = |(index, shell): (usize, &&str)| Sample {
        name: format!("script {index}"),
        html: format!(
            "<!DOCTYPE html><html><head><title>Harbour Post</title></head><body>{shell}<script>{program}</script></body></html>"
        ),
    };
    shells.iter().enumerate().map(page).collect()
}
